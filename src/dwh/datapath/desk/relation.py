"""The relation of failed rows: those asked for, each with its state. One text for every question of the desk."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from dwh.datapath.pipeline.decided import NEWEST_FIRST
from dwh.datapath.sources.contract import load_contract, source_names
from dwh.datapath.standardise.checks import all_checks
from dwh.kernel.vi import strip_marks

ROW = (
    "place", "source", "source_table", "source_id", "check_codes", "messages", "org_code", "month", "amount_vnd",
    "batch_id", "raw", "first_seen", "version",
)  # fmt: skip
STATES = (  # of a failed row, in the order of its way
    "waiting",  # nobody has decided
    "fix",  # its owner was asked to correct it at the source
    "proposed",  # to be accepted, when another person approves
    "accepting",  # accepted; the next build takes it in
    "locked",  # decided, but its month is locked, or a key is missing: it waits
    "accepted",  # in the figures
    "rejecting",  # to be left out from the next build on
    "rejected",  # left out and counted
)


@dataclass(frozen=True, slots=True)
class Pending:
    """Decisions no build has read yet, a column each; verdict `propose` is an acceptance nobody approved so far."""

    tables: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()
    versions: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()

    @staticmethod
    def of(lines: Iterable[tuple[str, int, str, str, str]]) -> Pending:
        """Return the columns of (table, id, version, code, verdict) lines."""
        columns = list(zip(*lines, strict=True))
        return Pending(*(tuple(column) for column in columns)) if columns else Pending()

    @property
    def params(self) -> list[Any]:
        return [list(column) for column in (self.tables, self.ids, self.versions, self.codes, self.verdicts)]


@dataclass(frozen=True, slots=True)
class Failed:
    """Which failed rows are asked for.

    `org_codes`: roots of the subtrees that may be seen, on today's tree; rows of a unit that was taken over belong to
    its successor. None sees all, and rows without a known office; an empty collection sees nothing.
    `states` empty: rows that are held, whatever was decided. `rows`: these (table, id) only. `seen_from` ≤ first seen
    < `seen_until`. `by_province`: units are provinces, not offices.
    """

    org_codes: Collection[str] | None
    pending: Pending = Pending()
    check: str | None = None
    source: str | None = None
    states: tuple[str, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    seen_from: datetime | None = None
    seen_until: datetime | None = None
    search: str = ""
    by_province: bool = False
    only_with_other_reasons: bool = False  # rows held by a check beside `check` that nobody has accepted


def relation(wanted: Failed) -> tuple[str, list[Any]]:
    """Return `WITH … found AS (…)` and its parameters: columns ROW, codes, said_codes, state and unit_code.

    `said_codes` are the reasons somebody has decided about; with a check chosen, only that reason matters.
    """
    conditions, params = _conditions(wanted)
    others, other_params = _others(wanted)
    focus = [wanted.check] if wanted.check is not None else list(holding_codes())
    unit = "COALESCE(o.cur_province_org_code, o.cur_org_code)" if wanted.by_province else "o.cur_org_code"
    sql = f"""{_SAID},
    asked AS (
      SELECT f.*, list_filter(f.check_codes, lambda c: list_contains(?::VARCHAR[], c)) AS codes, {unit} AS unit_code
      FROM failed AS f LEFT JOIN core.dim_org AS o ON o.org_code = f.org_code
      WHERE {" AND ".join(conditions)}
    ),
    decided AS (
      SELECT f.*, COALESCE(s.codes, []) AS said_codes, {_state()} AS state
      FROM asked AS f LEFT JOIN said_of AS s
        ON s.source_table = f.source_table AND s.source_id = f.source_id AND s.version = f.version
      WHERE {others}
    ),
    found AS (SELECT * FROM decided WHERE {"list_contains(?, state)" if wanted.states else "place = 'held'"})
    """
    states: list[Any] = [list(wanted.states)] if wanted.states else []
    return sql, [*wanted.pending.params, focus, *params, *other_params, *states]


_SAID = f"""WITH pending AS (
      SELECT UNNEST(?::VARCHAR[]) AS source_table, UNNEST(?::BIGINT[]) AS source_id, UNNEST(?::VARCHAR[]) AS version,
        UNNEST(?::VARCHAR[]) AS check_code, UNNEST(?::VARCHAR[]) AS verdict
    ),
    said AS (
      SELECT d.source_table, d.source_id, d.version, d.check_code, d.verdict, FALSE AS is_pending
      FROM desk.decisions AS d
      ANTI JOIN pending AS p ON p.source_table = d.source_table AND p.source_id = d.source_id
        AND p.version = d.version AND p.check_code = d.check_code
      QUALIFY row_number() OVER ({NEWEST_FIRST}) = 1
      UNION ALL
      SELECT source_table, source_id, version, check_code, verdict, TRUE FROM pending
    ),
    said_of AS (
      SELECT source_table, source_id, version, list(check_code) AS codes,
        list(check_code) FILTER (verdict = 'reject' AND is_pending) AS rejecting,
        list(check_code) FILTER (verdict = 'reject' AND NOT is_pending) AS rejected,
        list(check_code) FILTER (verdict = 'propose') AS proposed,
        list(check_code) FILTER (verdict = 'fix') AS fix,
        list(check_code) FILTER (verdict = 'accept') AS accepted,
        list(check_code) FILTER (is_pending) AS pending
      FROM said GROUP BY ALL
    ),
    failed AS (
      SELECT 'held' AS place, * FROM quarantine.held
      UNION ALL SELECT 'rejected', * FROM quarantine.rejected
      UNION ALL SELECT 'accepted', * FROM quarantine.accepted
    )"""


def _others(wanted: Failed) -> tuple[str, list[Any]]:
    """Return the condition of rows that another reason holds, which nobody has accepted."""
    if not wanted.only_with_other_reasons:
        return "TRUE", []
    others = (
        "len(list_filter(f.check_codes, lambda c: c <> ? AND list_contains(?::VARCHAR[], c) "
        "AND NOT list_contains(COALESCE(s.accepted, []), c))) > 0"
    )
    return others, [wanted.check, list(holding_codes())]


def _state() -> str:
    """Return the expression of a row's state, over the reasons that matter (f.codes) and what was said of them (s)."""

    def some(words: str) -> str:
        return f"(len(f.codes) = 0 AND len(COALESCE({words}, [])) > 0 OR list_has_any(COALESCE({words}, []), f.codes))"

    return f"""CASE
        WHEN {some("s.rejecting")} THEN 'rejecting'
        WHEN {some("s.proposed")} THEN 'proposed'
        WHEN f.place <> 'held' AND NOT {some("s.pending")} THEN f.place
        WHEN {some("s.rejected")} AND f.place = 'held' THEN 'locked'
        WHEN f.place = 'held' AND NOT list_has_all(COALESCE(s.codes, []), f.codes) THEN 'waiting'
        WHEN {some("s.fix")} THEN 'fix'
        WHEN {some("s.pending")} THEN 'accepting'
        ELSE 'locked' END"""


