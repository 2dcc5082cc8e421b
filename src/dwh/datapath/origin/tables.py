"""The source tables behind the measures of a cell, how many of their rows the cell's months hold, and their batches.

Two counts stand side by side and never meet. Of an area, from the serving database: rows in staging, held, rejected,
each of a unit inside the area. Of the nation, from the parts of the release: landed and late as well, which no unit is
known of. Whoever calls says which of them a person may have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dwh.datapath.dictionary.collect import load_dictionary
from dwh.datapath.dictionary.entries import Dictionary
from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.sources.beside import feeds_of
from dwh.datapath.standardise.counted import STAGED
from dwh.datapath.standardise.scans import HELD, REJECTED, is_standardise, source_table
from dwh.datapath.warehouse.model import ALL
from dwh.datapath.warehouse.release import Release

LANDED = "landed."
ROWS_OF = "*"  # in the lineage of a release: the fact's rows are those of the table


@dataclass(frozen=True, slots=True)
class Area:
    """Whose rows are counted. Units as the question names them: of the day of the row when `as_was`, else today's.

    `roots`: the subtrees a person may see, on today's tree; None is the nation, with rows of no known office.
    `units`: of each group the row lies under one.
    """

    roots: frozenset[str] | None
    units: tuple[frozenset[str], ...] = ()
    as_was: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a source table. Of an area `landed` and `late` are None: a landed row has no unit yet."""

    staged: int = 0
    held: int = 0
    rejected: int = 0
    landed: int | None = None
    late: int | None = None


@dataclass(frozen=True, slots=True)
class LoadBatch:
    """One batch; time and rows are None in a release made before releases told them."""

    id: str
    kind: str = "rows"
    rows: int | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceTable:
    """One source table behind the cell. `columns` give it values; none of them: its rows are counted.

    `batches`: the first and the latest, oldest first; `batch_count` counts all the release was made from.
    """

    name: str
    label: str
    source: str
    source_label: str
    columns: tuple[str, ...]
    by_month: bool
    area: Counts
    nation: Counts | None  # None: not for this person
    batch_count: int
    batches: tuple[LoadBatch, ...]

    @property
    def full_name(self) -> str:
        return f"{LANDED}{self.name}"

    @property
    def unlisted(self) -> int:
        return self.batch_count - len(self.batches)


def tables_behind(
    release: Release, subject: str, measures: Iterable[str], months: Collection[str], area: Area
) -> tuple[SourceTable, ...]:
    """Return the source tables the measures come from: those of their values first, then those of the counted rows."""
    dictionary, plan = load_dictionary(), load_plan()
    behind = columns_behind(release, subject, measures)
    counts = _of_area(release, [name.removeprefix(LANDED) for name in behind], months, area)
    found = []
    for name, columns in behind.items():
        table, short = dictionary.table(name), name.removeprefix(LANDED)
        source = plan.landed[name].source
        count, batches = _batches(release.manifest, source, short)
        found.append(
            SourceTable(
                short, table.label, source, dictionary.source_labels[source], _labels(dictionary, name, columns),
                plan.landed[name].partition is not None, counts[short], _of_nation(release, name, months), count,
                batches,
            )
        )  # fmt: skip
    return tuple(found)


