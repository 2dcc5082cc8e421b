"""The questions of one page, asked together: equal ones once, each within the rights the person has for its subject.

What a part cannot be cut by (a fund where the subject has none) is left out of its question and told, never guessed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.query import Query
from dwh.delivery.dashboards.board import Board, Part, Tile
from dwh.delivery.dashboards.choice import Choice, Place
from dwh.delivery.dashboards.numbers import grand_total
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.access.services import scope_for
from dwh.kernel.actor import Origin
from dwh.kernel.errors import Invalid
from dwh.kernel.org.scope import OrgScope

MAX_LEAVES: Final = 200
PERMISSION: Final = "dashboard:view"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, on which day, from where."""

    account: Account
    today: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, and the filters of the page its subject does not know."""

    answer: Answer
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a part is asked: of which choice, by which rows, whole months or the one clicked, with the leaf or not."""

    part: Part
    choice: Choice
    rows: tuple[str, ...] | None = None
    whole: bool = False
    leaf: bool = True


class Questions:
    """Every question of one page. `seconds` is what the gate took for all of them, `asked` how many it saw."""

    def __init__(self, name: str, viewer: Viewer) -> None:
        self.name, self.viewer = name, viewer
        self.seconds = 0.0
        self._known: dict[Query, Answer] = {}
        self._scopes: dict[str, OrgScope] = {}

    @property
    def asked(self) -> int:
        return len(self._known)

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(self._known.values())

    def scope(self, subject: str) -> OrgScope:
        """Return where the person may see `subject` today; empty where he was not given it."""
        if subject not in self._scopes:
            self._scopes[subject] = scope_for(
                self.viewer.account, PERMISSION, self.viewer.today, subject=subject
            )
        return self._scopes[subject]

    def answer(self, query: Query) -> Answer:
        """Return the answer of the gate; an equal question is asked once. Raises what the gate raises."""
        if query not in self._known:
            began = time.perf_counter()
            self._known[query] = gate.ask(
                query, by=self.viewer.account, purpose=f"dashboard:{self.name}", today=self.viewer.today,
                origin=self.viewer.origin, permission=PERMISSION,
            )  # fmt: skip
            self.seconds += time.perf_counter() - began
        return self._known[query]


class Batch(Questions):
    """The questions of a board of an area."""

    def __init__(self, board: Board, viewer: Viewer) -> None:
        super().__init__(board.name, viewer)
        self.board = board

    def may_ask(self, subject: str, place: Place) -> bool:
        """Tell whether the person may see `subject` over the whole of `place`.

        Where only parts of `place` are his, the areas of both subjects must be the same.
        """
        scope = self.scope(subject)
        if scope.is_empty:
            return False
        return scope.covers(place.code) if place.whole else scope == self.scope(self.board.subject)

    def ask(self, wish: Wish) -> Got | None:
        """Return the answer, or None where the person may not ask the subject of this part there."""
        part, choice = wish.part, wish.choice
        if not self.may_ask(part.subject, choice.place):
            return None
        document: dict[str, Any] = {
            "subject": part.subject,
            "org_basis": "as_is",
            "totals": True,
            **part.query,
        }
        if wish.rows is not None:
            document["rows"] = list(wish.rows)
        document["filters"] = [choice.months_filter(whole=wish.whole), *choice.place.filters]
        if part is self.board.leaves:
            document |= {"sort": [{"field": part.rank_by, "desc": True}], "limit": MAX_LEAVES}
        query, without = _narrowed(document, self._further(choice, leaf=wish.leaf))
        return Got(self.answer(query), without)

    def target_of(self, tile: Tile, choice: Choice) -> Decimal | None:
        """Return the plan of the year at this place; None where the data have none that is like the figure."""
        target = tile.target
        if target is None or choice.month or choice.leaf or choice.slice not in target.slices:
            return None
        if not self.may_ask(target.subject, choice.place):
            return None
        filters = [
            {"field": "month.year", "op": "eq", "values": [str(choice.period.year)]},
            {"field": target.field, "op": "in", "values": list(target.slices[choice.slice])},
            *choice.place.filters,
        ]
        document = {
            "subject": target.subject,
            "org_basis": "as_is",
            "values": [target.value],
            "filters": filters,
        }
        value = grand_total(self.answer(Query.from_json(document)))[target.value].value
        return Decimal(value) if value else None

    def _further(self, choice: Choice, *, leaf: bool) -> list[tuple[str, dict[str, Any]]]:
        found = []
        if choice.slice:
            one = self.board.slice
            found.append((one.label.lower(), {"field": one.field, "op": "in", "values": [choice.slice]}))
        if choice.leaf and leaf:
            name = self.board.leaves.name.lower()
            found.append((name, {"field": self.board.leaf_field, "op": "in", "values": [choice.leaf]}))
        return found


def _narrowed(
    document: Mapping[str, Any], further: Sequence[tuple[str, dict[str, Any]]]
) -> tuple[Query, tuple[str, ...]]:
    """Return the question with each further filter its facts know, and the names of the others."""
    query, without = Query.from_json(document), list[str]()
    for name, one in further:
        try:
            query = Query.from_json(query.to_json() | {"filters": [*_filters(query), one]})
        except Invalid:
            without.append(name)
    return query, tuple(without)


def _filters(query: Query) -> list[dict[str, Any]]:
    return [one.to_json() for one in query.filters]
