"""Documents everyone prints: one computed `Table` value, written as XLSX and as PDF with the same numbers.

Pages do not know each other (house §3), so what reports, pivots and registers share about paper lives here.
"""
