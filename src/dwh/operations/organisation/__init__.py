"""The organisation in time: which units stood on a day, and the reorganisations entered, previewed, approved, undone.

Duty of the central application administrators (QC-DWH Điều 12.5); a new unit, a merger or a renaming takes effect on
its day, by its paper, and nothing of the past is written over (docs/adr/0017).
"""
