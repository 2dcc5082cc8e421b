"""Fixed reports: a person enters parameters and runs; the same computed table is shown, printed and exported.

Whose duty: QC-DWH Điều 3.2a. A report is data (definitions/*.yaml); every figure is asked through the gate.
"""
