"""Control totals worked out at the source equal an independent count, on every kind of source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from dwh.datapath.sources.connectors.base import ControlTotal, Grouping, Position
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.tests.miniature import LINES, START, Miniature, at, landed_rows, sync

TABLE = load_contract("collection").table(LINES)
CLAIMS = load_contract("claims").table("gd_ho_so")
BY = Grouping(period="ky", unit="ma_cq_bhxh")


@pytest.fixture
def opened(source):
    connectors = []

    def connect():
        connectors.append(open_url(source.url))
        return connectors[-1]

    yield connect
    for connector in connectors:
        connector.close()


def fill(source):
    """Put in two months and three units; one unit differs from another by case alone, one is empty."""
    units = ("01501", "a", "A", None)
    for key in range(1, 41):
        deleted = key % 11 == 0
        source.add_line(
            key, key, amount=key * 7, ky="202609" if key % 3 else "202610", ma_cq_bhxh=units[key % 4],
            is_deleted=int(deleted) if source.is_sqlite else deleted,
        )  # fmt: skip


def test_totals_equal_an_independent_count_of_the_landed_rows(source, settings_for, opened):
    fill(source)
    settings = settings_for(source)
    sync(source, settings)
    expected = defaultdict(lambda: [0, dict.fromkeys(TABLE.money, 0)])
    for row in landed_rows(settings, "collection", LINES).values():
        if not row["is_deleted"]:
            group = expected[row["ky"], row["ma_cq_bhxh"]]
            group[0] += 1
            group[1] = {name: group[1][name] + row[name] for name in TABLE.money}
    found = opened().totals(TABLE, BY)
    assert {(t.period, t.unit): [t.rows, t.sums] for t in found} == expected
    assert len(found) == len(expected) == 8


def test_the_whole_table_is_one_total_and_an_empty_one_is_none(source, opened):
    assert opened().totals(TABLE, Grouping()) == []
    fill(source)
    (whole,) = opened().totals(TABLE, Grouping())
    assert (whole.period, whole.unit, whole.rows) == (None, None, 37)
    assert whole.sums["so_tien_da_dong"] == 7 * (sum(range(1, 41)) - 11 - 22 - 33)
    assert {t.period: t.rows for t in opened().totals(TABLE, Grouping(period="ky"))} == {
        "202609": 25, "202610": 12
    }  # fmt: skip


def test_totals_up_to_a_position_and_after_it_make_the_whole(source, opened):
    fill(source)
    connector, middle = opened(), Position(START.replace(second=20), 20)
    before = connector.totals(TABLE, Grouping(), upto=middle)[0]
    after = connector.totals(TABLE, Grouping(), after=middle)[0]
    whole = connector.totals(TABLE, Grouping())[0]
    assert (before.rows, after.rows) == (19, 18)
    assert {name: before.sums[name] + after.sums[name] for name in TABLE.money} == whole.sums


def test_sums_beyond_64_bits_are_exact(source, opened):
    for key in range(1, 31):
        source.add_line(key, key, amount=999_999_999_999_999_999)
    (whole,) = opened().totals(TABLE, Grouping())
    assert whole.sums["so_tien_da_dong"] == 30 * 999_999_999_999_999_999


def test_decimals_are_summed_exactly_by_the_month_of_a_date_or_a_moment(source):
    claims = Miniature("claims", source.url, source.run)
    names = "id, ma_lk, ma_cskcb, lan_gui, t_bhtt, thoi_gian_tiep_nhan, updated_at, is_deleted"
    no = "0" if source.is_sqlite else "false"
    amounts = [("0.1", 0), ("0.2", 0), ("12345678901.45", 0), ("0.1", 31 * 86_400), ("NULL", 31 * 86_400)]
    for key, (amount, moment) in enumerate(amounts):
        values = f"{key}, 'L{key}', '01001', 1, {amount}, '{at(moment)}', '{at(key)}', {no}"
        claims.run(f"INSERT INTO gd_ho_so ({names}) VALUES ({values})")
    connector = open_url(source.url)
    found = connector.totals(CLAIMS, Grouping("thoi_gian_tiep_nhan", "ma_cskcb"))
    connector.close()
    sums = {(t.period, t.unit): (t.rows, t.sums["t_bhtt"]) for t in found}
    assert sums == {
        ("202610", "01001"): (3, Decimal("12345678901.75")), ("202611", "01001"): (2, Decimal("0.10")),
    }  # fmt: skip


def test_a_table_without_a_mark_of_deletion_counts_every_row(source, opened):
    fill(source)
    unmarked = replace(TABLE, columns=tuple(c for c in TABLE.columns if c.name != "is_deleted"))
    assert opened().totals(unmarked, Grouping())[0].rows == 40


def test_the_month_of_a_moment_is_that_of_utc(source, opened):
    last = datetime(2026, 10, 31, 23, 59, 59)  # noqa: DTZ001 - naive UTC, as landed; November in Hà Nội
    source.add_line(1, int((last - START).total_seconds()))
    (found,) = opened().totals(TABLE, Grouping(period="updated_at"))
    assert isinstance(found, ControlTotal)
    assert found.period == "202610"
