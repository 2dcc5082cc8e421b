"""One claim: its tables checked field by field against the version it was written in, and what of it lands.

Which amounts must add up and which codes must exist is asked later, by the checks of the contract; here a claim is
held only for what makes it unreadable or impossible to place.

Source: QC-DWH Điều 4.3; QĐ 130/QĐ-BYT; rules ENV, KEY, FMT, REQ of the claim standard.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from dwh.datapath.sources.files.child import Fields, held, rows_of
from dwh.datapath.sources.files.claim_tables import (
    LANDED,
    NEVER_OPENED,
    OUTSIDE,
    SHAPES,
    VERSIONS,
    Field,
    TableSpec,
    landed_columns,
    recognise,
    spec_of,
)
from dwh.datapath.sources.files.claim_values import day_of
from dwh.datapath.sources.files.envelope import Package, Sheet
from dwh.datapath.sources.files.limits import Limits
from dwh.datapath.sources.files.problem import shown

Row = list[str | None]
NOT_LANDED: Final = "bảng nhạy cảm không mở, không nạp"
_A_DONG: Final = Decimal(1)  # tolerance of the sums of the standard


@dataclass(frozen=True, slots=True)
class Claim:
    """What of one claim lands: rows of XML1, XML2 and XML3 in the order of their landed columns, as text."""

    version: str
    facility: str
    episode: str
    rows: dict[str, list[Row]]


def read_claim(package: Package, limits: Limits, variants: Counter[str]) -> Claim:
    """Return what of the package lands.

    Raises:
        PackageHeld: it cannot be read or placed; says where and why.
    """
    sheets = _sheets(package, variants)
    written = {kind: rows_of(sheet, limits, variants) for kind, sheet in sheets.items()}
    [head] = written["XML1"]
    version = _version(written, package)
    rows: dict[str, list[Row]] = {}
    for table, fields in written.items():
        rows[table] = _rows(table, fields, version, variants)
    _check_keys(written, head, package.facility)
    _check_tables(rows)
    _count_repeats(rows, variants)
    wanted = {table: found for table, found in rows.items() if table in LANDED}
    return Claim(version, package.facility, _said(head, "MA_LK"), wanted)


def _sheets(package: Package, variants: Counter[str]) -> dict[str, Sheet]:
    """Return the tables of the package by kind; those that are never opened only leave a count."""
    found: dict[str, Sheet] = {}
    for sheet in package.sheets:
        kind = sheet.kind
        if kind == OUTSIDE:
            raise held("ENV-08", "XML12 nhập thẳng trên cổng, không nằm trong gói hồ sơ", kind)
        if kind not in SHAPES and kind not in NEVER_OPENED:
            said = f"loại «{shown(kind)}» không có trong chuẩn" if kind else "thiếu LOAIHOSO"
            raise held("ENV-04", said, "FILEHOSO")
        if kind in found:
            raise held("ENV-05", "có nhiều hơn một tệp cùng loại trong một hồ sơ", kind)
        found[kind] = sheet
    for kind in NEVER_OPENED & found.keys():
        variants[f"{kind}: {NOT_LANDED}"] += 1
        del found[kind]
    if "XML1" not in found:
        raise held("ENV-05", "thiếu bảng tổng hợp XML1", "XML1")
    return found


def _version(written: dict[str, list[Fields]], package: Package) -> str:
    [head] = written["XML1"]
    tags = {table: frozenset(rows[0]) for table, rows in written.items() if rows}
    day = day_of(_said(head, "NGAY_RA")) or day_of(package.day)
    version = recognise(tags, day)
    if version is None:
        known = ", ".join(VERSIONS)
        raise held("FMT-01", f"tên trường không thuộc phiên bản nào đã biết ({known})", "XML1")
    return version


def _rows(table: str, written: list[Fields], version: str, variants: Counter[str]) -> list[Row]:
    spec = spec_of(version, table)
    if spec is None:
        raise held("FMT-01", f"bảng không có trong phiên bản {version}", table)
    return [_row(spec, fields, number, variants) for number, fields in enumerate(written, start=1)]


def _row(spec: TableSpec, fields: Fields, number: int, variants: Counter[str]) -> Row:
    row: Row = [None] * spec.width
    known = spec.fields
    for tag, raw in fields.items():
        field = known.get(tag) or _meant(spec, tag, number, variants)
        text = raw.strip() if raw else ""
        if not text:
            continue
        value = field.read(text)
        if value is None:
            code, what = field.fault
            raise held(code, what, spec.table, number, field.name)
        slot = field.slot
        if slot >= 0:
            if row[slot] is not None:
                raise held(
                    "FMT-01", "ghi dưới hai tên khác nhau trong một dòng", spec.table, number, field.name
                )
            row[slot] = value
    for tag, slot in spec.needed:
        if row[slot] is None:
            raise held("REQ-01", "bắt buộc nhưng để trống", spec.table, number, tag)
    return row


def _meant(spec: TableSpec, tag: str, number: int, variants: Counter[str]) -> Field:
    found = spec.meant(tag)
    if found is None:
        what = f"không có trong bảng này của phiên bản {spec.version}"
        raise held("FMT-01", what, spec.table, number, tag)
    field, slip = found
    variants[slip] += 1
    return field


def _check_keys(written: dict[str, list[Fields]], head: Fields, facility: str) -> None:
    if _said(head, "MA_CSKCB") != facility:
        raise held("ENV-02", "mã cơ sở khác mã cơ sở ghi trên vỏ gói", "XML1", field="MA_CSKCB")
    episode = _said(head, "MA_LK")
    for table, rows in written.items():
        for number, fields in enumerate(rows, start=1):
            if _said(fields, "MA_LK") not in (episode, ""):
                raise held("KEY-01", "mã đợt khám khác với XML1 của cùng hồ sơ", table, number, "MA_LK")


def _check_tables(rows: dict[str, list[Row]]) -> None:
    """Hold a claim whose totals speak of lines that were not sent: T_TONGCHI_BV is that of XML2 and XML3 together."""
    [head] = rows["XML1"]
    drugs, total = _amount(head, "t_thuoc"), _amount(head, "t_tongchi_bv")
    if drugs >= _A_DONG and not rows.get("XML2"):
        raise held("SUM-01", "thiếu bảng thuốc trong khi XML1 có T_THUOC", "XML2")
    if total - drugs >= _A_DONG and not rows.get("XML3"):
        raise held(
            "SUM-03", "thiếu bảng dịch vụ kỹ thuật trong khi tổng chi của XML1 lớn hơn tiền thuốc", "XML3"
        )


def _count_repeats(rows: dict[str, list[Row]], variants: Counter[str]) -> None:
    for table in ("XML2", "XML3"):
        slot = _slots(table)["stt"]
        numbers = [row[slot] for row in rows.get(table, ())]
        if len(set(numbers)) < len(numbers):
            variants["STT trùng trong bảng"] += 1


def _amount(head: Row, column: str) -> Decimal:
    return Decimal(head[_slots("XML1")[column]] or 0)


@cache
def _slots(table: str) -> dict[str, int]:
    return {column.name: slot for slot, column in enumerate(landed_columns(table))}


def _said(fields: Fields, tag: str) -> str:
    return (fields.get(tag) or "").strip()
