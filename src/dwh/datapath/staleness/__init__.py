"""What the next build would make again and why, told before it: QC-DWH Điều 12.5. Nothing is written."""
