"""Source «Quản lý định danh và chia sẻ dữ liệu (QC-DWH Điều 4.8)»."""
