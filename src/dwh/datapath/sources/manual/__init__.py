"""Planned loads of exported tables: found by their headers, previewed, approved by another person, landed once.

QĐ-2366 Điều 5.1: data are entered through business software, or by the plan of the sector.
"""
