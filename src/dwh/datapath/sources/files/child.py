"""One table of a claim: from the text of NOIDUNGFILE to its rows of fields, as written.

Departures from the standard that lose nothing are borne and counted (ENV-07): no base64, values in attributes,
name spaces, a missing list level, a wrong declaration of the encoding.
"""

from __future__ import annotations

import binascii
import xml.etree.ElementTree as ET
from collections import Counter

from dwh.datapath.sources.files.claim_tables import SHAPES
from dwh.datapath.sources.files.envelope import Sheet
from dwh.datapath.sources.files.limits import MIB, Limits
from dwh.datapath.sources.files.problem import PackageHeld, Place, Problem, shown

RESEND = "đề nghị cơ sở sửa hồ sơ này rồi gửi lại"
Fields = dict[str, str | None]
_BOM = b"\xef\xbb\xbf"


def rows_of(sheet: Sheet, limits: Limits, variants: Counter[str]) -> list[Fields]:
    """Return the rows of one table, field name → text.

    Raises:
        PackageHeld: broken base64, not XML, a document type, another encoding, another table's elements.
    """
    if sheet.oversize:
        raise held("XML-03", f"nội dung bảng lớn quá {limits.table // MIB} MiB", sheet.kind)
    root = sheet.tree if sheet.tree is not None else _parsed(sheet, limits, variants)
    rows = _records(root, sheet.kind, variants)
    if len(rows) > limits.rows:
        raise held("XML-03", f"bảng có quá {limits.rows} dòng", sheet.kind)
    return [_fields(row, sheet.kind, number, variants) for number, row in enumerate(rows, start=1)]


def held(code: str, what: str, table: str, row: int = 0, field: str = "") -> PackageHeld:
    """Return the reason a claim is held, at a place inside it."""
    return PackageHeld(Problem(code, what, RESEND, Place(table=table, row=row, field=field)))


def _parsed(sheet: Sheet, limits: Limits, variants: Counter[str]) -> ET.Element:
    data = _bytes_of(sheet, variants)
    if len(data) > limits.table:
        raise held("XML-03", f"nội dung bảng lớn quá {limits.table // MIB} MiB", sheet.kind)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or not _is_utf8(data):
        raise held("FMT-11", "chữ không theo bảng mã UTF-8", sheet.kind)
    if b"<!DOCTYPE" in data:  # in UTF-8 there is no other way to write one
        raise held("XML-02", "khai kiểu tài liệu (DOCTYPE) hoặc thực thể, có thể gây hại", sheet.kind)
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - see above; the declaration may say utf-16
    try:
        parser.feed(data)
        return parser.close()
    except ET.ParseError as error:
        raise held(
            "ENV-04", f"nội dung không phải XML hợp lệ (dòng {error.position[0]})", sheet.kind
        ) from None


def _bytes_of(sheet: Sheet, variants: Counter[str]) -> bytes:
    text = sheet.text.strip()
    if not text:
        raise held("ENV-04", "NOIDUNGFILE rỗng", sheet.kind)
    if text.startswith(("<", "\ufeff")):
        variants["XML con để dạng chữ, không base64"] += 1
        return text.lstrip("\ufeff").encode("utf-8", "surrogatepass")
    try:
        return binascii.a2b_base64("".join(text.split()), strict_mode=True).removeprefix(_BOM)
    except (ValueError, binascii.Error):
        raise held("ENV-04", "NOIDUNGFILE không giải mã base64 được", sheet.kind) from None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _records(root: ET.Element, table: str, variants: Counter[str]) -> list[ET.Element]:
    """Find the rows whichever level of the shape the sender left out."""
    top, list_name, row_name = SHAPES[table]
    name = _local(root, variants)
    if not list_name:
        if name != top:
            raise _foreign(name, table)
        return [root]
    if name == row_name:
        variants["gốc thiếu tầng danh sách"] += 1
        return [root]
    if name == list_name:
        return _all_named(list(root), row_name, table, variants)
    if name != top:
        raise _foreign(name, table)
    kids = list(root)
    if kids and all(_local(kid, variants) == row_name for kid in kids):
        variants["gốc thiếu tầng danh sách"] += 1
        return kids
    lists = _all_named(kids, list_name, table, variants)
    return _all_named([row for one in lists for row in one], row_name, table, variants)


def _all_named(elements: list[ET.Element], name: str, table: str, variants: Counter[str]) -> list[ET.Element]:
    for element in elements:
        found = _local(element, variants)
        if found != name:
            raise _foreign(found, table)
    return elements


def _foreign(name: str, table: str) -> PackageHeld:
    return held("ENV-04", f"phần tử «{shown(name)}» không thuộc bảng này", table)


def _local(element: ET.Element, variants: Counter[str]) -> str:
    """Return the name without its name space, in `{…}` after parsing or before a colon in the open."""
    tag = str(element.tag)
    if "}" in tag or ":" in tag:
        variants["không gian tên thừa"] += 1
        return tag.rpartition("}")[2].rpartition(":")[2]
    return tag


def _fields(row: ET.Element, table: str, number: int, variants: Counter[str]) -> Fields:
    fields: Fields = {kid.tag: kid.text for kid in row}
    count = len(row)
    if any(map(len, row)):
        deep = next(str(kid.tag) for kid in row if len(kid))
        raise held("FMT-01", "chứa phần tử con thay vì giá trị", table, number, _bare(deep))
    tags = " ".join(fields)
    if row.attrib or "}" in tags or ":" in tags:
        fields, count = _spelled_out(row, variants)
    if len(fields) < count:
        seen = Counter(_bare(str(kid.tag)) for kid in row)
        twice = next((tag for tag, times in seen.items() if times > 1), next(iter(seen), ""))
        raise held("FMT-01", "lặp lại trong một dòng", table, number, twice)
    return fields


def _spelled_out(row: ET.Element, variants: Counter[str]) -> tuple[Fields, int]:
    """Read a row that carries values in attributes, or name spaces on its fields."""
    named = [(_local(kid, variants), kid.text) for kid in row]
    own = [(_bare(name), value) for name, value in row.attrib.items() if not _is_declaration(name)]
    if own:
        variants["giá trị đặt ở thuộc tính"] += 1
    return dict([*own, *named]), len(own) + len(named)


def _is_declaration(name: str) -> bool:
    """Tell whether an attribute is about XML itself: xmlns, xsi:nil, xml:space."""
    return name.startswith(("xmlns", "xml:", "xsi:", "{http://www.w3.org/"))


def _bare(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]
