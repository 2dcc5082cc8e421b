"""The only place that writes numbers, money, dates and states in Vietnamese.

HTML, XLSX labels, PDF and CSV labels call these functions, so a figure reads the same wherever it stands:
`1.234.567,89`, `−5`, `96,8 %`, `14/10/2025`, `9/2025`, «Quý III/2025». No data is `–`, never 0.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

Number = int | Decimal | float | None

NO_DATA: Final = "–"
MINUS: Final = "−"
GAP: Final = "\u00a0"  # the gap before % and units: it never breaks a line
VIETNAM_TIME: Final = timezone(timedelta(hours=7), "ICT")  # no daylight saving since 1975

STATES: Final = {
    "provisional": "Tạm tính",
    "confirmed": "Đã xác nhận",
    "locked": "Đã khóa",
    "adjusted": "Điều chỉnh",
    "stale": "Đã cũ",
}
_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_MONEY_UNITS: Final = ((10**9, "tỷ đồng"), (10**6, "triệu đồng"))
_COUNT_UNITS: Final = ((10**6, "triệu"),)


def rounded(value: int | Decimal | float, decimals: int = 0) -> Decimal:
    """Return `value` rounded half up (as on paper), exactly: a float is read by its shortest decimal form."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: Number, decimals: int = 0) -> str:
    """Return `1.234.567,89`; a negative carries the minus sign `−`, nothing is `–`."""
    if value is None:
        return NO_DATA
    if isinstance(value, int) and not decimals:  # nearly every cell of a table
        text = f"{abs(value):,}".replace(",", ".")
        return f"{MINUS}{text}" if value < 0 else text
    amount = rounded(value, decimals)
    text = f"{abs(amount):,f}".translate({ord(","): ".", ord("."): ","})
    return f"{MINUS}{text}" if amount < 0 else text


def percent(value: Number, decimals: int = 1) -> str:
    """Return `96,8 %` of a value that is already in per cent."""
    return NO_DATA if value is None else f"{number(value, decimals)}{GAP}%"


def signed(value: Number, decimals: int = 0) -> str:
    """Return a change with its sign: `+9,4`, `−0,3`, `0,0`."""
    if value is None:
        return NO_DATA
    return f"+{number(value, decimals)}" if rounded(value, decimals) > 0 else number(value, decimals)


def size(count: int) -> str:
    """Return bytes as people read them: `1,2 GB`."""
    amount, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if abs(amount) < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{number(amount, 0 if unit == 'B' else 1)}{GAP}{unit}"


def money_short(vnd: Number) -> tuple[str, str]:
    """Return an amount for a board and its unit: `('398.460', 'tỷ đồng')`, `('61,54', 'tỷ đồng')`."""
    text, unit = _short(vnd, _MONEY_UNITS)
    return text, unit or "đồng"


def count_short(count: Number, unit: str = "") -> tuple[str, str]:
    """Return a count for a board: `('20,84', 'triệu người')`, under a million in full."""
    text, scale = _short(count, _COUNT_UNITS)
    return text, f"{scale} {unit}".strip()


def _short(value: Number, units: tuple[tuple[int, str], ...]) -> tuple[str, str]:
    if value is None:
        return NO_DATA, units[0][1]
    exact = Decimal(str(value))
    for size, unit in units:
        scaled = exact / size
        if abs(scaled) >= 1:
            decimals = 0 if abs(scaled) >= 1000 else 1 if abs(scaled) >= 100 else 2
            return number(scaled, decimals), unit
    return number(value), ""


def date_vi(day: date | None) -> str:
    """Return `14/10/2025`."""
    return NO_DATA if day is None else f"{day:%d/%m/%Y}"


def datetime_vi(moment: datetime | None) -> str:
    """Return `14/10/2025 05:42` in Vietnamese time; a moment without a zone is UTC, as releases store it."""
    if moment is None:
        return NO_DATA
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{aware.astimezone(VIETNAM_TIME):%d/%m/%Y %H:%M}"


def month_vi(month: str | None) -> str:
    """Return `9/2025` for `2025-09`."""
    if not month:
        return NO_DATA
    year, number_of_month = month.split("-")
    return f"{int(number_of_month)}/{year}"


def quarter_vi(quarter: str | None) -> str:
    """Return `Quý III/2025` for `2025-Q3`."""
    if not quarter:
        return NO_DATA
    year, nth = quarter.split("-Q")
    return f"Quý {_ROMAN[nth]}/{year}"


def state_vi(state: str) -> str:
    """Return the word of a state of figures: `provisional` is «Tạm tính»."""
    return STATES.get(state, state)


# --- words: search without marks, dictionary order ---------------------------------------------------------

_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng
_LETTERS: Final = {letter: place for place, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_WORD: Final = re.compile(r"\d+|[^\W\d_]+")

SortKey = tuple[tuple[tuple[int, tuple[int, ...], int], ...], str]


def strip_marks(text: str) -> str:
    """Return `text` without tone and vowel marks, lower case: «Đắk Lắk» becomes `dak lak`."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c)).replace("đ", "d")


def sort_key(text: str) -> SortKey:
    """Return the key of Vietnamese dictionary order: syllable by syllable, letters first, then tone.

    ă, â, đ … are letters of their own. Where the tone mark stands does not matter (hoà = hòa); digits sort
    as numbers («Quý 2» before «Quý 10»).
    """
    return tuple(
        _word_key(word) for word in _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    ), text


def _word_key(word: str) -> tuple[int, tuple[int, ...], int]:
    if word.isdecimal():
        return 0, (int(word),), 0
    split = unicodedata.normalize("NFD", word)
    tone = max((_TONES.get(c, 0) for c in split), default=0)
    letters = unicodedata.normalize("NFC", "".join(c for c in split if c not in _TONES))
    return 1, tuple(_LETTERS.get(c, 100 + ord(c)) for c in letters), tone
