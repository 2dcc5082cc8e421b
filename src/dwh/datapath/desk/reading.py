"""Failed rows of a release: held, rejected or accepted, each in the state people's decisions have brought it to.

The tables are quarantine.held, .rejected and .accepted (one shape, with the raw JSON), quarantine.flagged (rows in
staging that a check flagged), quarantine.trial (what a rule in trial would hold) and desk.decisions. Decisions no build
has read yet come in as `Pending`. Nothing here masks: the gate does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from dwh.datapath.desk.relation import ROW, Failed, Pending, relation
from dwh.datapath.warehouse.release import Release

__all__ = ["Failed", "FailedRow", "Group", "Pending", "RowKey"]

MOST_ROWS = 10_000  # ours: a page, never the whole quarantine
MOST_GROUPS = 100_000
By = Literal["check", "unit", "source", "age"]
FLAGGED_COLUMNS = "source, source_table, source_id, check_codes, org_code, month, batch_id"


@dataclass(frozen=True, slots=True)
class FailedRow:
    """One failed row: where it is, why, and what was decided about it. Units: amount_vnd in đồng.

    `codes` are the checks that hold it; `check_codes` those that only flag it as well.
    """

    place: str
    source: str
    source_table: str
    source_id: int
    check_codes: tuple[str, ...]
    messages: tuple[str, ...]
    org_code: str | None
    month: str | None
    amount_vnd: Decimal
    batch_id: str
    raw: str
    first_seen: datetime
    version: str
    codes: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a decision names of a row, and what of it is counted."""

    source: str
    source_table: str
    source_id: int
    version: str
    codes: tuple[str, ...]
    org_code: str | None
    month: str | None
    amount_vnd: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """Failed rows with one check, unit, source table or age. A row with two reasons counts in both checks.

    `undecided` counts those nobody has decided about yet; `oldest` is when the first of them landed.
    """

    key: str
    source: str
    source_table: str
    rows: int
    amount_vnd: Decimal
    undecided: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a row as it landed; `gone`: the source deleted it."""

    version: str
    batch_id: str
    landed_at: datetime
    gone: bool
    raw: str


@dataclass(frozen=True, slots=True)
class HeldTotal:
    """Rows and đồng of one check, source table, office and month. A row with two reasons counts in both."""

    check_code: str
    source: str
    source_table: str
    org_code: str | None
    month: str | None
    rows: int
    amount_vnd: Decimal


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of many: `order` is one of ORDERS."""

    order: str = "amount"
    limit: int = 50
    offset: int = 0


ORDERS = {
    "amount": "f.amount_vnd DESC, f.source_table, f.source_id",
    "oldest": "f.first_seen, f.source_table, f.source_id",
    "newest": "f.first_seen DESC, f.source_table, f.source_id",
    "unit": "f.org_code NULLS LAST, f.source_table, f.source_id",
    "month": "f.month DESC NULLS LAST, f.source_table, f.source_id",
}


def failed_rows(release: Release, wanted: Failed, page: Page = Page()) -> list[FailedRow]:
    """Return failed rows in the order asked for."""
    sql, params = relation(wanted)
    found = _all(
        release,
        f"{sql} SELECT {', '.join(f'f.{name}' for name in ROW)}, f.codes, f.state FROM found AS f "
        f"ORDER BY {ORDERS[page.order]} LIMIT ? OFFSET ?",
        [*params, min(page.limit, MOST_ROWS), page.offset],
        limit=MOST_ROWS,
    )
    return [_row(row) for row in found]


def _row(row: tuple[Any, ...]) -> FailedRow:
    named = dict(zip((*ROW, "codes", "state"), row, strict=True))
    lists = {name: tuple(named[name]) for name in ("check_codes", "messages", "codes")}
    return FailedRow(**{**named, **lists})


def failed_count(release: Release, wanted: Failed) -> tuple[int, Decimal]:
    """Return how many rows failed, each once, and their đồng."""
    sql, params = relation(wanted)
    [row] = _all(
        release, f"{sql} SELECT count(*), COALESCE(SUM(f.amount_vnd), 0) FROM found AS f", params, limit=1
    )
    return int(row[0]), Decimal(row[1])


def failed_keys(release: Release, wanted: Failed, *, limit: int) -> list[RowKey]:
    """Return what a decision needs of every row asked for. Raises: TooManyRows beyond `limit`.

    A row that is accepted or rejected already is decided about as a whole: what was said of it before is replaced.
    """
    sql, params = relation(wanted)
    reasons = (
        "CASE f.place WHEN 'held' THEN f.codes ELSE list_distinct(list_concat(f.codes, f.said_codes)) END"
    )
    found = _all(
        release,
        f"{sql} SELECT f.source, f.source_table, f.source_id, f.version, {reasons}, f.org_code, f.month, "
        "f.amount_vnd FROM found AS f ORDER BY f.source_table, f.source_id",
        params,
        limit=limit,
    )
    return [
        RowKey(source, table, key, version, tuple(codes), org, month, Decimal(vnd))
        for source, table, key, version, codes, org, month, vnd in found
    ]


def failed_states(release: Release, wanted: Failed) -> dict[str, tuple[int, Decimal]]:
    """Return state → rows and đồng."""
    sql, params = relation(wanted)
    found = _all(
        release,
        f"{sql} SELECT f.state, count(*), SUM(f.amount_vnd) FROM found AS f GROUP BY 1",
        params,
        limit=99,
    )
    return {state: (rows, Decimal(vnd)) for state, rows, vnd in found}


def failed_months(release: Release, wanted: Failed) -> list[str]:
    """Return the months the rows belong to, ascending; rows without a month have none."""
    sql, params = relation(wanted)
    asked = f"{sql} SELECT DISTINCT f.month FROM found AS f WHERE f.month IS NOT NULL ORDER BY 1"
    return [row[0] for row in _all(release, asked, params, limit=MOST_GROUPS)]


