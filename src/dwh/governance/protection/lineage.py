"""The origin of one cell as a person may see it: source tables, counts of rows, load batches.

Default deny. Counts of an area are of units inside what the person may see, by the same condition as held rows. What is
known of the nation only (rows landed, rows waiting for a locked month, rows of a batch) is shown to those alone who see
the nation: it would tell others of provinces that are not theirs. Names of tables and columns and the times of batches
tell of nobody's area.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from dwh.datapath.origin.tables import Area, SourceTable, tables_behind
from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import AS_WAS, JOINT, Subject
from dwh.datapath.standardise.counted import STAGED
from dwh.datapath.tables.cell import months_of, parts_of
from dwh.datapath.warehouse.release import release_named
from dwh.governance.access.http import denied_for
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, scope_for
from dwh.governance.protection.quarantine import roots_of
from dwh.kernel.law import QD_3582, cites
from dwh.kernel.org.scope import NATION, OrgScope
from dwh.kernel.org.services import current_codes, name_of, names_of

FAILED, DICTIONARY = "quarantine:view", "dictionary:view"


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where a cell comes from. `area` names the units that are counted, `unit` the one to look at further.

    `others` are the fields that narrow the figure and not the rows counted; `is_counted` is false for a release made
    before staging rows were counted. `sees_*`: what the person may open from here.
    """

    tables: tuple[SourceTable, ...]
    months: tuple[str, ...]
    area: tuple[str, ...]
    unit: str
    others: tuple[str, ...]
    is_counted: bool
    sees_nation: bool
    sees_failed: bool
    sees_dictionary: bool


@cites(QD_3582.art("III.2b¶4"))
def lineage_of(answer: Answer, *, by: Account, today: date, permission: str = "data:ask") -> Lineage:
    """Return the origin of the cell that `answer` takes apart, in the area where `by` may ask.

    The answer came through the gate, which put the question on record; it names the release the rows are counted in.

    Raises: Denied, when `by` may not ask about this subject today. NotFound: the release is no longer there.
    Source: QĐ-3582 III.2b¶4 (the IT units answer for the correctness of what is reported).
    """
    query, allowed = answer.query, permissions_of(by, today)
    scope = scope_for(by, permission, today, query.subject)
    if permission not in allowed or scope.is_empty:
        raise denied_for(permission)
    release, subject = release_named(answer.release, settings.DATAPATH), load_catalog().subject(query.subject)
    units, others = _units_of(query, subject)
    measures = parts_of(subject.value(query.values[0]))
    nation, counted = NATION in scope.codes, STAGED in release.manifest.get("serving_rows", {})
    months = months_of(answer)
    area = area_of_cell(query, scope, subject)
    tables = tables_behind(release, subject.name, measures, months, area) if counted else ()
    named = sorted({unit for group in units for unit in group})
    failed = FAILED in allowed and not scope_for(by, FAILED, today, subject.name).is_empty
    return Lineage(
        tables if nation else tuple(_of_area_only(table) for table in tables), months,
        tuple(name_of(unit) for unit in named) or tuple(names_of(scope)), named[0] if len(named) == 1 else "",
        others, counted, nation, failed, DICTIONARY in allowed,
    )  # fmt: skip


def area_of_cell(query: Query, scope: OrgScope, subject: Subject) -> Area:
    """Return whose source rows are those of a cell, its members being filters of `query`, inside `scope`."""
    units, _ = _units_of(query, subject)
    as_was = query.org_basis == AS_WAS
    today = current_codes({unit for group in units for unit in group})
    groups = units if as_was else tuple(frozenset(today[unit] for unit in group) for group in units)
    return Area(roots_of(scope), groups, as_was)


def _of_area_only(table: SourceTable) -> SourceTable:
    """Return what somebody may see of a table who does not see the nation."""
    return replace(table, nation=None, batches=tuple(replace(batch, rows=None) for batch in table.batches))


def _units_of(query: Query, subject: Subject) -> tuple[tuple[frozenset[str], ...], tuple[str, ...]]:
    """Return the units each filter on units names, and the labels of the filters that narrow no count of rows.

    The region of a unit that is named narrows nothing further.
    """
    groups: list[frozenset[str]] = []
    others: list[str] = []
    coarse: list[str] = []
    for one in query.filters:
        field = subject.field(one.field)
        units = frozenset(code for value in one.values for code in value.split(JOINT))
        if field.dimension.kind == "org" and one.op in ("eq", "in") and all(map(_is_unit, units)):
            groups.append(units)
        elif field.dimension.kind != "period":
            (coarse if field.dimension.kind == "org" and one.op == "eq" else others).append(field.label)
    return tuple(groups), tuple(dict.fromkeys([*others, *(coarse if not groups else [])]))


def _is_unit(code: str) -> bool:
    return code == NATION or code.startswith(f"{NATION}.")
