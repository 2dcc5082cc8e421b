"""From landed batches to a published release: standardise, check, build, publish (QC-DWH Điều 4, 12)."""