def failed_groups(
    release: Release, wanted: Failed, by: By, *, marks: Collection[datetime] = ()
) -> list[Group]:
    """Return failed rows grouped, most rows first. `marks`: the moments between the ages, oldest first."""
    sql, params = relation(wanted)
    table = "''" if by in ("unit", "age") else "g.source_table"
    source = "''" if by in ("unit", "age") else "g.source"
    key = {
        "check": "g.code", "source": "g.source_table", "age": _age(marks),
        "unit": "COALESCE(g.unit_code, '')",
    }[by]  # fmt: skip
    rows = "found AS g" if by != "check" else "(SELECT f.*, UNNEST(f.codes) AS code FROM found AS f) AS g"
    undecided = "g.state = 'waiting'" + (
        " AND NOT list_contains(g.said_codes, g.code)" if by == "check" else ""
    )
    found = _all(
        release,
        f"{sql} SELECT {key}, {source}, {table}, count(*), SUM(g.amount_vnd), count(*) FILTER ({undecided}), "
        f"MIN(g.first_seen) FROM {rows} GROUP BY ALL ORDER BY 4 DESC, 1",
        [*params, *(marks if by == "age" else ())],
        limit=MOST_GROUPS,
    )
    return [Group(str(key), *rest) for key, *rest in found]


def _age(marks: Collection[datetime]) -> str:
    """Return the expression of the age of a row: 0 for older than the first mark, and so on."""
    words = " ".join(f"WHEN g.first_seen < ? THEN '{at}'" for at, _ in enumerate(marks))
    return f"CASE {words} ELSE '{len(marks)}' END" if words else "'0'"


def fixes_left(release: Release, *, decisions: Collection[str]) -> dict[str, int]:
    """Return decision → rows asked to be fixed at their source that are still held as they were."""
    if not decisions:
        return {}
    found = _all(
        release,
        "SELECT d.decision_id, count(DISTINCT (d.source_table, d.source_id)) FROM desk.decisions AS d "
        "JOIN quarantine.held AS h ON h.source_table = d.source_table AND h.source_id = d.source_id "
        "AND h.version = d.version WHERE list_contains(?, d.decision_id) GROUP BY 1",
        [list(decisions)],
        limit=MOST_GROUPS,
    )
    return dict(found)


def decisions_read(release: Release) -> frozenset[str]:
    """Return the decisions this release was made with."""
    found = _all(release, "SELECT DISTINCT decision_id FROM desk.decisions", [], limit=1_000_000)
    return frozenset(row[0] for row in found)


def row_versions(release: Release, table: str, key: int) -> list[Version]:
    """Return the versions of a row, newest first; none when it never changed."""
    sql = (
        "SELECT COALESCE(version, ''), batch_id, landed_at, gone, COALESCE(raw, '{}') FROM quarantine.versions "
        "WHERE source_table = ? AND source_id = ? ORDER BY landed_at DESC, batch_id DESC"
    )
    return [Version(*row) for row in _all(release, sql, [table, key], limit=MOST_ROWS)]


def trial_totals(release: Release, *, org_codes: Collection[str] | None) -> list[HeldTotal]:
    """Return what the checks in trial would hold or flag, by check, source table, office and month."""
    where, params = _within(org_codes)
    sql = (
        'SELECT q.check_code, q.source, q.source_table, q.org_code, q.month, q."rows", q.amount_vnd '
        f"FROM quarantine.trial AS q LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code WHERE {where} ORDER BY ALL"
    )
    return [HeldTotal(*row) for row in _all(release, sql, params, limit=1_000_000)]


def quarantine_count(
    release: Release, *, org_codes: Collection[str] | None, source: str | None = None
) -> tuple[int, Decimal]:
    """Return how many rows are held, each once, and the đồng they hold back: what stands beside every figure."""
    where, params = _within(org_codes)
    if source is not None:
        where, params = f"{where} AND q.source = ?", [*params, source]
    sql = (
        "SELECT count(*), COALESCE(SUM(q.amount_vnd), 0) FROM quarantine.held AS q "
        f"LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code WHERE {where}"
    )
    [row] = _all(release, sql, params, limit=1)
    return int(row[0]), Decimal(row[1])


def flagged_summary(release: Release, *, org_codes: Collection[str] | None = None) -> list[HeldTotal]:
    """Return the rows that are in the figures but carry a flag, by check, source table, office and month."""
    where, params = _within(org_codes)
    sql = (
        "SELECT h.check_code, h.source, h.source_table, h.org_code, h.month, count(*), 0 FROM ("
        "SELECT UNNEST(q.check_codes) AS check_code, q.source, q.source_table, q.org_code, q.month "
        "FROM quarantine.flagged AS q LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code "
        f"WHERE {where}) AS h GROUP BY ALL ORDER BY ALL"
    )
    found = _all(release, sql, params, limit=1_000_000)
    return [
        HeldTotal(code, source, table, org, month, rows, Decimal(vnd))
        for code, source, table, org, month, rows, vnd in found
    ]


def _within(org_codes: Collection[str] | None) -> tuple[str, list[Any]]:
    if org_codes is None:
        return "TRUE", []
    within = " OR ".join("o.cur_org_code = ? OR starts_with(o.cur_org_code, ?)" for _ in org_codes)
    return f"({within or 'FALSE'})", [word for code in sorted(org_codes) for word in (code, f"{code}.")]


def _all(release: Release, sql: str, params: list[Any], *, limit: int) -> list[tuple[Any, ...]]:
    return release.fetch(sql, params, limit=limit)[1]
