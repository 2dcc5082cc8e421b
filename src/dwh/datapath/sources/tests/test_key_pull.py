"""What the cursor cannot see is found, by all keys or by the periods that differ: both find the same."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import KEYS
from dwh.datapath.sources.contract import load_contract, parse_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.reading.live_keys import compare_keys, landed_key_sums, live_keys
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.tests.miniature import LINES, START, landed_lines, report_of, sync

MINUTE, DAY = 60, 86_400
CONTRACT = load_contract("collection")
TABLE = CONTRACT.table(LINES)
BY_PERIODS = replace(
    CONTRACT,
    tables=tuple(replace(t, deletes="periods" if t.month_column else "keys") for t in CONTRACT.tables),
)


@pytest.fixture(params=["keys", "periods"])
def mode(request, monkeypatch):
    """Both ways of finding deletes."""
    if request.param == "periods":
        monkeypatch.setattr("dwh.datapath.sources.sync.load_contract", lambda _: BY_PERIODS)
    return request.param


def test_a_clock_set_back_at_the_source_loses_no_change(source, settings_for, mode):
    for key in range(1, 6):
        source.add_line(key, DAY + key)
    settings = settings_for(source)
    sync(source, settings)
    source.pay(2, 0, amount=7)  # the source's clock is a day behind: no cursor ever sees this
    source.add_line(9, 1, amount=8)
    done = sync(source, settings)
    assert (done.rows, done.deletes) == (2, 0)
    assert landed_lines(settings) == source.lines()
    again = sync(source, settings)
    assert (again.rows, again.deletes) == (0, 0)


def test_a_clock_that_was_right_again_lands_each_version_once(source, settings_for, mode):
    source.add_line(1, DAY)
    settings = settings_for(source)
    sync(source, settings)
    source.pay(1, 0, amount=7)
    sync(source, settings)
    source.pay(1, DAY, amount=1_000)  # as it was at first, at the same moment
    assert sync(source, settings).rows == 1
    assert landed_lines(settings) == source.lines()
    assert sync(source, settings).rows == 0


def test_a_row_that_moves_to_another_month_behind_the_cursor_is_not_taken_for_deleted(
    source, settings_for, mode
):
    for key in range(1, 5):
        source.add_line(key, DAY + key, ky="202609" if key < 3 else "202610")
    settings = settings_for(source)
    sync(source, settings)
    source.run(f"UPDATE {LINES} SET ky = '202610', so_tien_da_dong = 5 WHERE id = 1")
    source.pay(1, 3, amount=5)
    source.remove(4)
    done = sync(source, settings)
    assert (done.rows, done.deletes) == (1, 1)
    assert landed_lines(settings) == source.lines()


def test_closed_periods_that_agree_are_not_pulled(source, settings_for, monkeypatch):
    monkeypatch.setattr("dwh.datapath.sources.sync.load_contract", lambda _: BY_PERIODS)
    for key in range(1, 9):
        source.add_line(key, key, ky=("202608", "202609", "202610", "tháng?")[key % 4])
    settings = settings_for(source)
    sync(source, settings)
    source.remove(1)
    asked = []
    with closing(open_url(source.url)) as opened:
        connector = type(opened)
    pull = connector.keys

    def keys(self, table, **wanted):
        asked.append((table.name, wanted.get("periods")))
        return pull(self, table, **wanted)

    monkeypatch.setattr(connector, "keys", keys)
    assert sync(source, settings).deletes == 1
    assert asked == [(LINES, ["202609"])]


def test_key_sums_of_the_source_equal_those_of_what_landed(source, settings_for):
    months = ("202608", "202609", "tháng?", "Ươ’")
    for key in [*range(1, 40), 2**40 + 3, 2**62 + 5, -17]:
        source.add_line(key, abs(key) % 5_000, ky=months[key % 4], updated_at=_micros(source, key))
    settings = settings_for(source)
    sync(source, settings, batch_rows=7)
    landed = batches(settings, "collection", LINES)
    connector = open_url(source.url)
    assert landed_key_sums(landed, TABLE, slice_rows=10) == connector.key_sums(TABLE)
    assert set(connector.key_sums(TABLE)) == set(months)
    connector.close()


def _micros(source, key):
    return (START + timedelta(seconds=abs(key) % 5_000, microseconds=abs(key) * 7_919 % 1_000_000)).isoformat(
        sep=" "
    )


def test_random_histories_lose_the_same_rows_either_way(sqlite_source, tmp_path, monkeypatch):
    settings = {
        mode: DataPathSettings(home=tmp_path / mode, sources={"collection": sqlite_source.url})
        for mode in ("keys", "periods")
    }
    contracts, chance, clock = {"keys": CONTRACT, "periods": BY_PERIODS}, random.Random(5), 0
    for _ in range(25):
        for _ in range(chance.randrange(10)):
            clock += chance.choice((0.001, 1, 5 * MINUTE))  # two versions of one moment cannot be told apart
            _change(sqlite_source, chance, clock - chance.choice((0, 0, 4 * MINUTE, DAY)))
        found = {}
        for mode, contract in contracts.items():
            monkeypatch.setattr("dwh.datapath.sources.sync.load_contract", lambda _, c=contract: c)
            done = sync(sqlite_source, settings[mode], batch_rows=chance.choice((2, 5, 1_000)))
            found[mode] = (done.deletes, landed_lines(settings[mode]))
            monkeypatch.undo()
        assert found["keys"] == found["periods"]
        assert found["keys"][1] == sqlite_source.lines()


def _change(source, chance, seconds):
    """Insert, update, move to another month or delete a random row, sometimes with a time that is already past."""
    key, month = chance.randrange(1, 30), chance.choice(("202608", "202609", "202610"))
    if key not in source.lines():
        source.add_line(key, seconds, amount=chance.randrange(1_000), ky=month)
    elif chance.random() < 0.3:
        source.remove(key)
    else:
        source.run(f"UPDATE {LINES} SET ky = ? WHERE id = ?", (month, key))
        source.pay(key, seconds, chance.randrange(1_000))


ROWS = st.dictionaries(st.integers(-50, 50), st.integers(0, 9), max_size=40)


def _chunks(rows, sizes):
    """Return the rows ascending by id, cut into chunks of these sizes over and over."""
    items = sorted(rows.items())
    start, turn = 0, 0
    while start < len(items):
        part = items[start : start + sizes[turn % len(sizes)]]
        ids, moments = (list(one) for one in zip(*part, strict=True))
        yield pa.RecordBatch.from_arrays(
            [pa.array(ids, pa.int64()), pa.array([START + timedelta(days=m) for m in moments], pa.timestamp("us"))],
            schema=KEYS,
        )  # fmt: skip
        start, turn = start + len(part), turn + 1


@settings(max_examples=200, deadline=None)
@given(
    landed=ROWS,
    source=ROWS,
    cuts=st.lists(st.integers(1, 7), min_size=1),
    upto=st.integers(0, 9),
    other_cuts=st.lists(st.integers(1, 7), min_size=1),
)
def test_comparing_keys_chunk_by_chunk_equals_comparing_sets(landed, source, cuts, other_cuts, upto):
    gone, stale = compare_keys(
        iter(_chunks(landed, cuts)), _chunks(source, other_cuts), START + timedelta(days=upto)
    )
    assert gone.to_pylist() == sorted(landed.keys() - source.keys())
    assert stale.to_pylist() == sorted(k for k, at in source.items() if landed.get(k) != at and at <= upto)


def test_live_keys_are_the_same_in_slices_of_any_size(sqlite_source, settings_for):
    settings_, chance = settings_for(sqlite_source), random.Random(3)
    for turn in range(6):
        for _ in range(20):
            _change(sqlite_source, chance, turn * DAY + chance.randrange(1_000))
        sync(sqlite_source, settings_, batch_rows=6)
    landed = batches(settings_, "collection", LINES)
    whole = pa.Table.from_batches(live_keys(landed, TABLE))
    assert set(whole["id"].to_pylist()) == set(sqlite_source.lines())
    for size in (1, 5, 23):
        assert pa.Table.from_batches(live_keys(landed, TABLE, slice_rows=size)).equals(whole)


def test_a_contract_that_asks_for_periods_needs_a_month_column():
    text = (
        "{id: x, name: X, team: {name: T}, slaProperties: [{property: latency, value: 1}], customProperties: "
        "[{property: system, value: X}, {property: ownerOrg, value: '00'}], schema: [{name: t, businessName: T, "
        "properties: [], customProperties: [%s]}]}"
    )
    with pytest.raises(ValueError, match="monthColumn"):
        parse_contract(text % "{property: deletes, value: periods}")
    with pytest.raises(ValueError, match="keys or periods"):
        parse_contract(text % "{property: deletes, value: sometimes}")
    asked = "{property: deletes, value: periods}, {property: monthColumn, value: ky}"
    assert parse_contract(text % asked).tables[0].deletes == "periods"


def test_an_unseen_change_is_noted_for_people(source, settings_for, mode):
    source.add_line(1, DAY)
    settings = settings_for(source)
    sync(source, settings)
    source.pay(1, 0, amount=7)
    assert "1 dòng có updated_at đã qua" in report_of(source, settings).notes[0]
