"""An answer as a table people read: header tree and cells, and the words that stand around it.

Pure: screen, spreadsheet and printed page are made from the same arrangement (QC-DWH Điều 3.2).
"""
