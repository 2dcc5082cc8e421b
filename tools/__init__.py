"""Checks and generators for those who work on the repository."""
