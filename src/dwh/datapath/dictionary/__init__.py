"""The data dictionary: what every table, column and figure is, and where its values come from.

Duty of the units that define the data they need (QĐ-2366 Điều 10.2.1) and of the IT units that answer for its
correctness (QĐ-3582 III.2b). It is generated from the contracts, the headers and SQL of the models and the subjects:
nobody writes it twice. It holds names only, never a value.
"""
