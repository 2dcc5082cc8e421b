"""Failed rows of a release as the desk reads them: held, rejected or accepted, by state, check, unit and age."""
