"""The engine module: what it promises, and the defect of DuckDB 2.0 it is built around."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import duckdb
import pytest

from dwh.datapath.warehouse.engine import EngineFault, connect
from dwh.datapath.warehouse.model import ModelColumn, ddl
from dwh.datapath.warehouse.parts import PartStore, Shape, Writing
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


def test_the_same_rows_give_the_same_bytes_however_they_were_computed(tmp_path):
    store, shape = PartStore(tmp_path), Shape(("k", "s"), ("k",))
    made = []
    for threads, rows in (
        (1, "SELECT i k, 'x' || (i % 7) s FROM range(300000) r(i)"),
        (2, "SELECT k, MAX(s) s FROM (SELECT i k, 'x' || (i % 7) s FROM range(300000) r(i)) GROUP BY k"),
        (2, "SELECT i k, 'x' || (i % 7) s FROM range(300000) r(i) ORDER BY random()"),
    ):
        engine = connect(None, threads=threads)
        made += store.write_all(engine, [Writing("core.t", "all", rows, shape)])
        engine.close()
    part = made[0]
    assert made == [part] * 3
    assert part.rows == 300_000
    assert [path.name for path in (tmp_path / "core.t").iterdir()] == [f"all-{part.sha256[:12]}.parquet"]


def test_parts_written_side_by_side_are_those_written_one_by_one(engine, tmp_path):
    def job(m: int) -> Writing:
        rows = f"SELECT {m} * i AS k FROM range(1000) r(i)"
        return Writing("core.t", f"2025-{m:02d}", rows, Shape(("k",), ("k",)), {"k": "k"})

    jobs = [job(m) for m in range(1, 13)]
    alone = PartStore(tmp_path / "a").write_all(engine, jobs)
    beside = PartStore(tmp_path / "b", at_once=4).write_all(engine, jobs)
    assert beside == alone
    assert [part.sums["k"] for part in beside] == [str(m * 499_500) for m in range(1, 13)]


def test_when_one_of_several_parts_fails_none_is_left_half_written(engine, tmp_path):
    good = Writing("core.t", "2025-01", "SELECT 1 AS k", Shape(("k",), ("k",)))
    bad = replace(good, month="2025-02", rows="SELECT CAST('x' AS INTEGER) AS k")
    with pytest.raises(EngineFault):
        PartStore(tmp_path, at_once=2).write_all(engine, [good, bad, good])
    assert list((tmp_path / ".aside").iterdir()) == []


def test_a_changed_byte_of_a_part_is_found(engine, tmp_path):
    store = PartStore(tmp_path)
    job = Writing("core.t", "all", "SELECT 1 AS k", Shape(("k",), ("k",)), {"k": "k"})
    [part] = store.write_all(engine, [job])
    store.verify(part)
    assert part.sums == {"k": "1"}
    data = store.path(part).read_bytes()
    store.path(part).write_bytes(data[:-5] + b"x" + data[-4:])
    with pytest.raises(DamagedFile, match=r"core\.t"):
        store.verify(part)