def _conditions(wanted: Failed) -> tuple[list[str], list[Any]]:
    conditions, params = ["TRUE"], list[Any]()
    if wanted.org_codes is not None:
        within = " OR ".join("o.cur_org_code = ? OR starts_with(o.cur_org_code, ?)" for _ in wanted.org_codes)
        conditions.append(f"({within or 'FALSE'})")
        params += [word for code in sorted(wanted.org_codes) for word in (code, f"{code}.")]
    if wanted.check is not None:
        conditions.append("list_contains(f.check_codes, ?)")
        params.append(wanted.check)
    if wanted.source is not None:
        conditions.append("f.source = ?")
        params.append(wanted.source)
    if wanted.rows:
        conditions.append("list_contains(?::VARCHAR[], concat(f.source_table, ' ', f.source_id))")
        params.append([f"{table} {key}" for table, key in wanted.rows])
    for bound, sign in ((wanted.seen_from, ">="), (wanted.seen_until, "<")):
        if bound is not None:
            conditions.append(f"f.first_seen {sign} ?")
            params.append(bound)
    if wanted.search:
        conditions.append(_SEARCH)
        words = strip_marks(wanted.search)
        params += [words, words, words, list(_code_paths()), words]
    return conditions, params


_SEARCH = (  # never among what tells of a person: a search that finds is an answer
    "(f.source_id = TRY_CAST(? AS BIGINT) OR contains(lower(f.batch_id), ?)"
    " OR contains(replace(strip_accents(lower(o.org_name)), 'đ', 'd'), ?)"
    " OR len(list_filter(json_extract_string(f.raw, ?::VARCHAR[]), lambda w: contains(lower(w), ?))) > 0)"
)


@cache
def holding_codes() -> tuple[str, ...]:
    """Return the codes of the checks that hold a row; the others of a row only flag it."""
    return tuple(check.code for checks in all_checks().values() for check in checks if check.holds)


@cache
def _code_paths() -> tuple[str, ...]:
    """Return the JSON paths of the codes in landed rows that tell of no person in any table."""
    columns = [
        column for name in source_names() for table in load_contract(name).tables for column in table.landed
    ]
    personal = {column.name for column in columns if column.personal}
    return tuple(
        sorted({f"$.{c.name}" for c in columns if c.name.startswith("ma_") and c.name not in personal})
    )
