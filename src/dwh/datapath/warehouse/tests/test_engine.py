"""The engine module: what it promises, and the defect of DuckDB 2.0 it is built around."""

from __future__ import annotations

import threading
import time

import duckdb
import pytest

from dwh.datapath.warehouse.engine import EngineFault, connect
from dwh.datapath.warehouse.model import ModelColumn, ddl
from dwh.datapath.warehouse.part_writing import SMALL_ROWS, Shape, Writing, write_part, write_parts
from dwh.datapath.warehouse.parts import Part, PartStore
from dwh.kernel.errors import Cancelled, DamagedFile

SLOW = "SELECT count(*) FROM range(1000000000) a(x), range(1000) b(y) WHERE x % 7 = y % 5"
ROWS = 250_000


@pytest.fixture
def engine():
    engine = connect(None, threads=2)
    yield engine
    engine.close()


def _fill_in_one_transaction(create: str) -> tuple[int, int | None]:
    """Create an empty table and fill it in one transaction; return what count(*) and sum(a) then say."""
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(f"CREATE TABLE source AS SELECT i a, i % 3 g FROM range({ROWS}) r(i)").fetchall()
    connection.begin()
    connection.execute(create).fetchall()
    connection.execute("INSERT INTO t SELECT * FROM source").fetchall()
    connection.commit()
    answer = connection.execute("SELECT count(*), sum(a) FROM t").fetchall()[0]
    connection.close()
    return answer


def test_the_empty_ctas_defect_of_duckdb_is_still_there():
    """The day this fails the defect is fixed: tables may then be made by CTAS again (ADR 0001), delete this test."""
    assert _fill_in_one_transaction("CREATE TABLE t AS SELECT * FROM source LIMIT 0") == (0, None)


