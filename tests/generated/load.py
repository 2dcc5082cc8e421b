"""Puts the generated rows where the program reads them: into a published release."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa

from dwh.datapath.semantic.execution.rollups import Stock, stock_of
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.release import current_release
from dwh.datapath.warehouse.rollups.definition import load_rollups
from dwh.datapath.warehouse.rollups.tables import core_models, fill
from tests.generated.star import Row, Types, make_star
from tests.generated.words import facts, places, subjects
from tests.warehouse_fixture import tiny_release

SEED, LINES = 20_260_209, 160
INVENTED = 10**6  # rows a fact is said to have: every rollup that covers is taken, no question is too much


def named_tables() -> list[str]:
    """Return every table the subjects name."""
    found = {fact["table"] for _, _, fact in facts()}
    for name in subjects():
        for place in places(name).values():
            found |= {t for t in (place.dimension.get("table"), place.dimension.get("table_as_of")) if t}
    return sorted(found)


def types_of(engine: Engine) -> Types:
    return {name: engine.types(f"SELECT * FROM {name}") for name in named_tables()}


@cache
def release_folder() -> tuple[Path, dict[str, list[Row]]]:
    """Return the home of the generated release, with every rollup in it, and its rows."""
    home = Path(mkdtemp(prefix="generated-"))
    folder = tiny_release(home).releases / "current"
    engine = connect(folder / "serving.duckdb", memory_limit="512MB", threads=1)
    tables = make_star(types_of(engine), seed=SEED, lines=LINES)
    for table, rows in tables.items():
        engine.run(f"DELETE FROM {table}")
        insert(engine, table, rows)
    rollups = fill(engine, load_rollups(), core_models())
    engine.run("CHECKPOINT")
    engine.close()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    invented = {fact["table"]: INVENTED for _, _, fact in facts()}
    manifest["serving_rows"] |= invented | rollups
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return home, tables


def insert(engine: Engine, table: str, rows: list[Row]) -> None:
    """Add rows to an empty table; a column that no row fills stays NULL."""
    filled = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    engine.insert(table, pa.table({name: [row[name] for row in rows] for name in filled}))


@cache
def generated_settings() -> DataPathSettings:
    return DataPathSettings(home=release_folder()[0], memory_limit="512MB", threads=1)


@cache
def rolled_stock() -> Stock:
    """Return the tables of the release and their rows, the facts as if they were large."""
    return stock_of(current_release(generated_settings()).manifest)
