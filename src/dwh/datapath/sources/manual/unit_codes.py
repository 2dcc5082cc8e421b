"""Which unit a row is about: the nation, a region, a province of the list of that time, or a facility.

The two digits of a province mean another province before and after 01/07/2025 (15, 24, 44, 52, 80, 82, 91), and
spreadsheets drop leading noughts. A code is read in the list of the period; where that does not decide, the name
does; where the name does not either, it is said, never guessed. Source: docs of the lists in seeds/README.md.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from dwh.datapath.sources.files.grid import Cell, text_of
from dwh.datapath.sources.manual.layout import Level
from dwh.kernel.vi import strip_marks

ListName = Literal["63", "34"]
REFORM: Final = "2025-07"  # the first month of 34 provinces
NATION: Final = "00"
_SEEDS = Path(__file__).parents[2] / "warehouse/models/seeds"  # the one home of the lists of provinces
_REGION = re.compile(r"[Vv]0?([1-6])")
_FACILITY = re.compile(r"[0-9A-Z]{5}")
_PREFIXES = re.compile(r"^(bhxh |tinh |thanh pho |tp |tp\. ?|t\.p\. ?)+")
_SHORT: Final = {
    "hcm": "ho chi minh", "tphcm": "ho chi minh", "t.t.hue": "hue", "tt hue": "hue", "thua thien hue": "hue",
    "thua thien - hue": "hue", "brvt": "ba ria vung tau", "br-vt": "ba ria vung tau",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a row names it; `list_name` is the list its province code is of."""

    level: Level
    code: str
    list_name: ListName


class Unclear(Exception):
    """The row does not say which unit it is about; the message says why."""


@cache
def provinces(list_name: ListName) -> Mapping[str, str]:
    """Return province code → name of the 63 until 30/06/2025, or of the 34 since."""
    return {row["province_code"]: row["province_name"] for row in _seed(list_name)}


@cache
def successors() -> Mapping[str, str]:
    """Return old province code → the new province it became part of."""
    return {row["province_code"]: row["successor_code"] for row in _seed("63")}


def lists_of(first: str, last: str) -> tuple[ListName, ...]:
    """Return which lists a period can be told in: one, or both when the reform lies inside it."""
    if last < REFORM:
        return ("63",)
    return ("34",) if first >= REFORM else ("63", "34")


def list_of_codes(codes: Iterable[str], possible: tuple[ListName, ...]) -> ListName | None:
    """Return the one possible list that knows all these codes; None when both do."""
    found = set(codes)
    fitting = [name for name in possible if found <= provinces(name).keys()]
    return fitting[0] if len(fitting) == 1 else None


def padded(cell: Cell) -> str:
    """Return a province code with its nought: 2, '2' and '02' are 02; other texts stay as they are."""
    text = text_of(cell)
    return text.zfill(2) if text.isascii() and text.isdigit() and len(text) <= 2 else text


def unit_of(
    cell: Cell, name: str, *, lists: tuple[ListName, ...], province: str, of_facilities: bool
) -> Unit:
    """Return the unit of a row.

    Raises:
        Unclear: no unit has such a code, or it does not say which of two.
    """
    code = padded(cell)
    if code == NATION:
        return Unit("nation", NATION, lists[-1])
    if region := _REGION.fullmatch(code):
        return Unit("region", f"V0{region[1]}", lists[-1])
    if of_facilities:
        return Unit("facility", _facility(code, province, lists), lists[-1])
    if not (code.isdigit() and len(code) == 2):
        raise Unclear("mã đơn vị không phải mã tỉnh hai chữ số" if code else "thiếu mã đơn vị")
    return Unit("province", code, _which_list(code, name, lists))


def _which_list(code: str, name: str, lists: tuple[ListName, ...]) -> ListName:
    known = [one for one in lists if code in provinces(one)]
    if not known:
        raise Unclear(f"mã {code} không có trong danh mục {' hoặc '.join(lists)} tỉnh của kỳ này")
    said = _comparable(name)
    agreeing = [one for one in known if not said or said == _comparable(provinces(one)[code])]
    if not agreeing:
        names = " hoặc ".join(provinces(one)[code] for one in known)
        raise Unclear(f"mã {code} trong kỳ này là {names}, nhưng tên ghi tỉnh khác")
    if len(agreeing) > 1:
        raise Unclear(
            f"mã {code} có ở cả danh mục 63 và 34 tỉnh trong kỳ này, tên không cho biết là danh mục nào"
        )
    return agreeing[0]


def _facility(code: str, province: str, lists: tuple[ListName, ...]) -> str:
    """Return the five characters of a facility; a lost nought comes back only where the province proves it."""
    prefixes = {province} | {old for old, new in successors().items() if new == province and "34" in lists}
    if code.isdigit() and len(code) == 4:
        if f"0{code[0]}" in prefixes:
            return f"0{code}"
        raise Unclear("mã cơ sở có 4 chữ số và không thuộc tỉnh của tham số, không chắc là mất số 0")
    if not _FACILITY.fullmatch(code):
        raise Unclear("mã cơ sở không đủ 5 ký tự" if code else "thiếu mã cơ sở")
    if province != NATION and code[:2] not in prefixes:
        raise Unclear("mã cơ sở không thuộc tỉnh ghi ở tham số")
    return code


def _comparable(name: str) -> str:
    """Return a province's name without marks, titles, abbreviations and dashes."""
    bare = _PREFIXES.sub("", strip_marks(name).strip())
    bare = _SHORT.get(bare, bare)
    return " ".join(bare.replace("-", " ").split())


@cache
def _seed(list_name: ListName) -> tuple[dict[str, str], ...]:
    path = _SEEDS / ("province_old.csv" if list_name == "63" else "province_new.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))
