"""How a figure stands: which table and formula answered, what is locked, what it lacks, who else sees it so.

Default deny, as its origin: what is told of an area is of units inside what the person may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dwh.datapath.origin.missing import HeldBack, held_back
from dwh.datapath.origin.tables import Area
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import Subject
from dwh.datapath.staleness.figures import formulas
from dwh.datapath.tables.cell import parts_of, period_of_cell
from dwh.datapath.warehouse.release import Release
from dwh.governance.access.models import AccessGrant, Account
from dwh.governance.access.rules import GROUP_LABELS, PERMISSIONS, Group
from dwh.governance.access.services import scope_for
from dwh.governance.protection.area import units_named
from dwh.kernel.org.scope import OrgScope
from dwh.kernel.org.services import current_codes


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table that answered, and what it holds."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Viewers:
    """People of one group who see the same figure. `names` only for who looks after their rights, of those people."""

    group: str
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """`published` is the formula the release keeps, `now` today's; `catalog` names the exact set of words and formulas.

    `locked` and `open` divide the months of the figure. `held` is what the slice lacks. Units: `held_vnd` in đồng.
    """

    published: str
    now: str
    catalog: str
    tables: tuple[TableRead, ...]
    locked: tuple[str, ...]
    open: tuple[str, ...]
    held: tuple[HeldBack, ...]
    viewers: tuple[Viewers, ...]

    @property
    def has_other_formula(self) -> bool:
        return bool(self.published) and self.published != self.now

    @property
    def held_rows(self) -> int:
        return sum(one.rows for one in self.held)

    @property
    def held_vnd(self) -> Decimal:
        return sum((one.vnd for one in self.held), start=Decimal(0))


@dataclass(frozen=True, slots=True)
class Slice:
    """The cell as a question, the months it has rows of, the source tables behind it, its units as they are counted."""

    question: Query
    months: tuple[str, ...]
    tables: tuple[str, ...]
    area: Area


def standing_of(cut: Slice, release: Release, *, by: Account, today: date, scope: OrgScope) -> Standing:
    """Return how the figure of a slice stands in a release, for `by`, who sees `scope` of its subject."""
    question, catalog = cut.question, load_catalog()
    subject, figure = catalog.subject(question.subject), f"{question.subject}.{question.values[0]}"
    locked = set(release.manifest.get("locked", ()))
    return Standing(
        published=release.manifest.get("figures", {}).get(figure, ""), now=formulas()[figure],
        catalog=catalog.hash, tables=_tables(subject, question.values[0]),
        locked=tuple(month for month in cut.months if month in locked),
        open=tuple(month for month in cut.months if month not in locked),
        held=held_back(release, cut.tables, cut.area, period_of_cell(question, subject)),
        viewers=_viewers(question, scope, by, today),
    )  # fmt: skip


def _tables(subject: Subject, name: str) -> tuple[TableRead, ...]:
    """Return the base tables of a figure; a plan that reads others will say so here."""
    facts = (subject.facts[subject.measures[part].fact] for part in parts_of(subject.value(name)))
    return tuple(dict.fromkeys(TableRead(fact.table, fact.label) for fact in facts))


def _viewers(question: Query, scope: OrgScope, by: Account, today: date) -> tuple[Viewers, ...]:
    """Return the groups that see the same figure: their rights cover all the area it is made of."""
    units = set(current_codes(units_named(question)).values())
    inside = scope.intersect(OrgScope.of(units)) if units else scope
    found: dict[str, dict[int, Account]] = {}
    grants = AccessGrant.objects.holding_on(today).select_related("account")
    for account, held in _by_account(grants, question.subject).items():
        if all(OrgScope.of(grant.org_code for grant in held).covers(code) for code in inside.codes):
            for grant in held:
                found.setdefault(grant.group, {})[account.pk] = account
    looked_after = scope_for(by, "access:manage", today)
    return tuple(
        Viewers(GROUP_LABELS[group], len(people), _names(people.values(), looked_after))
        for group in Group
        if (people := found.get(group))
    )


def _by_account(grants: Iterable[AccessGrant], subject: str) -> dict[Account, list[AccessGrant]]:
    held: dict[Account, list[AccessGrant]] = {}
    for grant in grants:
        if "data:ask" in PERMISSIONS[Group(grant.group)] and grant.names_subject(subject):
            held.setdefault(grant.account, []).append(grant)
    return held


def _names(people: Iterable[Account], looked_after: OrgScope) -> tuple[str, ...]:
    return tuple(sorted(one.full_name for one in people if looked_after.covers(one.unit_code)))
