"""A month is added up again when it, or a joined attribute of its rows, became another; nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.manifest import Parts
from dwh.datapath.warehouse.model import parse_model
from dwh.datapath.warehouse.parts import Part, PartStore, sha256_of
from dwh.datapath.warehouse.rollups.bitmaps import united
from dwh.datapath.warehouse.rollups.changes import changed_months
from dwh.datapath.warehouse.rollups.definition import BrokenRollup, Joined, Rollup, load_rollups
from dwh.datapath.warehouse.rollups.tables import core_models, fill, rollup_tables

HEADER = "-- model: {}\n-- kind: {}\n-- grain: k\n-- owner: thu\n-- audits: unique(grain)\n--\n"
FACT = parse_model(
    HEADER.format("core.fct", "by_month(m)")
    + "SELECT\n  a AS m, -- VARCHAR\n  b AS k, -- BIGINT\n  c AS vnd -- BIGINT\nFROM x"
)
DIM = parse_model(
    HEADER.format("core.dim", "full") + "SELECT\n  b AS k, -- BIGINT\n  s AS sex -- VARCHAR\nFROM x"
)
MODELS = {"core.fct": FACT, "core.dim": DIM}
SEX = Rollup("by_sex", "core.fct", ("m",), (Joined("sex", "core.dim", "k"),), ("vnd",))
HEADS = Rollup("heads", "core.fct", ("m",), distinct="k")


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = connect(None, threads=1)
    yield made
    made.close()


def part(engine: Engine, store: PartStore, name: str, rows: str) -> Part:
    store.root.mkdir(exist_ok=True)
    engine.run(f"COPY (SELECT * FROM (VALUES {rows})) TO '{store.root / name}' (FORMAT parquet)")
    return Part(name, 0, sha256_of(store.root / name))


def columns(engine: Engine, store: PartStore, parts: Parts) -> None:
    """Give the files the names of the columns."""
    for table, names in (("core.fct", "m, k, vnd"), ("core.dim", "k, sex")):
        for one in parts[table].values():
            path = store.root / one.file
            rows = ", ".join(str(row) for row in engine.rows(f"SELECT * FROM read_parquet('{path}')"))
            engine.run(f"COPY (SELECT * FROM (VALUES {rows}) AS t({names})) TO '{path}' (FORMAT parquet)")


@pytest.fixture
def releases(engine: Engine, tmp_path: Path) -> tuple[PartStore, Parts, Parts]:
    """A release and the next one: person 2 has another sex, person 3 is new, May has another row."""
    store = PartStore(tmp_path / "parts")
    april = part(engine, store, "april", "('2025-04', 1, 10)")
    june = part(engine, store, "june", "('2025-06', 2, 30)")
    months = {"2025-04": april, "2025-06": june}
    may = [
        part(engine, store, f"may{n}", rows)
        for n, rows in enumerate(("('2025-05', 1, 20)", "('2025-05', 3, 20)"))
    ]
    people = [
        part(engine, store, f"people{n}", rows)
        for n, rows in enumerate(("(1, 'F'), (2, 'F')", "(1, 'F'), (2, 'M'), (3, 'M')"))
    ]
    old: Parts = {"core.fct": {**months, "2025-05": may[0]}, "core.dim": {"all": people[0]}}
    new: Parts = {"core.fct": {**months, "2025-05": may[1]}, "core.dim": {"all": people[1]}}
    for parts in (old, new):
        columns(engine, store, parts)
    return store, old, new


def test_only_the_months_of_the_changed_person_are_touched(
    engine: Engine, releases: tuple[PartStore, Parts, Parts]
) -> None:
    store, old, new = releases
    changed = changed_months([SEX, HEADS], engine, store, old, new)
    assert changed == {"by_sex": frozenset({"2025-06"})}
    (before,) = rollup_tables([SEX], MODELS, old, {})
    (after,) = rollup_tables([SEX], MODELS, new, changed)
    differ = {where for where, stamp in after.stamps.items() if before.stamps[where] != stamp}
    assert differ == {"m = '2025-05'", "m = '2025-06'"}


def test_nothing_changed_and_nothing_is_touched(
    engine: Engine, releases: tuple[PartStore, Parts, Parts]
) -> None:
    store, old, _ = releases
    assert changed_months([SEX], engine, store, old, old) == {"by_sex": frozenset()}


def test_another_definition_is_another_stamp(releases: tuple[PartStore, Parts, Parts]) -> None:
    _, old, _ = releases
    (one,) = rollup_tables([SEX], MODELS, old, {})
    (other,) = rollup_tables([Rollup("by_sex", "core.fct", ("m",), SEX.joined)], MODELS, old, {})
    assert not set(one.stamps.values()) & set(other.stamps.values())


def test_a_table_the_release_has_not_makes_no_rollup() -> None:
    assert rollup_tables([SEX], {"core.fct": FACT}, {}, {}) == []


def test_a_column_that_is_not_there_stops_the_build() -> None:
    with pytest.raises(BrokenRollup, match="has no column nothing"):
        Rollup("x", "core.fct", ("m", "nothing")).columns(MODELS)


@pytest.mark.parametrize("rollup", load_rollups(), ids=lambda one: one.name)
def test_every_definition_names_what_the_star_has(rollup: Rollup) -> None:
    named = rollup.columns(core_models())
    assert len(named) == len({column.name for column in named})
    assert core_models()[rollup.of].month_column == rollup.month


def test_sums_lines_and_heads_are_those_of_the_fact(engine: Engine) -> None:
    """Also a member below zero, a missing member, and a month that has none at all."""
    engine.run("CREATE SCHEMA core")
    engine.run("CREATE TABLE core.fct (m VARCHAR, k BIGINT, vnd BIGINT)")
    engine.run("CREATE TABLE core.dim (k BIGINT, sex VARCHAR)")
    engine.run("INSERT INTO core.dim VALUES (1, 'F'), (2, 'M')")
    engine.run(
        "INSERT INTO core.fct VALUES ('2025-04', 1, 5), ('2025-04', 1, 6), ('2025-04', -7, 1), ('2025-04', NULL, 2)"
    )
    engine.run(
        "INSERT INTO core.fct VALUES ('2025-05', NULL, 4), ('2025-06', 1, 3), ('2025-06', 9000000000, 3)"
    )
    assert fill(engine, [SEX, HEADS], MODELS) == {"rollup.by_sex": 5, "rollup.heads": 3}
    assert engine.rows("SELECT sex, vnd, lines FROM rollup.by_sex WHERE m = '2025-04' ORDER BY 1 NULLS LAST") == [
        ("F", 11, 2), (None, 3, 2)
    ]  # fmt: skip
    heads = dict(engine.rows("SELECT m, bits FROM rollup.heads"))
    assert {month: len(united([bits])) for month, bits in heads.items()} == {
        "2025-04": 2,
        "2025-05": 0,
        "2025-06": 2,
    }
    assert len(united(heads.values())) == 3
