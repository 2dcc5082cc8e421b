"""The source systems: what each promises (contract), how it is read, and what of it has landed.

Source: QC-DWH Điều 4 (which systems feed the warehouse), Điều 12.2 (their synchronisation is watched).
"""
