"""Requests for change: from a unit over its head and the Lãnh đạo Ngành to the IT Centre; and sources that changed.

Duty of every unit (QC-DWH Điều 8.4), of the IT Centre (Điều 10.4), of the units that define data (QĐ-2366 Điều 10.2.1).
"""
