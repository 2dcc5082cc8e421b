"""Source «Xét duyệt chính sách (QC-DWH Điều 4.2)»."""
