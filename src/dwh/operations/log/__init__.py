"""The automatic log as people may read it: their own records, their area's, or all (QĐ-2366 Điều 4.2.4)."""
