"""What the pages of requests show: within what exists for the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F
from django.db.models.functions import Coalesce

from dwh.datapath.dictionary.entries import Dictionary
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.governance.access.models import Account
from dwh.kernel.vi import strip_marks
from dwh.operations.changes import rules, words
from dwh.operations.changes.forms import ORDERS, OVERDUE, WAITING, Wanted
from dwh.operations.changes.models import ChangeRequest, ChangeRequestQuerySet, ChangeStep
from dwh.operations.changes.rules import KIND_LABELS, STATE_LABELS, Act, State, Viewer
from dwh.operations.changes.services import seen_by, viewer_of

SHOWN = 30  # requests of one page
LOOKS = {
    State.DRAFT: ("run", "hourglass"), State.RETURNED: ("warn", "undo"), State.UNIT_APPROVED: ("run", "hourglass"),
    State.LEADER_APPROVED: ("run", "inbox"), State.DETECTED: ("warn", "alert"), State.ASSIGNED: ("run", "user"),
    State.DONE: ("ok", "check-circle"), State.REJECTED: ("err", "x-circle"), State.WITHDRAWN: ("off", "undo"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list; `day` is the day given to it, else the day it is wanted by."""

    request: ChangeRequest
    css: str
    icon: str
    day: date | None
    is_overdue: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Tab:
    word: str
    label: str
    count: int
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the stages a request passes: passed, under way, ahead, or where it ended."""

    label: str
    state: str  # done | now | ahead | stopped
    said: ChangeStep | None = None
    awaited: str = ""


def listed(account: Account, today: date, wanted: Wanted) -> dict[str, Any]:
    """Return the context of the list."""
    who = viewer_of(account, today)
    seen = ChangeRequest.objects.visible_to(who)
    found = _narrowed(seen, who, today, wanted)
    page = Paginator(_ordered(found, wanted.order), SHOWN).get_page(wanted.page)
    return {
        "wanted": wanted,
        "tabs": list(_tabs(seen, who, today, wanted)),
        "kinds": [(str(kind), label) for kind, label in KIND_LABELS.items()],
        "orders": ORDERS.items(),
        "page": page,
        "lines": [_line(request, who, today) for request in page.object_list],
        "may_open": rules.OPEN in who.permissions,
        "only_approved": who.carries_out and not who.shares_a_unit,
        "is_filtered": bool(wanted.words or wanted.kind or wanted.tab),
        "previous": wanted.to(trang=str(page.number - 1)) if page.has_previous() else "",
        "next": wanted.to(trang=str(page.number + 1)) if page.has_next() else "",
    }


def details(pk: int, account: Account, today: date) -> dict[str, Any]:
    """Return the context of one request. Raises NotFound: there is none for the person."""
    who = viewer_of(account, today)
    request = seen_by(pk, who)
    steps = list(request.steps.all())
    drift = getattr(request, "drift", None)
    return {
        "request_": request,
        "line": _line(request, who, today),
        "steps": [(words.STEP_LABELS.get(step.act, step.act), step) for step in reversed(steps)],
        "stages": _stages(request, steps),
        "may": {str(act): rules.may(act, request, who) for act in Act},
        "is_author": request.opened_by == who.email,
        "awaited": rules.awaited(request),
        "drift": drift,
        "drift_words": _drift_words(drift) if drift else [],
        "kind": request.get_kind_display(),
        "today": today,
    }


def table_choices(dictionary: Dictionary) -> list[tuple[str, str]]:
    """Return name and label of every table, for the suggestions of the form."""
    return [(table.name, table.label) for table in dictionary.tables.values()]


def _narrowed(seen: ChangeRequestQuerySet, who: Viewer, today: date, wanted: Wanted) -> ChangeRequestQuerySet:
    found = seen.matching(strip_marks(wanted.words).split())
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.tab == WAITING:
        return found.waiting_for(who)
    if wanted.tab == OVERDUE:
        return found.overdue_on(today)
    return found.filter(state=wanted.tab) if wanted.tab else found


def _ordered(found: ChangeRequestQuerySet, order: str) -> ChangeRequestQuerySet:
    if order == "han":
        by_day = F("sorting_day").asc(nulls_last=True)
        return found.annotate(sorting_day=Coalesce("due_on", "wanted_by")).order_by(by_day, "-id")
    names = {"moi": ["-id"], "cu": ["id"], "don-vi": ["origin_unit", "-id"], "tinh-trang": ["state", "-id"]}
    return found.order_by(*names[order])


def _tabs(seen: ChangeRequestQuerySet, who: Viewer, today: date, wanted: Wanted) -> Iterator[Tab]:
    """Yield the tabs: what waits for him, everything, what is late, then every state somebody's request is in."""
    counts = dict(seen.order_by().values_list("state").annotate(Count("pk")))
    named = [
        (WAITING, "Chờ tôi", seen.waiting_for(who).count()),
        ("", "Tất cả", sum(counts.values())),
        (OVERDUE, "Quá hạn", seen.overdue_on(today).count()),
    ]
    named += [(str(state), label, counts[state]) for state, label in STATE_LABELS.items() if state in counts]
    for word, label, count in named:
        yield Tab(word, label, count, wanted.to(tinh_trang=word), wanted.tab == word)


