"""Source «Giao dịch điện tử (QC-DWH Điều 4.7)»."""
