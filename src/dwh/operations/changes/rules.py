"""Which way a request for change goes, who may do what to it, who sees it. Pure functions over plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from dwh.governance.access.rules import Authority
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.org.scope import is_under

SHORTEST_REASON = 10  # characters; ours: a reason is a sentence
VIEW, OPEN, DECIDE, CARRY_OUT = "change:view", "change:open", "change:decide", "change:carry_out"


class Kind(StrEnum):
    SOFTWARE = "software"
    REPORT = "report"
    ELEMENT = "element"
    OTHER = "other"
    SOURCE = "source"  # opened by the program: a source differs from its contract


KIND_LABELS = {
    Kind.SOFTWARE: "Nghiệp vụ, phần mềm nguồn",
    Kind.REPORT: "Báo cáo, chỉ tiêu",
    Kind.ELEMENT: "Tiêu thức mới",
    Kind.OTHER: "Việc khác",
    Kind.SOURCE: "Nguồn thay đổi cấu trúc",
}


class State(StrEnum):
    DRAFT = "draft"
    RETURNED = "returned"
    UNIT_APPROVED = "unit_approved"
    LEADER_APPROVED = "leader_approved"
    DETECTED = "detected"
    ASSIGNED = "assigned"
    DONE = "done"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


STATE_LABELS = {
    State.DRAFT: "Chờ thủ trưởng duyệt",
    State.RETURNED: "Trả lại, chờ sửa",
    State.UNIT_APPROVED: "Chờ Lãnh đạo Ngành",
    State.LEADER_APPROVED: "Chờ giao việc",
    State.DETECTED: "Mới phát hiện",
    State.ASSIGNED: "Đang thực hiện",
    State.DONE: "Đã xong",
    State.REJECTED: "Không duyệt",
    State.WITHDRAWN: "Đã rút",
}
ENDED = frozenset({State.DONE, State.REJECTED, State.WITHDRAWN})


class Act(StrEnum):
    EDIT = "edit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    REJECT = "reject"
    ASSIGN = "assign"
    FINISH = "finish"


MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.EDIT): State.DRAFT,
    (State.DRAFT, Act.WITHDRAW): State.WITHDRAWN,
    (State.DRAFT, Act.APPROVE): State.UNIT_APPROVED,
    (State.DRAFT, Act.RETURN): State.RETURNED,
    (State.DRAFT, Act.REJECT): State.REJECTED,
    (State.RETURNED, Act.EDIT): State.DRAFT,
    (State.RETURNED, Act.WITHDRAW): State.WITHDRAWN,
    (State.UNIT_APPROVED, Act.APPROVE): State.LEADER_APPROVED,
    (State.UNIT_APPROVED, Act.RETURN): State.RETURNED,
    (State.UNIT_APPROVED, Act.REJECT): State.REJECTED,
    (State.LEADER_APPROVED, Act.ASSIGN): State.ASSIGNED,
    (State.DETECTED, Act.ASSIGN): State.ASSIGNED,
    (State.DETECTED, Act.FINISH): State.DONE,
    (State.ASSIGNED, Act.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Act.FINISH): State.DONE,
}
OF_AUTHORS = frozenset({Act.EDIT, Act.WITHDRAW})
DECISIONS = frozenset({Act.APPROVE, Act.RETURN, Act.REJECT})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: the mailbox, the unit where he works, the post he holds and what he may do today."""

    email: str
    unit: str
    post: Authority | None
    permissions: frozenset[str]

    @property
    def leads_the_sector(self) -> bool:
        return DECIDE in self.permissions and self.post == Authority.SECTOR_LEADERSHIP

    @property
    def carries_out(self) -> bool:
        return CARRY_OUT in self.permissions

    @property
    def shares_a_unit(self) -> bool:
        """Tell whether he has part in what his unit asks for: an administrator of the IT Centre alone has not."""
        return bool(self.permissions & {OPEN, DECIDE})

    def leads(self, unit: str) -> bool:
        return DECIDE in self.permissions and self.post is not None and is_under(unit, self.unit)


class Request(Protocol):
    """What the rules need to know of a request. Empty: nobody did it yet."""

    state: str
    opened_by: str
    origin_unit: str
    unit_approved_by: str
    leader_approved_by: str
    is_detected: bool


@cites(QC_DWH.art("8.4"), QC_DWH.art("10.4"))
def next_state(state: str, act: Act) -> State | None:
    """Return the state an act leads to; None when it cannot be done in this one."""
    return MOVES.get((State(state), act))


@cites(QC_DWH.art("8.4"))
def may(act: Act, request: Request, who: Viewer) -> bool:
    """Tell whether a person may do this to a request now. Nobody decides his own, nobody decides it twice.

    Source: docs/adr/0006, docs/adr/0018.
    """
    if next_state(request.state, act) is None:
        return False
    if act in OF_AUTHORS:
        return request.opened_by == who.email and OPEN in who.permissions
    if act in DECISIONS:
        return _decides(request, who)
    return who.carries_out


def _decides(request: Request, who: Viewer) -> bool:
    if who.email in (request.opened_by, request.unit_approved_by):
        return False
    return who.leads(request.origin_unit) if request.state == State.DRAFT else who.leads_the_sector


@cites(QC_DWH.art("8.4"), QC_DWH.art("10.4"), QD_2366.art("10.2.1"))
def sees(request: Request, who: Viewer) -> bool:
    """Tell whether a request exists for a person: his own, of his unit, of a unit he leads, or come as far as him.

    The IT Centre sees what a leader approved, and what the program found at a source.
    """
    if request.opened_by == who.email:
        return True
    if who.shares_a_unit and (request.origin_unit == who.unit or who.leads(request.origin_unit)):
        return True
    if who.leads_the_sector and request.unit_approved_by:
        return True
    return who.carries_out and (bool(request.leader_approved_by) or request.is_detected)


def awaited(request: Request) -> str:
    """Return whose act a request waits for, in words; nothing when it has ended."""
    return {
        State.DRAFT: "thủ trưởng đơn vị",
        State.RETURNED: "người lập",
        State.UNIT_APPROVED: "Lãnh đạo Ngành phụ trách",
        State.LEADER_APPROVED: "Trung tâm CNTT giao việc",
        State.DETECTED: "Trung tâm CNTT",
        State.ASSIGNED: "Trung tâm CNTT",
    }.get(State(request.state), "")


def waits_for(request: Request, who: Viewer) -> bool:
    """Tell whether the next act on a request is this person's."""
    acts = (Act.APPROVE, Act.ASSIGN, Act.FINISH) if request.state != State.RETURNED else (Act.EDIT,)
    return any(may(act, request, who) for act in acts)


def is_overdue(state: str, due_on: date | None, wanted_by: date | None, today: date) -> bool:
    """Tell whether a request that has not ended is past the day given to it, else the day it was wanted by."""
    day = due_on or wanted_by
    return State(state) not in ENDED and day is not None and day < today


def drift_key(*facts: str) -> str:
    """Return what names one distinct difference of a source: source, table, column, change, both types, effect."""
    return "|".join(fact.replace("|", "¦") for fact in facts)
