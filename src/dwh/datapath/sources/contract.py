"""What a source promises: tables, columns, types, personal classes. The only reader of contract.yaml.

The files keep the names of the Open Data Contract Standard 3.1; ours are the custom properties
article, system, ownerOrg, mode (of change; a table may have its own), monthColumn, controlTotals, notLanded, and those
of a check.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pyarrow as pa
import yaml

from dwh.datapath.sources.check import Check, misfit_check, read_check
from dwh.datapath.sources.folders import CONTRACT, source_folders
from dwh.kernel.errors import NotFound

ColumnType = Literal["text", "integer", "money", "decimal", "date", "timestamp", "boolean"]

Mode = Literal["evolve", "freeze", "quarantine"]
Deletes = Literal["keys", "periods"]

_NUMERIC = re.compile(r"numeric\((\d+),\s*(\d+)\)")
_PLAIN: dict[str, ColumnType] = {
    "string": "text", "date": "date", "timestamp": "timestamp", "boolean": "boolean", "number": "decimal",
}  # fmt: skip
_ARROW: dict[ColumnType, pa.DataType] = {
    "text": pa.string(), "integer": pa.int64(), "money": pa.int64(), "date": pa.date32(),
    "timestamp": pa.timestamp("us"), "boolean": pa.bool_(),
}  # fmt: skip
MISFITS = "dwh_misfits"  # landed with the tables in quarantine mode: what a row holds that is not of its type, as JSON
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MONEY_DIGITS = 18  # a whole-đồng amount is numeric(18,0); shorter ones are counts and small codes


@dataclass(frozen=True, slots=True)
class Column:
    """One promised column. `land` is false for what we know but never take; `reason` says why."""

    name: str
    type: ColumnType
    personal: str = ""  # '' | P1 pseudonym | P2 personal | P3 sensitive
    nullable: bool = True
    land: bool = True
    precision: tuple[int, int] | None = None  # of a decimal: (digits, after the comma)
    reason: str = ""
    label: str = ""  # businessName, Vietnamese

    @property
    def arrow(self) -> pa.DataType:
        return (
            pa.decimal128(*self.precision) if self.type == "decimal" and self.precision else _ARROW[self.type]
        )


# of the highest class: it may hold a value of any column
_MISFITS = Column(MISFITS, "text", personal="P3", label="Giá trị không đúng kiểu hợp đồng")


@dataclass(frozen=True, slots=True)
class TableContract:
    """One promised table. `money` are the columns summed as control totals of each batch.

    `deletes` says how rows gone from the source are found: by pulling all its keys, or, where the table is large,
    by counts and checksums per period of the month column, and the keys of the periods that differ.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    key: str = "id"
    cursor: str = "updated_at"
    month_column: str | None = None
    money: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    deletes: Deletes = "keys"
    mode: Mode | None = None  # of this table alone; None: that of its contract

    @property
    def keeps_misfits(self) -> bool:
        """Tell whether a value that is not of its promised type is kept beside the row, which is then held."""
        return any(column.name == MISFITS for column in self.columns)

    @property
    def landed(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.land)

    def label_of(self, name: str) -> str:
        """Return what people call a column: its businessName, else its name at the source."""
        return next((column.label for column in self.columns if column.name == name), "") or name

    @property
    def fingerprint(self) -> str:
        """Change exactly when the landed columns or their types change."""
        words = [[c.name, c.type, list(c.precision or ())] for c in self.landed]
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Contract:
    """One source system. `owner` answers for its data; `fresh_hours` is how old its data may be.

    `mode` says what happens when the source no longer looks like the contract; a table may have its own. A new column
    is reported and not read, but in `freeze` it stops this source until the contract was looked at. A promised column
    of another type stops the source, but in `quarantine` it is read as text, value by value: the rows whose values are
    of the promised type go on, the others are held. A column or table that is gone stops the source in all three.
    """

    name: str
    label: str
    system: str
    owner: str
    owner_org: str
    fresh_hours: int
    tables: tuple[TableContract, ...]
    article: str = ""  # of QC-DWH, the order in which sources are named
    mode: Mode = "evolve"
    version: str = ""

    def mode_of(self, table: TableContract) -> Mode:
        return table.mode or self.mode

    def table(self, name: str) -> TableContract:
        """Return the named table.

        Raises:
            NotFound: the contract does not name it.
        """
        for table in self.tables:
            if table.name == name:
                return table
        known = ", ".join(table.name for table in self.tables)
        raise NotFound(f"Nguồn «{self.name}» không có bảng «{name}». Các bảng có: {known}.", table=name)


