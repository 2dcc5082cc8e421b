"""Decisions about failed rows: who decided what, why, and who approved it; handed to the builds as immutable files.

Duty of the application administrators, central and of the provinces (QC-DWH Điều 12.5).
"""
