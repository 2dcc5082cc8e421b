"""Words everyone shares: errors, actors, the calendar, the law, the organisation, the log."""