def arrow_schema(table: TableContract) -> pa.Schema:
    """Return the schema of a landed batch: the landed columns, in contract order."""
    lenient = table.keeps_misfits  # a misfit is empty in its own column, whatever is promised of it
    return pa.schema([pa.field(c.name, c.arrow, nullable=c.nullable or lenient) for c in table.landed])


@cache
def load_contract(source: str) -> Contract:
    """Return the contract of a source from its contract.yaml.

    Raises:
        NotFound: there is no such source.
    """
    folder = source_folders().get(source)
    if folder is None:
        raise NotFound(f"Không có nguồn «{source}». Chạy «dwh sync --help» để xem các nguồn.", source=source)
    return parse_contract((folder / CONTRACT).read_text(encoding="utf-8"))


@cache
def source_names() -> tuple[str, ...]:
    """Return the sources there are, in the order of QC-DWH Điều 4, later ones at the end."""
    return tuple(sorted(source_folders(), key=lambda name: (load_contract(name).article or "9", name)))


def parse_contract(text: str) -> Contract:
    """Return the contract written in the YAML `text`."""
    document = yaml.load(text, Loader=_Loader)  # noqa: S506 - the safe loader, in C where there is one
    custom = _custom(document)
    mode = _mode(document["id"], custom.get("mode", "evolve"))
    latency = next(sla for sla in document["slaProperties"] if sla["property"] == "latency")
    return Contract(
        name=document["id"],
        label=document["name"],
        system=custom["system"],
        owner=document["team"]["name"],
        owner_org=custom["ownerOrg"],
        fresh_hours=int(latency["value"]),
        tables=tuple(_table(item, mode) for item in document["schema"]),
        article=str(custom.get("article", "")),
        mode=mode,
        version=str(document.get("version", "")),
    )


def _table(item: dict[str, Any], mode: Mode) -> TableContract:
    custom = _custom(item)
    own = _mode(item["name"], custom["mode"]) if "mode" in custom else None
    is_lenient = (own or mode) == "quarantine"
    checks = tuple(read_check(check) for check in item.get("quality", ()))
    return TableContract(
        name=item["name"],
        label=item["businessName"],
        columns=(*(_column(prop) for prop in item["properties"]), *((_MISFITS,) if is_lenient else ())),
        month_column=custom.get("monthColumn"),
        money=tuple(custom.get("controlTotals", ())),
        checks=(*checks, misfit_check(item["name"], MISFITS)) if is_lenient else checks,
        deletes=_deletes(item["name"], custom),
        mode=own,
    )


def _deletes(table: str, custom: dict[str, Any]) -> Deletes:
    known: dict[str, Deletes] = {"keys": "keys", "periods": "periods"}
    found = custom.get("deletes", "keys")
    if found not in known:
        raise ValueError(f"{table}: deletes is keys or periods, not {found}")
    if found == "periods" and "monthColumn" not in custom:
        raise ValueError(f"{table}: deletes by periods needs a monthColumn")
    return known[found]


def _mode(source: str, mode: str) -> Mode:
    known: dict[str, Mode] = {"evolve": "evolve", "freeze": "freeze", "quarantine": "quarantine"}
    if mode not in known:
        raise ValueError(f"{source}: mode is evolve, freeze or quarantine, not {mode}")
    return known[mode]


def _column(prop: dict[str, Any]) -> Column:
    custom = _custom(prop)
    sizes = _NUMERIC.fullmatch(prop["physicalType"])
    precision = (int(sizes[1]), int(sizes[2])) if sizes else None
    logical = prop["logicalType"]
    if logical == "integer":
        kind: ColumnType = "money" if precision and precision[0] >= _MONEY_DIGITS else "integer"
    else:
        kind = _PLAIN[logical]
    return Column(
        name=prop["name"],
        type=kind,
        personal=prop.get("classification", ""),
        nullable=not prop.get("required", False),
        land="notLanded" not in custom,
        precision=precision if kind == "decimal" else None,
        reason=custom.get("notLanded", ""),
        label=prop.get("businessName", ""),
    )


def _custom(item: dict[str, Any]) -> dict[str, Any]:
    return {entry["property"]: entry["value"] for entry in item.get("customProperties", ())}
