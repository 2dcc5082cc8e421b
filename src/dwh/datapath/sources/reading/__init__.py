"""Bringing one table of the landing area up to date: what is read, in which order, and what of it is known already."""
