"""The figures beside their sources: control totals of both, compared cell by cell (QC-DWH Điều 10.5)."""
