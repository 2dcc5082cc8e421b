"""Vietnamese words of the dictionary: labels of tables and columns, units by the endings of names, audits in words."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

LABELS = Path(__file__).parent / "labels.csv"
NOTES = Path(__file__).parent / "notes.csv"
TABLES = Path(__file__).parent / "tables.csv"
_UNITS = (  # the endings of house §10
    ("_vnd", "đồng"),
    ("_pct", "%"),
    ("_bp", "phần vạn"),
    ("_days", "ngày"),
    ("_months", "tháng"),
    ("_years", "năm"),
)
AUDITS = {
    "balances": "Tổng bên nợ bằng tổng bên có theo từng «{0}».",
    "covers": "Mọi người và quỹ có dòng đóng trong tháng ở {0} đều có trong bảng, và chỉ họ.",
    "has_rows": "Bảng có dòng.",
    "not_negative": "«{0}» không âm.",
    "not_null": "«{0}» luôn có giá trị.",
    "one_card_each": "Mỗi người có thẻ còn hạn cuối tháng ở {0} được đếm đúng một lần.",
    "one_of": "«{0}» chỉ nhận các giá trị: {1}.",
    "refers": "«{0}» có trong {1}.",
    "same_sum": "Tổng «{0}» từng tháng bằng tổng ở {1}.",
    "unique": "Không có hai dòng trùng nhau ở: {0}.",
    "unique_when_known": "«{0}» không trùng khi có giá trị.",
}
_CALL = re.compile(r"(\w+)(?:\((.*)\))?")


@cache
def _named(word: str) -> dict[str, str]:
    """Return name → label or unit: of a table, of a column wherever it stands, or of one column of one table."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row[word] for row in csv.DictReader(file) if row[word]}


@cache
def _words(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        return {name: words for name, words in reader if words != "words"}


def label_of(table: str, column: str = "") -> str:
    """Return the label of a table, or of a column of it; empty when nobody gave one."""
    known = _named("label")
    return known.get(f"{table}.{column}") or known.get(column, "") if column else known.get(table, "")


def unit_of(name: str) -> str:
    """Return the unit of a column: the one given to its name, else the one the ending promises; empty without any."""
    return _named("unit").get(name) or next((unit for ending, unit in _UNITS if name.endswith(ending)), "")


def note_in_words(note: str) -> str:
    """Return the comment of a model's column in Vietnamese; as it stands there when nobody put it into words."""
    return _words(NOTES).get(note, note)


def described(table: str) -> str:
    """Return what a row of a table of ours is, in Vietnamese; empty when nobody put its header into words."""
    return _words(TABLES).get(table, "")


def audit_words(call: str, grain: Sequence[str]) -> str:
    """Return an audit of a model's header as a sentence."""
    found = _CALL.fullmatch(call)
    name, words = (found[1], found[2] or "") if found else (call, "")
    first, _, rest = words.partition(",")
    if name in ("unique", "covers"):
        first = ", ".join(grain) if words == "grain" else words
    return AUDITS.get(name, "{0} {1}").format(first.strip(), rest.strip())
