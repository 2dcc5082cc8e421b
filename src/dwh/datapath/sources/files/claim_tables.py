"""The tables and fields of the claim standard by version, and which version a claim was written in.

The fields are data (claim_fields.csv, made by tools/claim_fields.py from the annexes). What lands is decided by
the contract of source `claims`, not here: a field without a landed column is checked and left behind.

Source: QĐ 4210/QĐ-BYT 2017, QĐ 130/QĐ-BYT 2023, QĐ 4750/QĐ-BYT 2023, QĐ 3176/QĐ-BYT 2024.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, cast, get_args

from dwh.datapath.sources.contract import Column, TableContract, load_contract
from dwh.datapath.sources.files.claim_values import FAULTS, Kind, Reader, reader_of

VERSIONS: Final = {  # in force since; the lists of 4750 and 3176 differ in XML13 only, there the day decides
    "4210": date(2017, 9, 20), "130": date(2023, 1, 18), "4750": date(2023, 12, 29), "3176": date(2024, 10, 29),
}  # fmt: skip
LANDED: Final = {"XML1": "gd_ho_so", "XML2": "gd_thuoc", "XML3": "gd_dvkt"}
NEVER_OPENED: Final = frozenset({"XML6", "XML15"})  # HIV, tuberculosis: data minimisation, sources.md §5
OUTSIDE: Final = "XML12"  # entered at the portal, never part of a claim
SHAPES: Final = {  # root, list, row; one record when there is no list
    "XML1": ("TONG_HOP", "", ""),
    "XML2": ("CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC"),
    "XML3": ("CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT"),
    "XML4": ("CHITIEU_CHITIET_DICHVUCANLAMSANG", "DSACH_CHI_TIET_CLS", "CHI_TIET_CLS"),
    "XML5": ("CHITIEU_CHITIET_DIENBIENLAMSANG", "DSACH_CHI_TIET_DIEN_BIEN_BENH", "CHI_TIET_DIEN_BIEN_BENH"),
    "XML7": ("CHI_TIEU_DU_LIEU_GIAY_RA_VIEN", "", ""),
    "XML8": ("CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN", "", ""),
    "XML9": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH", "DU_LIEU_GIAY_CHUNG_SINH"),
    "XML10": ("CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI", "", ""),
    "XML11": ("CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI", "", ""),
    "XML13": ("CHI_TIEU_GIAYCHUYENTUYEN", "", ""),
    "XML14": ("CHI_TIEU_GIAYHEN_KHAMLAI", "", ""),
}  # fmt: skip
_MOSTLY = 0.5  # a version that knows fewer of the fields than this is not the one


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one table. `slot` is its place in a row that lands, -1 when it does not land."""

    name: str
    kind: Kind
    size: int | None
    read: Reader
    slot: int

    @property
    def fault(self) -> tuple[str, str]:
        """Return the rule a bad value breaks, and what is wrong with it."""
        code, what = FAULTS[self.kind]
        return code, what.format(size=self.size)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table in one version. `needed` are fields a row that lands must have, with their slots."""

    version: str
    table: str
    fields: Mapping[str, Field]
    needed: tuple[tuple[str, int], ...]
    width: int

    def meant(self, tag: str) -> tuple[Field, str] | None:
        """Return the field an unknown tag stands for, and the kind of slip; None when there is none."""
        old = _names_of_4210(self.table).get(tag, "")
        if old in self.fields:
            return self.fields[old], "tên trường của QĐ 4210"
        alike = [name for name in self.fields if _folded(name) == _folded(tag)]
        return (self.fields[alike[0]], "tên trường gõ nhầm chữ") if len(alike) == 1 else None


@cache
def landed_columns(table: str) -> tuple[Column, ...]:
    """Return the contract's landed columns that a field of XML1, XML2 or XML3 fills, in contract order."""
    if table not in LANDED:
        return ()
    filled = {row["lands_as"] for row in _rows() if row["table"] == table}
    return tuple(column for column in contract_of(table).landed if column.name in filled)


def contract_of(table: str) -> TableContract:
    """Return the contract of the landed table XML1, XML2 or XML3 becomes."""
    return load_contract("claims").table(LANDED[table])


@cache
def spec_of(version: str, table: str) -> TableSpec | None:
    """Return a table in a version, None when that version has no such table."""
    rows = [row for row in _rows() if row["table"] == table and version in row["versions"].split()]
    if not rows:
        return None
    columns = {column.name: (slot, column) for slot, column in enumerate(landed_columns(table))}
    fields = {row["field"]: _field(row, columns) for row in rows}
    needed = tuple(
        (row["field"], fields[row["field"]].slot)
        for row in rows
        if row["required"] and fields[row["field"]].slot >= 0
    )
    return TableSpec(version, table, fields, needed, len(columns))


def recognise(tags: Mapping[str, frozenset[str]], day: date | None) -> str | None:
    """Return the version of a claim from the fields of its tables and its day; None when no version knows them.

    Where several versions fit, it is the last one in force on the day, the first of them before any was.
    """
    fitting = [version for version in VERSIONS if all(_fits(version, table, t) for table, t in tags.items())]
    if not fitting:
        shares = {version: _share(version, "XML1", tags["XML1"]) for version in VERSIONS}
        best = max(shares.values())
        fitting = [version for version, share in shares.items() if share == best] if best > _MOSTLY else []
    begun = [version for version in fitting if day is None or VERSIONS[version] <= day]
    return begun[-1] if begun else fitting[0] if fitting else None


@lru_cache(maxsize=4096)
def _fits(version: str, table: str, tags: frozenset[str]) -> bool:
    spec = spec_of(version, table)
    return spec is not None and tags <= spec.fields.keys()


def _share(version: str, table: str, tags: frozenset[str]) -> float:
    spec = spec_of(version, table)
    return len(tags & spec.fields.keys()) / len(tags) if spec and tags else 0.0


def _field(row: Mapping[str, str], columns: Mapping[str, tuple[int, Column]]) -> Field:
    slot, column = columns.get(row["lands_as"], (-1, None))
    size, kind = int(row["size"]) if row["size"] else None, cast("Kind", row["kind"])
    if kind not in get_args(Kind):
        raise ValueError(f"claim_fields.csv: {row['table']}.{row['field']} is of no known kind {kind}")
    return Field(row["field"], kind, size, reader_of(kind, size, column.precision if column else None), slot)


@cache
def _names_of_4210(table: str) -> dict[str, str]:
    """Return the fields of 4210 that got another name since, and that name."""
    rows = (row for row in _rows() if row["versions"] == "4210" and row["table"] == table)
    return {row["field"]: row["lands_as"].upper() for row in rows if row["lands_as"].upper() != row["field"]}


def _folded(name: str) -> str:
    """Return a name without the difference of capitals and of l, I, 1, which look alike."""
    return name.upper().replace("L", "I").replace("1", "I")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = files(__package__).joinpath("claim_fields.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
