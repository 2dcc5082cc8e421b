"""The demonstration: source systems in miniature and an IAM of its own. Invented people and data."""
