"""Sharing what people keep (analyses, boards): who sees it, who may share it with whom, who decides.

Whose duty: QĐ-3582 II.4.4 (sharing follows the approval of the head of the unit).
"""
