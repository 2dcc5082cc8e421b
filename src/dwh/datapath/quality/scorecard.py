"""The scorecard of a release: rows read, rows asked and rows objected to, counted by unit, check and one by one.

A row read is in staging (quality.staged counts them) or is held or rejected (quarantine); rows that wait for the
unlocking of their month are not among them. The rows objected to are in quarantine.held, .rejected and .flagged: a row
a person accepted is in staging with its codes, and so among the flagged. Who may ask is governance's matter.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from dwh.datapath.quality.criteria import REJECTED, Criterion, Rule, rules
from dwh.datapath.standardise.counted import FLAGGED, STAGED
from dwh.datapath.warehouse.model import ALL, NO_MONTH
from dwh.datapath.warehouse.release import Release
from dwh.kernel.org.scope import NATION

UNKNOWN = (
    ""  # the unit of rows whose office is not known: standardising gives them to the nation, or to nobody
)
MOST_UNITS = 100_000
PLACES = ("held", "rejected", "accepted", "flagged")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are looked at.

    `org_codes`: roots of the subtrees, on today's tree; None is the nation with the rows of no known office, an empty
    collection sees nothing; `only_unknown` leaves these rows only. `since`, `until`: 'YYYY-MM', both inside; `undated`:
    rows that belong to no month, or to none that can be read, count as well. `direct`: the rows of these units
    themselves, without those of the units below them.
    """

    org_codes: Collection[str] | None
    since: str
    until: str
    undated: bool = True
    source: str | None = None
    only_unknown: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """Rows of the tables a criterion is asked of, and how many of them a check of it objects to."""

    asked: int
    failed: int

    def __add__(self, other: Share) -> Share:
        return Share(self.asked + other.asked, self.failed + other.failed)


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Rows read of one unit, and its share of each criterion."""

    unit: str
    read: int
    shares: dict[Criterion, Share]


@dataclass(frozen=True, slots=True)
class Objections:
    """Rows one check objects to, by where they are. A row with two reasons counts in both checks."""

    code: str
    source: str
    source_table: str
    held: int
    rejected: int
    accepted: int
    flagged: int


@dataclass(frozen=True, slots=True)
class ObjectedRow:
    """One row a criterion objects to: where it is in the source, which checks, whose. No content of the row."""

    place: str
    source: str
    source_table: str
    source_id: int
    codes: tuple[str, ...]
    org_code: str | None
    month: str | None


def rules_of(release: Release) -> tuple[Rule, ...]:
    """Return what each criterion asked in this release."""
    return rules(release.manifest.get("stopped_checks", ()))


def months_of(release: Release) -> list[str]:
    """Return the months with rows in staging, ascending, none after the last month of the release."""
    sql = f"SELECT DISTINCT month FROM {STAGED} WHERE month IS NOT NULL AND month <= ? ORDER BY 1"
    found = release.fetch(sql, [release.manifest["data_until"]], limit=10_000)[1]
    return [month for (month,) in found if month not in (ALL, NO_MONTH)]


def counts_by_unit(release: Release, wanted: Wanted, *, by_province: bool) -> list[UnitCount]:
    """Return the counts of every unit with rows, by province or by office, in the order of their codes."""
    where, params = _within(wanted)
    asked = rules_of(release)
    numbers = range(len(asked))
    unit = f"COALESCE(NULLIF({_UNIT if by_province else 'o.cur_org_code'}, '{NATION}'), '{UNKNOWN}')"
    sql = f"""{_READ},
    counted AS (
      SELECT {unit} AS unit, q.source_table, q.n, {", ".join(f"0 AS failed_{n}" for n in numbers)}
      FROM read AS q {_ORG} WHERE {where}
      UNION ALL
      SELECT {unit}, q.source_table, 0, {", ".join([_HAS_ANY] * len(asked))}
      FROM alike AS q {_ORG} WHERE {where}
    )
    SELECT unit, SUM(n), {", ".join(_share(n) for n in numbers)} FROM counted GROUP BY 1 ORDER BY 1"""
    tables = [list(rule.tables) for rule in asked]
    words = [*params, *(list(rule.codes) for rule in asked), *params]
    words += [one for table in tables for one in (table, table)]
    return [_unit_count(row, asked) for row in release.fetch(sql, words, limit=MOST_UNITS)[1]]


def objections(release: Release, wanted: Wanted, criterion: Criterion) -> list[Objections]:
    """Return the checks of a criterion that object to some row, most rows first."""
    where, params = _within(wanted)
    rule = _rule(release, criterion)
    counts = ", ".join(f"count(*) FILTER (place = '{place}')" for place in PLACES)
    sql = f"""{_OBJECTED},
    found AS (
      SELECT UNNEST(list_filter(q.codes, lambda c: list_contains(?::VARCHAR[], c))) AS code, q.source, q.source_table,
        q.place FROM objected AS q {_ORG} WHERE {where} AND list_contains(?::VARCHAR[], q.source_table)
    )
    SELECT code, source, source_table, {counts} FROM found GROUP BY ALL ORDER BY count(*) DESC, 1, 3"""
    found = release.fetch(sql, [list(rule.codes), *params, list(rule.tables)], limit=10_000)[1]
    return [Objections(*row) for row in found]


def objected_rows(
    release: Release, wanted: Wanted, criterion: Criterion, check: str | None, *, limit: int, offset: int
) -> list[ObjectedRow]:
    """Return rows a criterion, or one check of it, objects to, by source table and key."""
    where, params = _within(wanted)
    rule = _rule(release, criterion)
    codes = [code for code in rule.codes if check in (None, code)]
    sql = f"""{_OBJECTED}
    SELECT q.place, q.source, q.source_table, q.source_id,
      list_filter(q.codes, lambda c: list_contains(?::VARCHAR[], c)), q.org_code, q.month
    FROM objected AS q {_ORG}
    WHERE {where} AND list_has_any(q.codes, ?::VARCHAR[]) AND list_contains(?::VARCHAR[], q.source_table)
    ORDER BY q.source_table, q.source_id LIMIT ? OFFSET ?"""
    words = [list(rule.codes), *params, codes, list(rule.tables), limit, offset]
    found = release.fetch(sql, words, limit=limit)[1]
    return [
        ObjectedRow(place, source, table, key, tuple(codes), org, month)
        for place, source, table, key, codes, org, month in found
    ]


def _rule(release: Release, criterion: Criterion) -> Rule:
    return next(rule for rule in rules_of(release) if rule.criterion == criterion)


def _unit_count(row: tuple[Any, ...], asked: tuple[Rule, ...]) -> UnitCount:
    unit, read, *numbers = row
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    shares = {rule.criterion: Share(int(a), int(f)) for rule, (a, f) in zip(asked, pairs, strict=True)}
    return UnitCount(unit, int(read), shares)


def _share(n: int) -> str:
    """Return the expressions of the rows asked and objected to by the n-th criterion: in its tables only."""
    within = "FILTER (list_contains(?::VARCHAR[], source_table))"
    return f"COALESCE(SUM(n) {within}, 0), COALESCE(SUM(failed_{n}) {within}, 0)"


def _within(wanted: Wanted) -> tuple[str, list[Any]]:
    """Return the condition of the rows wanted, over q and its office o."""
    conditions, params = [], list[Any]()
    if wanted.only_unknown:
        conditions.append(f"COALESCE(o.cur_org_code, '{NATION}') = '{NATION}'")
    if wanted.org_codes is not None:
        below = "" if wanted.direct else " OR starts_with(o.cur_org_code, ?)"
        within = " OR ".join(f"o.cur_org_code = ?{below}" for _ in wanted.org_codes)
        conditions.append(f"({within or 'FALSE'})")
        params += [w for code in sorted(wanted.org_codes) for w in ([code, f"{code}."] if below else [code])]
    conditions.append(f"(q.month BETWEEN ? AND ?{' OR q.month IS NULL' if wanted.undated else ''})")
    params += [wanted.since, wanted.until]
    if wanted.source is not None:
        conditions.append("q.source = ?")
        params.append(wanted.source)
    return " AND ".join(conditions), params


_HAS_ANY = "CASE WHEN list_has_any(q.codes, ?::VARCHAR[]) THEN q.n ELSE 0 END"
_UNIT = "COALESCE(o.cur_province_org_code, o.cur_org_code)"
_ORG = "LEFT JOIN core.dim_org AS o ON o.org_code = q.org_code"
_MONTH = f"NULLIF(NULLIF(month, '{ALL}'), '{NO_MONTH}') AS month"
_OBJECTED = f"""WITH objected AS (
      SELECT 'held' AS place, source, source_table, source_id, check_codes AS codes, org_code, {_MONTH}
      FROM quarantine.held
      UNION ALL
      SELECT 'rejected', source, source_table, source_id,
        CASE WHEN len(check_codes) = 0 THEN ['{REJECTED}'] ELSE check_codes END, org_code, {_MONTH}
      FROM quarantine.rejected
      UNION ALL
      SELECT CASE WHEN list_contains(check_codes, 'accepted') THEN 'accepted' ELSE 'flagged' END, source,
        source_table, source_id, check_codes, org_code, {_MONTH}
      FROM {FLAGGED}
    )"""
_READ = f"""{_OBJECTED},
    read AS (
      SELECT source, source_table, org_code, {_MONTH}, "rows" AS n FROM {STAGED}
      UNION ALL
      SELECT source, source_table, org_code, month, 1 FROM objected WHERE place IN ('held', 'rejected')
    ),
    alike AS (
      SELECT source, source_table, org_code, month, codes, count(*) AS n FROM objected GROUP BY ALL
    )"""
