"""Dynamic analysis: drag measures and dimensions into a table or a chart (QC-DWH Điều 3.2b)."""
