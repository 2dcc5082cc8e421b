"""«Từ điển dữ liệu»: what every table, column and figure is and where it comes from, to be looked up and followed.

Duty of the units that define the data they need (QĐ-2366 Điều 10.2.1) and of the IT units (QĐ-3582 III.2b).
"""
