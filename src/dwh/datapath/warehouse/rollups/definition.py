"""What is added up beforehand, read from rollups.yaml: a few narrow tables, each a coarser fact under the same names.

A rollup keeps columns of its fact (`keys`), attributes of a dimension that its fact points at (`joined`) and sums;
never a ratio. The columns bear the fact's own names, so that the statement over a rollup is the statement over
the fact with another table in it. A rollup with `distinct` holds, for each group, the members of one column as a
bitmap: heads can be counted once over any months and any units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from dwh.datapath.warehouse.model import Model, ModelColumn

SCHEMA: Final = "rollup"
LINES: Final = "lines"  # rows of the fact behind a row of the rollup
BITS: Final = "bits"  # the members of the counted column, a serialised BitMap64
DEFINITIONS: Final = Path(__file__).with_name("rollups.yaml")


class BrokenRollup(Exception):
    """A definition that must not load: the message names it and the fault (for engineers)."""


@dataclass(frozen=True, slots=True)
class Joined:
    """An attribute `column` of the dimension `table`, found by the fact's pointer `by`, which is the table's key."""

    column: str
    table: str
    by: str


@dataclass(frozen=True, slots=True)
class Rollup:
    """One table to add up: Grain: `keys` and `joined`. Units: those of the fact's columns."""

    name: str
    of: str
    keys: tuple[str, ...]  # the month first
    joined: tuple[Joined, ...] = ()
    sums: tuple[str, ...] = ()
    distinct: str = ""

    @property
    def table(self) -> str:
        return f"{SCHEMA}.{self.name}"

    @property
    def month(self) -> str:
        return self.keys[0]

    @property
    def version(self) -> str:
        """Return what names this exact definition: another one is another table."""
        return hashlib.sha1(repr(self).encode(), usedforsecurity=False).hexdigest()

    def columns(self, models: Mapping[str, Model]) -> tuple[ModelColumn, ...]:
        """Return its columns with the types of the tables they come from. Raises: BrokenRollup."""
        fact = _typed(self.of, models)
        kept = [*(fact(name) for name in self.keys)]
        kept += [_typed(one.table, models)(one.column) for one in self.joined]
        if self.distinct:
            return (*kept, ModelColumn(BITS, "BLOB", "the members counted"))
        counted = ModelColumn(LINES, "BIGINT", "rows of the fact")
        return (*kept, *(fact(name) for name in self.sums), counted)


def _typed(table: str, models: Mapping[str, Model]) -> Any:
    if table not in models:
        raise BrokenRollup(f"no table {table}")
    known = {column.name: column for column in models[table].columns}

    def find(name: str) -> ModelColumn:
        if name not in known:
            raise BrokenRollup(f"{table} has no column {name}")
        return known[name]

    return find


@cache
def load_rollups(path: Path = DEFINITIONS) -> tuple[Rollup, ...]:
    """Return every rollup of the file, in its order. Raises: BrokenRollup."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_read(name, one) for name, one in document["rollups"].items())


def _read(name: str, one: Mapping[str, Any]) -> Rollup:
    unknown = set(one) - {"of", "keys", "joined", "sums", "distinct"}
    if unknown:
        raise BrokenRollup(f"{name}: unknown keys {sorted(unknown)}")
    if bool(one.get("sums")) and bool(one.get("distinct")):
        raise BrokenRollup(f"{name}: sums or distinct, not both")
    joined = tuple(Joined(column, *way.split(" by ")) for column, way in one.get("joined", {}).items())
    return Rollup(
        name, one["of"], tuple(one["keys"]), joined, tuple(one.get("sums", ())), one.get("distinct", "")
    )
