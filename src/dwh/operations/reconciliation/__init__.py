"""Figures beside their source: control totals, what explains a difference, who signed, which discrepancy is open.

Duty of the IT Centre (QC-DWH Điều 10.5) and of the units that own the business (Điều 8.2, 11.4).
"""
