"""Whether a value of the claim standard is what its field says. Pure; amounts are exact text, never a float.

Source: QĐ 130/QĐ-BYT and its corrections (claim_fields.csv); rules FMT-01, FMT-02, FMT-10.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import Literal

Kind = Literal["text", "int", "money", "amount", "day", "days", "moment", "since", "birth"]
Reader = Callable[[str], str | None]  # the value as it is kept, None when it is not one

_WHOLE = re.compile(r"(\d+)(?:\.0+)?", re.ASCII)
FAULTS: dict[Kind, tuple[str, str]] = {  # kind -> code of the rule, what is wrong
    "text": ("FMT-01", "dài quá {size} ký tự"),
    "int": ("FMT-10", "không phải số nguyên tối đa {size} chữ số"),
    "money": ("FMT-10", "không phải số tiền không âm, dấu chấm thập phân, tối đa 2 số lẻ"),
    "amount": ("FMT-10", "không phải số không âm, dấu chấm thập phân, tối đa 3 số lẻ"),
    "day": ("FMT-02", "không phải ngày yyyymmdd có thật"),
    "days": ("FMT-02", "có phần tử không phải ngày yyyymmdd có thật"),
    "moment": ("FMT-02", "không phải thời điểm yyyymmddHHMM có thật"),
    "since": ("FMT-02", "không phải ngày yyyymmdd hoặc thời điểm yyyymmddHHMM có thật"),
    "birth": ("FMT-02", "không phải ngày sinh yyyymmddHHMM (phần không biết ghi 0)"),
}


def reader_of(kind: Kind, size: int | None, precision: tuple[int, int] | None) -> Reader:
    """Return the reader of a field. `precision` is that of the landed column (digits, after the comma)."""
    if kind in ("money", "amount"):
        digits, places = precision or (15, 2 if kind == "money" else 3)
        pattern = re.compile(rf"\d{{1,{digits - places}}}(?:\.\d{{1,{places}}}0*)?", re.ASCII)
        return partial(_matched, pattern)
    if kind == "int":
        return partial(_whole, size or 18)
    if kind == "text":
        return partial(_text, size)
    dates: dict[Kind, Reader] = {
        "day": _day, "days": _days, "moment": _moment, "since": _since, "birth": _birth
    }  # fmt: skip
    return dates[kind]


def _text(size: int | None, text: str) -> str | None:
    return text if size is None or len(text) <= size else None


def _matched(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None


def _whole(size: int, text: str) -> str | None:
    found = _WHOLE.fullmatch(text)
    return found[1] if found and len(found[1]) <= size else None


@lru_cache(maxsize=8192)
def _day(text: str) -> str | None:
    return text if len(text) == 8 and day_of(text) else None


@lru_cache(maxsize=8192)
def _moment(text: str) -> str | None:
    hour, minute = text[8:10], text[10:12]
    good = (
        len(text) == 12
        and day_of(text)
        and text.isascii()
        and text.isdigit()
        and hour < "24"
        and minute < "60"
    )
    return text if good else None


def _days(text: str) -> str | None:
    """An open end leaves its place between the semicolons empty."""
    return text if all(not part.strip() or _day(part.strip()) for part in text.split(";")) else None


def _since(text: str) -> str | None:
    return _day(text) or _moment(text)


@lru_cache(maxsize=8192)
def _birth(text: str) -> str | None:
    """Year, then month and day or zeros, then hour and minute; 4210 may stop earlier."""
    if (
        len(text) not in (4, 8, 12)
        or not (text.isascii() and text.isdigit())
        or not "1850" <= text[:4] <= "2150"
    ):
        return None
    month, day, clock = text[4:6] or "00", text[6:8] or "00", text[8:] or "0000"
    known = f"{text[:4]}{month if month != '00' else '01'}{day if day != '00' else '01'}"
    return text if day_of(known) and clock[:2] < "24" and clock[2:] < "60" else None


def day_of(text: str) -> date | None:
    """Return the day of the first eight digits, None when there is no such day between 1850 and 2150."""
    if not (text[:8].isascii() and text[:8].isdigit() and len(text) >= 8):
        return None
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    try:
        return date(year, month, day) if 1850 <= year <= 2150 else None
    except ValueError:
        return None
