"""Source «Phần mềm Thu và quản lý sổ, thẻ (QC-DWH Điều 4.1)»."""
