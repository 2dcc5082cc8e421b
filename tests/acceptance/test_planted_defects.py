"""Every planted defect is found, in the check that must find it, and nothing else is."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

import demo
from demo.ledger import SOURCE_OF, Ledger, read_ledger
from demo.sources.mutations import day_two
from dwh.datapath.pipeline.build import build
from dwh.datapath.pipeline.publish import publish
from dwh.datapath.reconciliation.totals import reconcile
from dwh.datapath.sources.contract import source_names
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.standardise.checks import all_checks
from dwh.datapath.warehouse.release import Release, current_release
from tests.conftest import settings_of
from tests.oracle.efiling import promised_otherwise
from tests.oracle.recount import Oracle

pytestmark = pytest.mark.xdist_group("demo")
EVERY_ROW = 1_000_000
with (Path(demo.__file__).parent / "data/defects.csv").open(encoding="utf-8", newline="") as file:
    DEFECTS = list(csv.DictReader(file))
REUSED = ("15", "24", "44", "52", "80", "82", "91")  # sources.md D-07
WHY = {
    "date": " (not a fault of a row: placed by date, recounted with Polars)",
    "recount": " (of nearly every row, counted by a rule on trial and recounted with Polars)",
    "reading": " (nothing to see in one day's rows: the test of rows deleted and changed without a trace)",
}


def found_in(release: Release) -> dict[str, set[tuple[str, str, int]]]:
    """Return check code → (source, table, id) of the rows held or flagged."""
    found: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for table in ("quarantine.held", "quarantine.flagged"):
        _, rows = release.fetch(
            f"SELECT source, source_table, source_id, check_codes FROM {table}", limit=EVERY_ROW
        )
        for source, source_table, source_id, codes in rows:
            for code in codes:
                found[code].add((source, source_table, source_id))
    return found


def planted_in(ledger: Ledger) -> dict[str, set[tuple[str, str, int]]]:
    planted: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for row in ledger.rows:
        planted[row.check].add((SOURCE_OF[row.system], row.table, row.id))
    return planted


@pytest.mark.req("C-12")
def test_what_is_found_is_what_was_planted_row_by_row(built_home):
    found = found_in(current_release(settings_of(built_home)))
    planted = planted_in(read_ledger(built_home))

    false_positives = {code: rows - planted[code] for code, rows in found.items() if rows - planted[code]}
    missed = {code: rows - found[code] for code, rows in planted.items() if rows - found[code]}
    assert (false_positives, missed) == ({}, {})
    assert set(planted) <= {check.code for checks in all_checks().values() for check in checks}


@pytest.mark.req("C-12")
def test_every_class_of_defect_is_planted_found_and_told(built_home):
    """One line for each of the 44 classes of sources.md §11: what was planted, found, and found wrongly."""
    release, ledger = current_release(settings_of(built_home)), read_ledger(built_home)
    found, of_check = (
        found_in(release),
        {c.code: c.defect for checks in all_checks().values() for c in checks},
    )
    told = {
        defect["defect"]: (
            {(SOURCE_OF[r.system], r.table, r.id) for r in ledger.rows if r.defect == defect["defect"]},
            {row for check, rows in found.items() if of_check[check] == defect["defect"] for row in rows},
        )
        for defect in DEFECTS
    } | {"D-07": reused_codes(built_home, release), "D-37": promises(built_home, release)}
    for defect in DEFECTS:
        planted, seen = told[defect["defect"]]
        print(f"{defect['defect']}  {defect['class']}: planted {len(planted)}, found {len(planted & seen)}, "
              f"false positives {len(seen - planted)}{WHY.get(defect['found_by'], '')}")  # fmt: skip
    assert {code for code, (planted, seen) in told.items() if planted != seen} == set()
    assert {code for code, (planted, _) in told.items() if not planted} == {"D-30"}
    assert [defect["defect"] for defect in DEFECTS] == [f"D-{n:02}" for n in range(1, 45)]


def reused_codes(home, release):
    """Return the rows of stocks in provinces whose number was another's before the reform: recounted, and found."""
    frame = Oracle.of(home / "sources").frames["stock"]
    keys = [f"P{code}-{era}" for code in REUSED for era in ("1995", "2025")]
    mine = frame.filter(pl.col("place.province").is_in(keys))
    listed = ", ".join(f"'{key}'" for key in keys)
    _, rows = release.fetch(
        f"SELECT source_id, month, geo_key FROM core.fct_household_stock WHERE geo_key IN ({listed})",
        limit=EVERY_ROW,
    )
    return set(mine.select("id", "month", "place.province").iter_rows()), set(rows)


