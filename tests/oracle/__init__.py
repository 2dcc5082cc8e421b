"""A second opinion: the same questions answered from the source databases with Polars, by other code.

It reads the SQLite files as the sources wrote them, applies the holding rules and the organisation's
history on its own, and answers a Query document. It imports nothing of `dwh`: not its SQL, not its catalogue,
not its formulas. What it shares is data: the code lists of the warehouse seeds.
"""
