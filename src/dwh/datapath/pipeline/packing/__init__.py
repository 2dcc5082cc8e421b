"""What a release hands to readers: the tables of its serving database, and the counts for its manifest."""
