"""What is said beside an answer: the area it covers, and a filter value that names nobody the person may see.

A value outside the area and a value that does not exist are not told apart, and only members inside are offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.members import Member, compile_members, read_members
from dwh.datapath.semantic.query import Filter
from dwh.datapath.semantic.words import UNKNOWN_KEY, Subject
from dwh.datapath.warehouse.engine import TooSlow
from dwh.datapath.warehouse.release import Release
from dwh.governance.protection.asking import in_turn
from dwh.kernel.errors import TooManyRows
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import names_of
from dwh.kernel.vi import strip_marks

MOST_MEMBERS, WAIT_S = 200_000, 10.0  # a hint is worth no more of the engine
COMPARED = 5_000  # members a typing error is looked for among; of more, only a name that contains the words
SAID = 3  # hints of one filter; the other values are counted
LISTED = 6  # so few members are named, all of them


@dataclass(frozen=True, slots=True)
class Sight:
    """By whose eyes, on which release, in which subject."""

    subject: Subject
    release: Release
    scope: OrgScope
    clearance: frozenset[str]


def explained(answer: Answer, sight: Sight) -> Answer:
    """Return `answer` with notes on filter values without a member, and on the area when it is not the nation."""
    hints = [hint for one in answer.query.filters for hint in _hints(one, answer, sight)]
    inside = (
        [] if NATION in sight.scope.codes else [f"Số liệu trong phạm vi: {', '.join(names_of(sight.scope))}."]
    )
    return replace(answer, notes=(*hints, *answer.notes, *inside)) if hints or inside else answer


def _hints(one: Filter, answer: Answer, sight: Sight) -> Iterator[str]:
    """Look for the members only when a value may be missing: that look costs as much as a question."""
    field = sight.subject.field(one.field)
    if one.op not in ("in", "eq", "not_in") or field.dimension.kind == "period":
        return
    wanted = [value for value in one.values if value != UNKNOWN_KEY]
    if not _may_be_missing(one, wanted, answer):
        return
    plan = compile_members(
        sight.subject,
        one.field,
        scope=sight.scope,
        clearance=sight.clearance,
        org_basis=answer.query.org_basis,
    )
    try:
        _, rows = in_turn(
            lambda: sight.release.fetch(plan.sql, plan.params, limit=MOST_MEMBERS, timeout_s=WAIT_S)
        )
    except (TooManyRows, TooSlow):
        return
    members = read_members(field, rows, limit=MOST_MEMBERS)
    known = {member.key for member in members}
    missing = [value for value in wanted if value not in known]
    for value in missing[:SAID]:
        yield f"Không có thành viên «{value}» trong «{field.label}» {_offer(value, members)}"
    if missing[SAID:]:
        yield f"Không có thành viên nào cho {len(missing) - SAID} giá trị khác của «{field.label}»."


def _may_be_missing(one: Filter, wanted: Sequence[str], answer: Answer) -> bool:
    """One value that found rows exists; of several, those that stand in the answer do."""
    if one.op == "not_in" or not answer.rows:
        return bool(wanted)
    names = [field.name for field in answer.fields]
    shown = {row.keys[names.index(one.field)] for row in answer.rows} if one.field in names else set()
    return len(wanted) > 1 and not set(wanted) <= shown


def _offer(value: str, members: Sequence[Member]) -> str:
    near = _nearest(value, members)
    if near is not None:
        return f"ở phạm vi của ông/bà; có phải «{near.key}» ({near.label})?"
    if 0 < len(members) <= LISTED:
        return f"ở phạm vi của ông/bà. Các thành viên: {', '.join(f'{m.key} ({m.label})' for m in members)}."
    return "ở phạm vi của ông/bà. Hãy chọn trong danh sách của bộ lọc."


def _nearest(value: str, members: Sequence[Member]) -> Member | None:
    words = strip_marks(value)
    named = {strip_marks(member.label): member for member in members}
    named |= {strip_marks(member.key): member for member in members}
    containing = [name for name in named if words in name]
    if words in named or containing:
        return named[words if words in named else min(containing, key=len)]
    close = get_close_matches(words, named, n=1) if len(named) <= COMPARED else []
    return named[close[0]] if close else None
