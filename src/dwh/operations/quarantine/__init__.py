"""The desk «Dữ liệu lỗi»: failed rows, what figures lack them, and what is decided about them (QC-DWH Điều 12.5)."""
