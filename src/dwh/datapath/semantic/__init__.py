"""The words people ask in: subjects, dimensions, measures, indicators. A Query in, an Answer out.

No users, no clock, no engine: the gate brings the scope, the warehouse runs the SQL.
Source: QC-DWH Điều 3.2b.
"""
