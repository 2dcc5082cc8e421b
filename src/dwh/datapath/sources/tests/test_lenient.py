"""Quarantine mode: a column that changed its type is read value by value; rows that do not fit are held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from dwh.datapath.sources import sync as sync_module
from dwh.datapath.sources.connectors.lenient import told
from dwh.datapath.sources.contract import MISFITS, Column, load_contract, parse_contract
from dwh.datapath.sources.folders import CONTRACT, source_folders
from dwh.datapath.sources.tests.miniature import LINES, landed_lines, landed_rows, report_of
from dwh.kernel.errors import ContractBroken

RETYPED = {
    "sqlite": [
        f"ALTER TABLE {LINES} RENAME COLUMN {{0}} TO was_{{0}}",
        f"ALTER TABLE {LINES} ADD COLUMN {{0}} TEXT",
        f"UPDATE {LINES} SET {{0}} = was_{{0}}",
        f"ALTER TABLE {LINES} DROP COLUMN was_{{0}}",
    ],
    "postgresql": [f"ALTER TABLE {LINES} ALTER COLUMN {{0}} TYPE varchar(30) USING {{0}}::text"],
}


def in_quarantine(source: str):
    """Return the contract of a source as it is, but in quarantine mode."""
    folder = source_folders()[source]
    text = (folder / CONTRACT).read_text(encoding="utf-8")
    mode = "\ncustomProperties:\n  - {property: mode, value: quarantine}"
    return parse_contract(text.replace("\ncustomProperties:", mode, 1))


@pytest.fixture(params=["sqlite", "postgres"])
def source(request, monkeypatch):
    """A source whose contract is in quarantine mode, with one line that was read before anything changed."""
    found = request.getfixturevalue(f"{request.param}_source")
    contract = in_quarantine("collection")
    monkeypatch.setattr(sync_module, "load_contract", lambda _: contract)
    found.add_line(1, 1)
    return found


def retype(source, column: str) -> None:
    for statement in RETYPED[source.product]:
        source.run(statement.format(column))


def test_rows_that_fit_go_on_and_those_that_do_not_land_with_what_they_hold(source, settings_for):
    settings = settings_for(source)
    report_of(source, settings)
    retype(source, "can_cu_dong")
    source.add_line(2, 2, can_cu_dong="6000000.00")
    source.add_line(3, 3, can_cu_dong="năm triệu")
    source.add_line(4, 4, can_cu_dong=None)

    report = report_of(source, settings)

    rows = landed_rows(settings, "collection", LINES)
    assert {key: row["can_cu_dong"] for key, row in rows.items()} == {
        1: 5_000_000,
        2: 6_000_000,
        3: None,
        4: None,
    }
    kept = {key: row[MISFITS] and json.loads(row[MISFITS]) for key, row in rows.items()}
    assert kept == {1: None, 2: None, 3: {"can_cu_dong": "năm triệu"}, 4: {"can_cu_dong": None}}
    [drift] = report.drifts
    assert (drift.column, drift.change, drift.stops) == ("can_cu_dong", "retyped", False)
    assert drift.mode == "quarantine"
    assert any("2 dòng có giá trị không đúng kiểu" in note for note in report.notes)


def test_a_row_the_source_corrected_lands_again_and_is_whole(source, settings_for):
    settings = settings_for(source)
    retype(source, "can_cu_dong")
    source.add_line(3, 3, can_cu_dong="năm triệu")
    report_of(source, settings)
    source.run(f"UPDATE {LINES} SET can_cu_dong = '5000000', updated_at = {source.later('9')} WHERE id = 3")
    report_of(source, settings)

    row = landed_rows(settings, "collection", LINES)[3]
    assert (row["can_cu_dong"], row[MISFITS]) == (5_000_000, None)
    assert not report_of(source, settings).rows  # what is landed as it is does not land twice


@pytest.mark.parametrize("column", ["so_tien_ld", "is_deleted"])
def test_a_column_the_table_is_summed_or_emptied_by_still_stops_the_source(source, settings_for, column):
    settings = settings_for(source)
    report_of(source, settings)
    if source.product == "sqlite":
        retype(source, column)
    else:
        source.run(f"ALTER TABLE {LINES} ALTER COLUMN {column} TYPE varchar(30) USING {column}::text")

    with pytest.raises(ContractBroken, match=column):
        report_of(source, settings)
    assert set(landed_lines(settings)) == {1}


def test_a_column_that_is_gone_stops_the_source_in_quarantine_too(source, settings_for):
    source.run(f"ALTER TABLE {LINES} DROP COLUMN can_cu_dong")

    with pytest.raises(ContractBroken, match="không còn"):
        report_of(source, settings_for(source))


def test_a_table_may_have_a_mode_of_its_own():
    contract = in_quarantine("collection")
    line = contract.table(LINES)
    assert (contract.mode, line.mode, contract.mode_of(line)) == ("quarantine", None, "quarantine")
    assert contract.mode_of(replace(line, mode="freeze")) == "freeze"
    assert [check.code for check in line.checks][-1] == f"KIEU-{LINES}"
    assert not load_contract("collection").table(LINES).keeps_misfits


GOOD = [
    ("integer", None, " 12 ", 12), ("money", None, "-5000000.00", -5_000_000),
    ("decimal", (5, 2), "12.5", Decimal("12.50")),
    ("date", None, "2026-11-30", date(2026, 11, 30)), ("boolean", None, "TRUE", True), ("boolean", None, "0", False),
    ("timestamp", None, "2026-11-30T08:00:00+07:00", datetime(2026, 11, 30, 1)),  # noqa: DTZ001 -- naive UTC
    ("timestamp", None, "2026-11-30 08:00:00", datetime(2026, 11, 30, 8)),  # noqa: DTZ001
    ("text", None, "x", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "precision", "text", "value"), GOOD)
def test_a_value_is_told_exactly(kind, precision, text, value):
    assert told(Column("c", kind, precision=precision), text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "1.5"), ("integer", "1e3"), ("money", "1.000.000"), ("money", "9" * 19), ("decimal", "12.345"),
     ("decimal", "9999.00"), ("date", "31/12/2026"), ("timestamp", "hôm qua"), ("boolean", "7"), ("integer", "")],
)  # fmt: skip
def test_a_value_that_is_not_of_its_type_is_none(kind, text):
    with pytest.raises(ValueError):  # noqa: PT011 -- the caller asks only whether it is one
        told(Column("c", kind, precision=(5, 2) if kind == "decimal" else None), text)


def test_nothing_is_a_value_only_where_it_may_be():
    assert told(Column("c", "integer"), None) is None
    with pytest.raises(ValueError, match="missing"):
        told(Column("c", "integer", nullable=False), None)
