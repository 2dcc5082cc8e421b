"""The organisation: units as a dated tree, and the plain scope a right gives over it."""
