"""What administrators use: runs, sync, quarantine, the log (QC-DWH Điều 12)."""
