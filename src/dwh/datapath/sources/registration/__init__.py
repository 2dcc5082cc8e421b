"""Source «Cấp mã số BHXH và quản lý BHYT hộ gia đình (QC-DWH Điều 4.5)»."""