def columns_behind(release: Release, subject: str, measures: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return landed table → its columns the measures' values are made from; () where only its rows are counted."""
    words, feeds = load_catalog().subject(subject), release.manifest.get("lineage", {}).get("feeds", {})
    figures = {one.name: one for one in load_dictionary().subject(subject).figures}
    found: dict[str, dict[str, None]] = {}
    facts = set()
    for name in measures:
        facts.add(words.facts[words.measures[name].fact].table)
        for ref in figures[name].sources:
            if ref.table.startswith(LANDED):
                found.setdefault(ref.table, {})[ref.column] = None
    for table, fed in feeds.items():
        if any(ROWS_OF in fed.get(fact, ()) for fact in facts):
            found.setdefault(table, {})
    return {table: tuple(columns) for table, columns in found.items()}


def _labels(dictionary: Dictionary, table: str, columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(dictionary.table(table).column(name).label or name for name in columns)


def _of_nation(release: Release, landed: str, months: Collection[str]) -> Counts:
    """Return the counts of the parts: of these months, or of the whole table when it is not divided into months."""
    short = landed.removeprefix(LANDED)
    staging = next(m.table for m in load_plan().models if is_standardise(m) and source_table(m) == short)
    stale = {
        month for month, entry in release.manifest.get("ledger", {}).get(staging, {}).items() if entry[1]
    }
    places = (landed, staging, f"{HELD}.{short}", f"{REJECTED}.{short}")
    whole, staged, held, rejected = (_rows(release, place, {*months, ALL}) for place in places)
    waiting = [_rows(release, place, stale & {*months, ALL}) for place in places]
    return Counts(staged, held, rejected, landed=whole, late=waiting[0] - sum(waiting[1:]))


def _rows(release: Release, table: str, months: Collection[str]) -> int:
    parts = release.manifest["parts"].get(table, {})
    return sum(part["rows"] for month, part in parts.items() if month in months)


def _batches(manifest: Mapping[str, Any], source: str, table: str) -> tuple[int, tuple[LoadBatch, ...]]:
    """Return how many batches the release was made from, files beside the source included, and those it tells of."""
    count, found = 0, []
    for feed in feeds_of(source):
        ids = manifest["inputs"].get(f"{feed}.{table}", [])
        told = manifest.get("batches", {}).get(f"{feed}.{table}", [])
        count += len(ids)
        found += [
            LoadBatch(one["id"], one["kind"], one["rows"], datetime.fromisoformat(one["read_at"]))
            for one in told
        ] or [LoadBatch(one) for one in dict.fromkeys([*ids[:1], *ids[-19:]])]
    return count, tuple(found)


def _of_area(release: Release, tables: list[str], months: Collection[str], area: Area) -> dict[str, Counts]:
    """Return source table → its rows in the area, of these months or of no month."""
    where, params = within(area)
    sql = f"""
    SELECT q.source_table, q.place, CAST(SUM(q.n) AS BIGINT)
    FROM (
      SELECT 'staged' AS place, source_table, org_code, month, "rows" AS n FROM {STAGED}
      UNION ALL SELECT 'held', source_table, org_code, month, 1 FROM quarantine.held
      UNION ALL SELECT 'rejected', source_table, org_code, month, 1 FROM quarantine.rejected
    ) AS q
    LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code
    WHERE list_contains(?::VARCHAR[], q.source_table) AND {where}
      AND (list_contains(?::VARCHAR[], q.month) OR NOT list_contains(?::VARCHAR[], q.source_table))
    GROUP BY ALL"""
    plan = load_plan()
    dated = [table for table in tables if plan.landed[f"{LANDED}{table}"].partition]
    rows = release.fetch(sql, [tables, *params, sorted(months), dated], limit=10_000)[1]
    found: dict[str, dict[str, int]] = {table: {} for table in tables}
    for table, place, count in rows:
        found[table][place] = count
    return {table: Counts(**places) for table, places in found.items()}


def within(area: Area) -> tuple[str, list[Any]]:
    """Return the condition of rows inside the area, over q and its unit o."""
    groups = [("o.cur_org_code", area.roots)] if area.roots is not None else []
    groups += [("q.org_code" if area.as_was else "o.cur_org_code", units) for units in area.units]
    conditions, params = ["TRUE"], list[Any]()
    for column, units in groups:
        one = " OR ".join(f"{column} = ? OR starts_with({column}, ?)" for _ in units)
        conditions.append(f"({one or 'FALSE'})")
        params += [word for unit in sorted(units or ()) for word in (unit, f"{unit}.")]
    return " AND ".join(conditions), params
