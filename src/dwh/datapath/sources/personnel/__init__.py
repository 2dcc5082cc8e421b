"""Source «Quản lý nhân sự (QC-DWH Điều 4.6)»."""
