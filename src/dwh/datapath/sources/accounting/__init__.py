"""Kế toán tập trung (KTTT): documents, entries, balances, budgets, funding, settlements. QC-DWH Điều 4.4."""
