"""The source tables as Polars frames, every living row, only the columns a figure needs."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import polars as pl

SEEDS = Path(__file__).parents[2] / "src/dwh/datapath/warehouse/models/seeds"
FILES = {
    "tst": "tst.sqlite", "tcs": "tcs.sqlite", "gd": "giamdinh.sqlite", "kt": "kttt.sqlite", "hgd": "hgd.sqlite",
    "ns": "qlns.sqlite", "gdt": "gddt.sqlite",
}  # fmt: skip


def living(sources: Path, table: str, columns: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """Return the rows of a source table that are not marked deleted. Money comes in xu (1/100 đồng)."""
    names = ", ".join(columns)
    path = sources / FILES[table.split("_")[0]]
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        rows = database.execute(f"SELECT {names} FROM {table} WHERE is_deleted = 0").fetchall()
    database.close()
    values = list(zip(*rows, strict=True)) or [[] for _ in columns]
    made = {
        name: [None if v is None else str(v) for v in column] if kind is pl.String else column
        for (name, kind), column in zip(columns.items(), values, strict=True)
    }
    return pl.DataFrame(made, schema=columns, strict=False)


def code_list(name: str) -> list[dict[str, str]]:
    """Return a code list of the warehouse: reference data, no logic."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def xu(column: str) -> pl.Expr:
    """Return an amount with two decimals as a whole number of xu; missing is nothing."""
    return (pl.col(column).fill_null(0) * 100).round(0).cast(pl.Int64)
