"""Exports: an answer as a workbook, a printed page or plain data, logged each time (QĐ-2366 Điều 5.3, 9.6)."""