def test_a_table_of_declared_columns_is_not_touched_by_it():
    create = ddl("t", (ModelColumn("a", "BIGINT", ""), ModelColumn("g", "BIGINT", "")))
    assert _fill_in_one_transaction(create) == (ROWS, ROWS * (ROWS - 1) // 2)


def test_a_statement_is_interrupted_from_another_thread_and_the_engine_stays_usable(engine):
    timer = threading.Timer(0.2, engine.interrupt)
    timer.start()
    start = time.perf_counter()
    with pytest.raises(Cancelled, match="Đã dừng"):
        engine.rows(SLOW)
    assert time.perf_counter() - start < 10
    assert engine.value("SELECT 42") == 42


def test_an_insert_says_how_many_rows_it_made(engine):
    engine.run("CREATE TABLE t (a BIGINT)")
    assert engine.run("INSERT INTO t SELECT x FROM range(17) r(x)") == 17
    assert engine.run("DELETE FROM t WHERE a < 5") == 5


def test_a_refused_statement_is_a_fault_of_ours(engine):
    with pytest.raises(EngineFault, match="nothing"):
        engine.rows("SELECT * FROM nothing")


def test_sums_of_whole_money_are_integers_even_beyond_64_bits(engine):
    engine.run("CREATE TABLE t (a BIGINT)")
    engine.run("INSERT INTO t SELECT 9000000000000000000 FROM range(3) r(x)")
    assert engine.value("SELECT SUM(a) FROM t") == 27_000_000_000_000_000_000


@pytest.mark.parametrize("rows", [5, SMALL_ROWS, SMALL_ROWS + 1, 300_000])
def test_the_same_rows_give_the_same_bytes_however_they_were_computed(tmp_path, rows):
    store, shape = PartStore(tmp_path), Shape(("k", "s", "d"), ("k",))
    numbers = f"SELECT i k, 'x' || (i % 7) s, CAST(i AS DECIMAL(18,2)) d FROM range({rows}) r(i)"
    made = []
    for threads, select in (
        (1, numbers),
        (2, f"SELECT k, MAX(s) s, MAX(d) d FROM ({numbers}) GROUP BY k"),
        (2, f"{numbers} ORDER BY random()"),
    ):
        engine = connect(None, threads=threads)
        job = Writing("core.t", lambda _, select=select: select, shape, sums={"d": "d"})
        made.append(write_part(store, engine, job, "all"))
        by_month = Writing(
            "core.t", lambda _, s=select: f"SELECT *, 'all' AS m FROM ({s})", shape, "m", {"d": "d"}
        )
        made += [
            write_parts(store, engine, by_month, {"all": most})["all"] for most in (rows, 10 * rows, None)
        ]
        engine.close()
    part = made[0]
    assert made == [part] * 12
    assert (part.rows, part.sums) == (rows, {"d": f"{rows * (rows - 1) // 2}.00"})
    assert [path.name for path in (tmp_path / "core.t").iterdir()] == [f"all-{part.sha256[:12]}.parquet"]


def test_every_type_of_a_small_part_reads_back_as_it_was(engine, tmp_path):
    store = PartStore(tmp_path)
    values = (
        "CAST(-5 AS SMALLINT) a, CAST(9 AS BIGINT) b, 1.5::DOUBLE c, 12.30::DECIMAL(18,2) d, 12.30::DECIMAL(38,2) e, "
        "TRUE f, DATE '2025-07-01' g, TIMESTAMP '2025-07-01 08:00:00.000123' h, 'Huế' i, ['x', 'y'] j, "
        "CAST(NULL AS VARCHAR) k, CAST([] AS VARCHAR[]) l"
    )
    job = Writing("core.t", lambda _: f"SELECT {values}", Shape(tuple("abcdefghijkl"), ("a",)))
    read = f"SELECT * FROM {store.relation([write_part(store, engine, job, 'all')])}"
    assert engine.rows(read) == engine.rows(f"SELECT {values}")
    assert engine.types(read) == engine.types(f"SELECT {values}")


def _months(select_month="month"):
    rows = (
        "SELECT i AS k, '2025-' || lpad(CAST(1 + i % 12 AS VARCHAR), 2, '0') AS month FROM range(12000) r(i)"
    )
    listed = lambda some: ", ".join(f"'{month}'" for month in some)  # noqa: E731
    return Writing(
        "core.t", lambda some: f"SELECT k, {select_month} AS month FROM ({rows}) WHERE month IN ({listed(some)})",
        Shape(("k", "month"), ("k",)), "month", {"k": "k"},
    )  # fmt: skip


def test_parts_written_together_or_side_by_side_are_those_written_one_by_one(engine, tmp_path):
    months = [f"2025-{m:02d}" for m in range(1, 13)]
    alone = PartStore(tmp_path / "a")
    single = {month: write_part(alone, engine, _months(), month) for month in months}
    together = write_parts(PartStore(tmp_path / "b"), engine, _months(), dict.fromkeys(months, 1000))
    beside = write_parts(PartStore(tmp_path / "c", at_once=4), engine, _months(), dict.fromkeys(months))
    assert together == single == beside
    assert sum(int(part.sums["k"]) for part in beside.values()) == 12_000 * 11_999 // 2


def test_a_month_without_rows_has_no_file(engine, tmp_path):
    store = PartStore(tmp_path)
    for most in (0, 5, None):
        [part] = write_parts(store, engine, _months(), {"2024-01": most}).values()
        assert part == Part("", 0, "", {"k": "0"})
    assert list((tmp_path / "core.t").iterdir()) == []


def test_when_one_of_several_parts_fails_none_is_left_half_written(engine, tmp_path):
    broken = _months("CAST(CASE WHEN month = '2025-02' THEN 'x' ELSE '1' END AS INTEGER)")
    for most in (1000, None):
        with pytest.raises(EngineFault):
            write_parts(PartStore(tmp_path, at_once=2), engine, broken, {"2025-01": most, "2025-02": most})
    assert list((tmp_path / ".aside").iterdir()) == []


def test_a_changed_byte_of_a_part_is_found(engine, tmp_path):
    store = PartStore(tmp_path)
    part = write_part(
        store,
        engine,
        Writing("core.t", lambda _: "SELECT 1 AS k", Shape(("k",), ("k",)), sums={"k": "k"}),
        "all",
    )
    store.verify(part)
    assert part.sums == {"k": "1"}
    data = store.path(part).read_bytes()
    store.path(part).write_bytes(data[:-5] + b"x" + data[-4:])
    with pytest.raises(DamagedFile, match=r"core\.t"):
        store.verify(part)
