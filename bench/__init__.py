"""Side-by-side timings: the program beside the raw engine and beside peers."""
