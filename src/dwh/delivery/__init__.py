"""What the analysts use: reports, analysis, dashboards, exports (QC-DWH Điều 3.2)."""
