"""Runs of the data path: sync, build, publish; watched, stopped, retried, scheduled (QC-DWH Điều 12.2, 12.5)."""
