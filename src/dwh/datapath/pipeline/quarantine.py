"""Held and flagged rows of a release: what the gate shows to those who may see them.

The tables are quarantine.held (rows that failed a `hold` check, with their raw JSON) and quarantine.flagged
(rows in staging that a check flagged). Nothing here masks: the gate does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from dwh.datapath.warehouse.release import Release

MOST_ROWS = 10_000  # ours: a page, never the whole quarantine
FLAGGED_COLUMNS = "source, source_table, source_id, check_codes, org_code, month, batch_id"


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One row kept out of staging, with its reasons. Units: amount_vnd in đồng."""

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


@dataclass(frozen=True, slots=True)
class HeldTotal:
    """Held rows and đồng of one check, source table, office and month. A row with two reasons counts in both."""

    check_code: str
    source: str
    source_table: str
    org_code: str | None
    month: str | None
    rows: int
    amount_vnd: Decimal


def quarantine_rows(
    release: Release,
    *,
    org_codes: Collection[str] | None,
    check: str | None = None,
    source: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[HeldRow]:
    """Return held rows, largest amount first, then by table and id.

    `org_codes`: roots of the subtrees that may be seen, on today's tree; rows of a unit that was taken over
    belong to its successor. None sees all, and rows without a known office; an empty collection sees nothing.
    """
    where, params = _where(org_codes, check, source)
    sql = (
        "SELECT q.source, q.source_table, q.source_id, q.check_codes, q.messages, q.org_code, q.month,"
        " q.amount_vnd, q.batch_id, q.raw, q.first_seen"
        f" FROM quarantine.held AS q {_ORG} WHERE {where}"
        " ORDER BY q.amount_vnd DESC, q.source_table, q.source_id LIMIT ? OFFSET ?"
    )
    _, rows = release.fetch(sql, [*params, min(limit, MOST_ROWS), offset], limit=MOST_ROWS)
    return [_held(*row) for row in rows]


def _held(source: str, table: str, key: int, codes: list[str], messages: list[str], *rest: Any) -> HeldRow:
    return HeldRow(source, table, key, tuple(codes), tuple(messages), *rest)


def quarantine_count(
    release: Release,
    *,
    org_codes: Collection[str] | None,
    check: str | None = None,
    source: str | None = None,
) -> tuple[int, Decimal]:
    """Return how many rows are held, each once, and the đồng they hold back."""
    where, params = _where(org_codes, check, source)
    sql = f"SELECT count(*), COALESCE(SUM(q.amount_vnd), 0) FROM quarantine.held AS q {_ORG} WHERE {where}"
    _, rows = release.fetch(sql, params, limit=1)
    return int(rows[0][0]), Decimal(rows[0][1])


def quarantine_summary(release: Release, *, org_codes: Collection[str] | None = None) -> list[HeldTotal]:
    """Return held rows and đồng by check, source table, office and month, within the subtrees (None: all)."""
    where, params = _where(org_codes, None, None)
    sql = (
        "SELECT h.check_code, h.source, h.source_table, h.org_code, h.month, count(*), SUM(h.amount_vnd) FROM ("
        "SELECT UNNEST(q.check_codes) AS check_code, q.source, q.source_table, q.org_code, q.month, q.amount_vnd"
        f" FROM quarantine.held AS q {_ORG} WHERE {where}) AS h GROUP BY ALL ORDER BY ALL"
    )
    _, rows = release.fetch(sql, params, limit=1_000_000)
    return [HeldTotal(*row) for row in rows]


def flagged_summary(release: Release, *, org_codes: Collection[str] | None = None) -> list[HeldTotal]:
    """Return the rows that are in the figures but carry a flag, by check, source table, office and month."""
    where, params = _where(org_codes, None, None)
    sql = (
        "SELECT h.check_code, h.source, h.source_table, h.org_code, h.month, count(*), 0 FROM ("
        "SELECT UNNEST(q.check_codes) AS check_code, q.source, q.source_table, q.org_code, q.month"
        f" FROM quarantine.flagged AS q {_ORG} WHERE {where}) AS h GROUP BY ALL ORDER BY ALL"
    )
    _, rows = release.fetch(sql, params, limit=1_000_000)
    return [
        HeldTotal(code, source, table, org_code, month, counted, Decimal(held))
        for code, source, table, org_code, month, counted, held in rows
    ]


_ORG = "LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code"


def _where(org_codes: Collection[str] | None, check: str | None, source: str | None) -> tuple[str, list[Any]]:
    conditions, params = ["TRUE"], []
    if org_codes is not None:
        within = " OR ".join("o.cur_org_code = ? OR starts_with(o.cur_org_code, ?)" for _ in org_codes)
        conditions.append(f"({within or 'FALSE'})")
        params += [word for code in sorted(org_codes) for word in (code, f"{code}.")]
    if check is not None:
        conditions.append("list_contains(q.check_codes, ?)")
        params.append(check)
    if source is not None:
        conditions.append("q.source = ?")
        params.append(source)
    return " AND ".join(conditions), params
