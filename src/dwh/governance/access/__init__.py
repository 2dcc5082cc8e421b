"""Accounts, groups and grants: who may enter and what he may do (QC-DWH chương I và III).

Decided by the authorities of Điều 6; carried out by the IT Centre and the provinces.
"""
