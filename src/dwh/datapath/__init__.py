"""The data path: plain Python and SQL. No Django, no users, no clock of its own (house §4)."""
