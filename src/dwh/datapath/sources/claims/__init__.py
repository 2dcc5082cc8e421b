"""Source «Giám định BHYT (QC-DWH Điều 4.3)»."""