def promises(home, release):
    """Return the dossiers promised for another day than that in working days: recounted, and found on trial."""
    found = set()
    for part in release.manifest["parts"]["staging.stg_edossier"].values():
        rows = pq.read_table(
            release.settings.parts / part["file"], columns=["source_id", "shadow"]
        ).to_pylist()
        found |= {row["source_id"] for row in rows if "GDT-H08" in row["shadow"]}
    return promised_otherwise(home / "sources"), found


def test_a_held_row_is_never_in_staging_and_a_flagged_one_always_is(built_home):
    release = current_release(settings_of(built_home))
    held = {(t, i) for t, i in _ids(release, "quarantine.held")}
    flagged = {(t, i) for t, i in _ids(release, "quarantine.flagged")}

    assert held
    assert held.isdisjoint(flagged)


def _ids(release: Release, table: str) -> list[tuple[str, int]]:
    return release.fetch(f"SELECT source_table, source_id FROM {table}", limit=EVERY_ROW)[1]


@pytest.mark.slow
def test_rows_deleted_without_a_trace_at_the_source_leave_the_warehouse(own_home):
    """D-30: a hard delete moves no updated_at; the key pull finds it."""
    settings = settings_of(own_home)
    removed = {(c.table, c.id) for c in day_two(own_home, seed=77).changes if c.action == "hard_deleted"}
    assert removed & _landed(current_release(settings), removed) == removed

    for source in source_names():
        sync_source(source, settings=settings, now=datetime(2026, 11, 23, tzinfo=UTC))
    publish(build(settings=settings, today=date(2026, 11, 23)), settings=settings)

    left = _landed(current_release(settings), removed)
    silent, cells = _changed_silently(own_home, settings)
    print(f"D-30: planted {len(removed)} rows deleted without a trace, found {len(removed - left)}; "
          f"planted {len(silent)} changed without a new moment, found {len(cells & silent)} of their cells, "
          f"false positives {len(cells - silent)}")  # fmt: skip
    assert (left, cells) == (set(), silent)


def _changed_silently(home, settings) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Change three paid lines behind everybody's back; return their cells, and those the reconciliation names."""
    lines = "tst_dong_ca_nhan"
    rows = f"SELECT id, ky, ma_cq_bhxh FROM {lines} WHERE is_deleted = 0 GROUP BY ky, ma_cq_bhxh ORDER BY id LIMIT 3"
    with closing(sqlite3.connect(home / "sources/tst.sqlite")) as source, source:
        chosen = source.execute(rows).fetchall()
        source.executemany(
            f"UPDATE {lines} SET so_tien_da_dong = so_tien_da_dong + 1 WHERE id = ?",
            [(key,) for key, *_ in chosen],
        )
    sync_source("collection", settings=settings, now=datetime(2026, 11, 24, tzinfo=UTC))
    found = reconcile("collection", settings=settings, now=datetime(2026, 11, 25, tzinfo=UTC))
    cells = next(one for one in found if one.table == lines).unexplained
    return {(month, office) for _, month, office in chosen}, {(cell.period, cell.unit) for cell in cells}


def _landed(release: Release, of: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return which of these source rows the release still holds as landed."""
    found = set()
    for table in {table for table, _ in of}:
        for part in release.manifest["parts"][f"landed.{table}"].values():
            ids = pq.read_table(release.settings.parts / part["file"], columns=["id"])["id"].to_pylist()
            found |= {(table, i) for i in ids}
    return found & of
