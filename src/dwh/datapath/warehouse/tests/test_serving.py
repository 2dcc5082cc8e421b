"""The serving database grown from the last one holds what one made anew holds, piece by piece."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.model import ModelColumn
from dwh.datapath.warehouse.serving import FILES, Earlier, Piece, ServingTable, make_serving, open_serving

COLUMNS = (ModelColumn("month", "VARCHAR", ""), ModelColumn("amount", "DECIMAL(18,2)", ""))
MONTHS = ("2025-01", "2025-02", "2025-03")
STATES = st.dictionaries(st.sampled_from(MONTHS), st.integers(0, 3))


def table(state, columns=COLUMNS, name="core.fct"):
    """Return a table whose months hold `amount` rows of that amount."""
    extra = "".join(f", 'x' AS {column.name}" for column in columns[2:])

    def piece(m, n):
        rows = f"SELECT '{m}' AS month, {n} AS amount{extra} FROM range({n})"
        return Piece(f"month = '{m}'", f"{m}:{n}:{len(columns)}", rows)

    return ServingTable(name, columns, tuple(piece(m, n) for m, n in sorted(state.items())))


def content(path, settings, name="core.fct"):
    engine = open_serving(path, settings)
    try:
        return engine.rows(f"SELECT * FROM {name} ORDER BY ALL")
    finally:
        engine.close()


@settings(deadline=None, max_examples=25)
@given(states=st.lists(STATES, min_size=2, max_size=4))
def test_a_grown_file_equals_one_made_anew(tmp_path_factory, states):
    home = tmp_path_factory.mktemp("serving")
    place, earlier = DataPathSettings(home=home, threads=1), None
    for number, state in enumerate(states):
        grown, anew = home / f"{number}.duckdb", home / f"anew-{number}.duckdb"
        rows = make_serving(grown, [table(state)], settings=place, earlier=earlier)
        assert rows == make_serving(anew, [table(state)], settings=place) == {"core.fct": sum(state.values())}
        assert content(grown, place) == content(anew, place)
        earlier = Earlier(grown, {"core.fct": table(state).stamps})


@pytest.fixture
def first(tmp_path):
    """Return settings and the serving database of a first release with two tables."""
    settings, path = DataPathSettings(home=tmp_path, threads=1), tmp_path / "1.duckdb"
    tables = [table({"2025-01": 2}), table({"2025-02": 1}, name="core.old")]
    make_serving(path, tables, settings=settings)
    return settings, Earlier(path, {one.name: one.stamps for one in tables})


def test_only_the_pieces_that_changed_are_read(first, tmp_path):
    settings, earlier = first
    unread = Piece("month = '2025-01'", "2025-01:2:2", "SELECT error('read again')")
    added = table({"2025-03": 3}).pieces
    grown = ServingTable("core.fct", COLUMNS, (unread, *added))
    assert make_serving(tmp_path / "2.duckdb", [grown], settings=settings, earlier=earlier) == {"core.fct": 5}


def test_pieces_that_differ_in_their_file_alone_are_read_together_in_their_order(tmp_path):
    place, pieces = DataPathSettings(home=tmp_path, threads=1), []
    for m, n in (("2025-02", 2), ("2025-01", 3)):
        file = tmp_path / f"{m}.parquet"
        pq.write_table(pa.table({"month": [m] * n, "amount": pa.array(range(n), pa.int64())}), file)
        pieces.append(Piece(f"month = '{m}'", m, f"SELECT month, amount FROM {FILES}", str(file)))
    rows = make_serving(
        tmp_path / "1.duckdb", [ServingTable("core.fct", COLUMNS, tuple(pieces))], settings=place
    )
    assert rows == {"core.fct": 5}
    engine = open_serving(tmp_path / "1.duckdb", place)
    found = engine.rows("SELECT month, CAST(amount AS BIGINT) FROM core.fct")
    engine.close()
    assert found == [("2025-02", 0), ("2025-02", 1), ("2025-01", 0), ("2025-01", 1), ("2025-01", 2)]


def test_a_new_column_loads_its_table_anew_and_a_table_no_longer_made_goes(first, tmp_path):
    settings, earlier = first
    wider = table({"2025-01": 2}, (*COLUMNS, ModelColumn("word", "VARCHAR", "")))
    path = tmp_path / "2.duckdb"
    make_serving(path, [wider], settings=settings, earlier=earlier)
    assert [row[2] for row in content(path, settings)] == ["x", "x"]
    engine = open_serving(path, settings)
    assert engine.rows("SELECT table_name FROM duckdb_tables()") == [("fct",)]
    engine.close()
