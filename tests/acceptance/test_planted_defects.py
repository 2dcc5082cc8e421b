"""Every planted defect is found, in the check that must find it, and nothing else is."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime

import pyarrow.parquet as pq
import pytest

from demo.ledger import SOURCE_OF, Ledger, read_ledger
from demo.sources.mutations import day_two
from dwh.datapath.pipeline.build import build
from dwh.datapath.pipeline.publish import publish
from dwh.datapath.sources.contract import source_names
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.standardise.checks import all_checks
from dwh.datapath.warehouse.release import Release, current_release
from tests.conftest import settings_of

pytestmark = pytest.mark.xdist_group("demo")
EVERY_ROW = 1_000_000


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
    assert len({row.defect for row in read_ledger(built_home).rows}) >= 15


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

    assert _landed(current_release(settings), removed) == set()


def _landed(release: Release, of: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return which of these source rows the release still holds as landed."""
    found = set()
    for table in {table for table, _ in of}:
        for part in release.manifest["parts"][f"landed.{table}"].values():
            ids = pq.read_table(release.settings.parts / part["file"], columns=["id"])["id"].to_pylist()
            found |= {(table, i) for i in ids}
    return found & of
