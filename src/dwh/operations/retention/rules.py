"""What a decision to remove a release must say, and whether it still holds. Pure functions over plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dwh.kernel.errors import Invalid
from dwh.kernel.law import QD_2366, cites

SHORTEST_REASON = 20  # characters; ours: a removal for good needs more than a word
_RELEASE = re.compile(r"\d{4}-\d{2}-\d{2}\.\d{1,4}")


@dataclass(frozen=True, slots=True)
class Paper:
    """An authority's decision as it stands on paper. `decided_by`: name and post of who signed it."""

    release_id: str
    decided_by: str
    document_no: str
    decided_on: date
    reason: str


@cites(QD_2366.art("4.2.3"))
def read_paper(paper: Paper, today: date) -> Paper:
    """Return the decision with its words trimmed.

    Raises:
        Invalid: it names no release, nobody who decided, no number, no day or one to come, or no reason.
    """
    words = Paper(
        paper.release_id.strip(),
        paper.decided_by.strip(),
        paper.document_no.strip(),
        paper.decided_on,
        paper.reason.strip(),
    )
    if not _RELEASE.fullmatch(words.release_id):
        raise Invalid("Hãy ghi mã bản công bố như 2026-11-22.1.")
    if len(words.decided_by) < 5 or "/" not in words.document_no:
        raise Invalid("Hãy ghi họ tên, chức vụ người quyết định và số văn bản như 15/QĐ-BHXH.")
    if words.decided_on > today:
        raise Invalid("Hãy ghi ngày của văn bản, không sau hôm nay.")
    if len(words.reason) < SHORTEST_REASON:
        raise Invalid(f"Hãy ghi lý do xóa bằng một câu (ít nhất {SHORTEST_REASON} ký tự).")
    return words


def state_of(*, used: bool, withdrawn: bool) -> str:
    """Return where a decision stands, in words."""
    return "đã thực hiện" if used else "đã rút" if withdrawn else "chưa thực hiện"
