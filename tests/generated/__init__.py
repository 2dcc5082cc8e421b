"""A third opinion: a small, nasty star made of plain Python rows, and every question about it answered in plain Python.

The rows follow the subjects' YAML, read here as data: so a new subject, measure or dimension is asked at once. They
hold what goes wrong in practice: pointers without a member, attributes that are missing, merged provinces, several
numbers of one person, units without the last period, negative money, a leap February, Tết months. `expected` shares
no code with `dwh.datapath.semantic`.
"""
