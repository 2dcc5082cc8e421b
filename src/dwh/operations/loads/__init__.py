"""Files that are loaded: claim files by the IT Centre, exports by plan, prepared by one person and approved by another.

QĐ-2366 Điều 5.1 (data come through business software or by plan), QC-DWH Điều 4.3.
"""
