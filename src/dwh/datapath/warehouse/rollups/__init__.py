"""Tables added up beforehand: what they are, how a release makes them, and the persons they hold as bitmaps."""
