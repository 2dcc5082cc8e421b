"""Claim XML as a facility would send it, from the claims of the demonstration: envelopes, and zips of envelopes.

A claim is written in any version of the standard; fields the claim system does not keep stay empty.
"""

from __future__ import annotations

import base64
import csv
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from dwh.datapath.sources.files.claim_tables import SHAPES

Row = dict[str, Any]
_STAMP = (2026, 11, 22, 6, 0, 0)  # so that a zip is the same bytes every time


@dataclass(slots=True)
class SourceClaim:
    """One claim with its lines, under the column names of the claim system; `others` are further tables."""

    head: Row
    drugs: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)
    others: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, list[Row]]:
        found = {"XML1": [self.head], "XML2": self.drugs, "XML3": self.services, **self.others}
        return {table: rows for table, rows in found.items() if rows}


def read_claims(database: Path, where: str = "1 = 1", limit: int = 2_000) -> Iterator[SourceClaim]:
    """Yield claims of the demonstration's claim system, in the order of their ids."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        heads = db.execute(
            f"SELECT * FROM gd_ho_so WHERE NOT is_deleted AND lan_gui = 1 AND {where} ORDER BY id LIMIT ?",
            (limit,),
        )
        for head in heads.fetchall():
            key = (head["ma_cskcb"], head["ma_lk"], head["lan_gui"])
            yield SourceClaim(dict(head), _lines(db, "gd_thuoc", key), _lines(db, "gd_dvkt", key))


def _lines(db: sqlite3.Connection, table: str, key: tuple[str, str, int]) -> list[Row]:
    found = db.execute(
        f"SELECT * FROM {table} WHERE ma_cskcb = ? AND ma_lk = ? AND lan_gui = ? ORDER BY stt", key
    )
    return [dict(row) for row in found]


def write_zip(path: Path, claims: Iterable[SourceClaim], *, version: str = "3176") -> int:
    """Write a zip with one envelope for each claim, as most facilities send them; return how many."""
    count = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for count, claim in enumerate(claims, start=1):
            name = zipfile.ZipInfo(f"{count:06d}.xml", _STAMP)
            archive.writestr(name, envelope([claim], version=version), zipfile.ZIP_DEFLATED)
    return count


def envelope(
    claims: Sequence[SourceClaim], *, version: str = "3176", facility: str = "", day: str = ""
) -> bytes:
    """Return GIAMDINHHS with these claims of one facility."""
    code = facility or str(claims[0].head["ma_cskcb"]).strip()
    written = "".join(package(claim, version=version) for claim in claims)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f"<GIAMDINHHS><THONGTINDONVI><MACSKCB>{escape(code)}</MACSKCB></THONGTINDONVI><THONGTINHOSO>"
        f"<NGAYLAP>{day or str(claims[0].head['ngay_ra'])[:8]}</NGAYLAP><SOLUONGHOSO>{len(claims)}</SOLUONGHOSO>"
        f"<DANHSACHHOSO>{written}</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI/></GIAMDINHHS>\n"
    ).encode()


def package(claim: SourceClaim, *, version: str = "3176") -> str:
    """Return one HOSO."""
    sheets = "".join(
        sheet(table, table_xml(table, rows, claim, version=version)) for table, rows in claim.tables.items()
    )
    return f"\n<HOSO>{sheets}</HOSO>"


def sheet(kind: str, content: str) -> str:
    """Return one FILEHOSO with its content in base64."""
    encoded = base64.b64encode(content.encode()).decode()
    return f"\n<FILEHOSO><LOAIHOSO>{kind}</LOAIHOSO><NOIDUNGFILE>{encoded}</NOIDUNGFILE></FILEHOSO>"


def table_xml(table: str, rows: Sequence[Row], claim: SourceClaim, *, version: str = "3176") -> str:
    """Return the XML of one table; 4210 has no outer element around a list."""
    top, list_name, row_name = SHAPES[table]
    names = fields_of(version, table)
    keys = {"ma_lk": claim.head["ma_lk"], "ma_cskcb": claim.head["ma_cskcb"]}
    written = ["".join(_element(tag, {**row, **keys}.get(column)) for tag, column in names) for row in rows]
    if not list_name:
        return f"<{top}>{written[0]}</{top}>"
    body = "".join(f"<{row_name}>{row}</{row_name}>" for row in written)
    inner = f"<{list_name}>{body}</{list_name}>"
    return inner if version == "4210" else f"<{top}>{inner}</{top}>"


@cache
def fields_of(version: str, table: str) -> tuple[tuple[str, str], ...]:
    """Return (field, column of the claim system) of a table in a version, in the order of the standard."""
    text = files("dwh.datapath.sources.files").joinpath("claim_fields.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(
        (row["field"], row["lands_as"])
        for row in rows
        if row["table"] == table and version in row["versions"].split()
    )


def _element(tag: str, value: Any) -> str:
    text = _text(value)
    return f"<{tag}>{text[:1] if tag == 'MA_LYDO_VVIEN' else text}</{tag}>"  # 1.1 was 1 before QĐ 824


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return escape(str(value).strip())
