"""Where one figure of a report comes from: source tables, counts of their rows, load batches (QĐ-3582 III.2b)."""
