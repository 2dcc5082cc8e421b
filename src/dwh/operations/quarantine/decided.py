"""What the pages show of decisions: what one would do, what was decided about a row, which wait for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from dwh.governance import desk
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of
from dwh.governance.decisions.models import Decision, DecisionQuerySet
from dwh.governance.decisions.orders import Preview
from dwh.governance.decisions.rules import (
    APPROVAL_FROM_VND,
    DECIDABLE,
    REASON_CHARS,
    STATE_LABELS,
    VERDICT_LABELS,
    State,
    Verdict,
    may_approve,
    may_undo,
)
from dwh.governance.desk import RowPage
from dwh.kernel import vi
from dwh.kernel.org.services import name_of
from dwh.operations.quarantine import page, words
from dwh.operations.quarantine.content import changed_of, values_of
from dwh.operations.quarantine.forms import Address

UNITS_NAMED = 5
_HEADINGS = {
    Verdict.ACCEPT: "Nhận {rows} dòng vào số liệu",
    Verdict.REJECT: "Loại {rows} dòng khỏi số liệu",
    Verdict.FIX: "Đề nghị sửa {rows} dòng ở nguồn",
}
_EFFECTS = {
    Verdict.ACCEPT: "Từ lượt tổng hợp sau, các dòng này vào số liệu và mang cờ «đã chấp nhận». Dòng sửa ở nguồn thì "
    "kiểm tra hỏi lại từ đầu.",
    Verdict.REJECT: "Từ lượt tổng hợp sau, các dòng này được đếm là đã loại và không vào số liệu, dù kiểm tra sau này "
    "có đạt. Dòng sửa ở nguồn thì kiểm tra hỏi lại từ đầu.",
    Verdict.FIX: "Các dòng này vẫn giữ lại và hiện là «đã đề nghị sửa». Khi dòng đúng về từ nguồn, dòng tự vào "
    "số liệu.",
}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision as it is listed, with what this person may do to it. `left`: rows still not fixed at the source."""

    made: Decision
    org_name: str
    check_label: str
    left: int | None
    may_approve: bool
    may_undo: bool


def preview_context(found: Preview, address: Address, *, error: str = "") -> dict[str, Any]:
    """Return the context of the page that says what a decision would do."""
    order, units = found.order, page.units_words(found.by_unit)
    return {
        "found": found, "address": address, "order": order, "error": error, "label": VERDICT_LABELS[order.verdict],
        "heading": _HEADINGS[order.verdict].format(rows=vi.number(found.rows)), "what": _EFFECTS[order.verdict],
        "units": units[:UNITS_NAMED], "more_units": len(units[UNITS_NAMED:]),
        "months": words.months_words(found.months), "effect": page.effect(found.lacking),
        "check_label": words.check_label(order.choice.check) if order.choice.check else "",
        "chosen": [f"{table}:{key}" for table, key in order.choice.rows], "fewest": REASON_CHARS,
        "limit": APPROVAL_FROM_VND, "back": address.to(),
    }  # fmt: skip


def row_context(found: RowPage, today: date) -> dict[str, Any]:
    """Return the context of the page of one row."""
    line = found.line
    days, overdue = words.age_of(line.first_seen, today)
    return {
        "found": found, "line": line, "key": f"{line.table}:{line.id}", "days": days, "is_overdue": overdue,
        "table_label": words.table_label(line.table), "source_label": words.source_label(line.source),
        "state": words.state_words(line.state, is_locked=found.is_locked),
        "reasons": [(code, words.check_label(code)) for code in line.checks],
        "flags": [(code, words.check_label(code)) for code in line.flags],
        "values": values_of(line), "versions": [(one, changed_of(line.table, one.changed)) for one in found.versions],
        "effect": page.effect(found.lacking),
        "may_choose": found.may_decide and line.state in DECIDABLE, "verdicts": VERDICT_LABELS,
        "decisions": [(made, _moments(made)) for made in found.decisions],
    }  # fmt: skip


def _moments(made: Decision) -> list[tuple[Any, str, str]]:
    """Return (when, what happened, by whom) of a decision, first to last."""
    found = [(made.decided_at, made.get_verdict_display(), made.decided_by.full_name)]
    if made.approved_at and made.approved_by:
        found.append((made.approved_at, "Duyệt", made.approved_by.full_name))
    if made.closed_at and made.closed_by:
        found.append(
            (made.closed_at, f"{made.get_state_display()}: {made.closed_reason}", made.closed_by.full_name)
        )
    if made.handed_at:
        found.append((made.handed_at, "Lượt tổng hợp đã đọc", ""))
    return found


def lines_of(decisions: Sequence[Decision], viewer: Account) -> list[DecisionLine]:
    """Return the decisions as `viewer` sees them."""
    fixes = [made for made in decisions if made.verdict == Verdict.FIX and made.state == State.HANDED]
    left = desk.fixes_left(fixes) if fixes else {}
    return [
        DecisionLine(
            made, name_of(made.org_code), words.check_label(made.check_code) if made.check_code else "mọi lý do",
            left.get(made.pk), may_approve(made.state, made.decided_by_id, viewer.pk), may_undo(made.state),
        )
        for made in decisions
    ]  # fmt: skip


def counts(seen: DecisionQuerySet) -> list[tuple[str, str, int]]:
    """Return (state, label, how many) of the decisions seen."""
    found = dict(seen.order_by().values_list("state").annotate(n=Count("pk")))
    return [(str(state), label, found.get(state, 0)) for state, label in STATE_LABELS.items()]


def waiting_for(viewer: Account, today: date) -> int:
    """Return how many acceptances wait for this person's approval."""
    if "quarantine:decide" not in permissions_of(viewer, today):
        return 0
    return (
        desk.decisions_seen_by(viewer, today).filter(state=State.PROPOSED).exclude(decided_by=viewer).count()
    )


def said(made: Decision) -> str:
    """Return what a person is told after the act."""
    about = f"Quyết định số {made.pk}, {vi.number(made.rows)} dòng, {vi.number(made.vnd)} đồng"
    if made.state == State.PROPOSED:
        most = vi.number(APPROVAL_FROM_VND)
        return f"{about}: chờ người khác duyệt, vì một người tự nhận không quá {most} đồng một ngày."
    if made.verdict == Verdict.FIX:
        return f"{about}: đã đề nghị đơn vị sửa ở nguồn; dòng đúng về thì tự vào số liệu."
    return (
        f"{about}: đã ghi; có hiệu lực từ lượt tổng hợp sau. Trước đó còn hoàn tác được ở «Các quyết định»."
    )
