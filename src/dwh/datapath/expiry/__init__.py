"""Removes a published release under an approved decision, with the parts nothing else needs."""
