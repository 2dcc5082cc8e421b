"""Who sees what somebody keeps, who may share it with whom, who decides. Pure functions over plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dwh.governance.access.rules import ALL_SUBJECTS, Authority
from dwh.kernel.org.scope import OrgScope, is_under

ASK, SEE_SHARES, DECIDE = "data:ask", "share:view", "share:decide"
SHORTEST_NAME, LONGEST_NAME = 3, 120  # characters; ours
SHORTEST_REASON, LONGEST_NOTE = 10, 2_000  # characters; ours: a reason is a sentence
LONGEST_DOCUMENT = 60_000  # characters of a question; the longest filters have 1,000 members
MAX_SAVED = 500  # of one person; ours: a list nobody can read is no list


class ShareState(StrEnum):
    WAITING = "waiting"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


STATE_LABELS = {
    ShareState.WAITING: "Chờ thủ trưởng duyệt",
    ShareState.ACTIVE: "Đang chia sẻ",
    ShareState.REFUSED: "Không duyệt",
    ShareState.ENDED: "Đã ngừng",
}
OPEN_STATES = (ShareState.WAITING, ShareState.ACTIVE)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks or acts: the mailbox, the unit where he works, his groups, subjects, post and permissions today."""

    account: int
    email: str
    unit: str
    groups: frozenset[str]
    subjects: frozenset[str]
    post: Authority | None
    permissions: frozenset[str]
    area: OrgScope  # the units whose shares an administrator looks after

    def leads(self, unit: str) -> bool:
        return DECIDE in self.permissions and self.post is not None and is_under(unit, self.unit)

    def may_ask(self, subject: str) -> bool:
        return ASK in self.permissions and bool(self.subjects & {ALL_SUBJECTS, subject})

    @property
    def units_above(self) -> tuple[str, ...]:
        """Return the codes of his unit and of all above it: a share with any of them reaches him."""
        parts = self.unit.split(".")
        return tuple(".".join(parts[: n + 1]) for n in range(len(parts)))


def needs_approval(owner_unit: str, target_unit: str) -> bool:
    """Tell whether a share leaves the owner's own unit, so that its head decides (requirement B-08)."""
    return not is_under(target_unit, owner_unit)


def may_decide(owner_unit: str, asked_by: str, who: Viewer) -> bool:
    """Tell whether a person decides a share: the head of the owner's unit, or of one above; nobody his own.

    Source: docs/adr/0006, docs/adr/0018.
    """
    return who.email != asked_by and who.leads(owner_unit)


def may_end(owner_unit: str, asked_by: str, who: Viewer) -> bool:
    """Tell whether a person may end a share: who asked for it, or a head over the owner's unit."""
    return who.email == asked_by or who.leads(owner_unit)


def sees_share(owner_unit: str, asked_by: str, who: Viewer) -> bool:
    """Tell whether a share is on a person's list: his own, of a unit he leads, or of his area as administrator."""
    return may_end(owner_unit, asked_by, who) or who.area.covers(owner_unit)
