"""Saved analyses: kept, found, shared, opened under the rights of whoever opens; no figure is kept (QĐ-3582 II.4.4)."""
