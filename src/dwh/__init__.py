"""The governed central data warehouse of Vietnam Social Security (QC-DWH Điều 3.1)."""
