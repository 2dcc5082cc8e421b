"""Columns worked out over an answer: the period before, growth, shares, ranks, averages, the nation, a formula.

A question with calculations becomes plain questions (shifted, widened, per parent, of another subject) and their
answers become one. Pure: the gate brings what asks a plain question. Nothing is added up that does not add up.
Source: QC-DWH Điều 3.2b; docs/adr/0022.
"""
