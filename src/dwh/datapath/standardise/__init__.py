"""From landed rows to staging or to quarantine: the checks of the contracts as SQL, and the two scans they steer."""