def _line(request: ChangeRequest, who: Viewer, today: date) -> Line:
    css, icon = LOOKS[State(request.state)]
    late = rules.is_overdue(request.state, request.due_on, request.wanted_by, today)
    mine = rules.waits_for(request, who)
    return Line(request, css, icon, request.due_on or request.wanted_by, late, mine)


def _stages(request: ChangeRequest, steps: list[ChangeStep]) -> list[Stage]:
    """Return the way of a request with who did what; what was returned has to be passed again."""
    last = {step.state: step for step in steps if step.act in {Act.APPROVE, Act.FINISH}}
    given = next((step for step in reversed(steps) if step.act == Act.ASSIGN), None)
    first = Stage(
        "Phát hiện ở nguồn" if request.is_detected else "Đơn vị lập", "done", steps[0] if steps else None
    )
    way = [] if request.is_detected else [
        ("Thủ trưởng đơn vị duyệt", bool(request.unit_approved_by), last.get(State.UNIT_APPROVED)),
        ("Lãnh đạo Ngành duyệt", bool(request.leader_approved_by), last.get(State.LEADER_APPROVED)),
    ]  # fmt: skip
    done = request.state == State.DONE
    way += [
        ("Trung tâm CNTT giao việc", given is not None or done, given),
        ("Xong", done, last.get(State.DONE)),
    ]
    stages, met_now = [first], False
    for label, passed, said in way:
        state = "done" if passed else "ahead"
        if not passed and not met_now:
            met_now, state = True, "stopped" if request.ended_at else "now"
        awaited = rules.awaited(request) if state == "now" else ""
        stages.append(Stage(label, state, said if passed else None, awaited))
    return stages


def _runs(first: int, last: int) -> str:
    return f"lượt {first}" if first == last else f"từ lượt {first} đến lượt {last}"


def _drift_words(drift: Any) -> list[tuple[str, str]]:
    known = drift.source in source_names()
    return [
        ("Nguồn", load_contract(drift.source).label if known else drift.source),
        ("Thay đổi", words.CHANGES[drift.change]),
        ("Kiểu theo hợp đồng", words.promised(drift.expected) or "chưa có trong hợp đồng"),
        ("Kiểu ở nguồn", drift.found or "không còn"),
        ("Chế độ hợp đồng", words.MODES.get(drift.mode, drift.mode)),
        ("Đã xảy ra", "Nguồn dừng, không đọc dòng nào" if drift.stops else "Nguồn vẫn được đọc, cột mới bỏ qua"),
        ("Lượt đọc thấy", _runs(drift.first_run, drift.last_run)),
    ]  # fmt: skip
