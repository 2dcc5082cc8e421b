"""Numbers as people write them in tables: which of `1.234,5` and `1,234.5` a file uses is found out, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

from dwh.datapath.sources.files.grid import Cell, NoValue, number_of
from dwh.datapath.sources.files.problem import FileRefused, Problem

Style = Literal["vi", "en"]
_SHAPES: Final[dict[Style, re.Pattern[str]]] = {
    "vi": re.compile(r"[-−]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", re.ASCII),
    "en": re.compile(r"[-−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII),
}
_NOTHING = {"", "-", "–", "—"}  # dashes exports put where there is no figure
_BLANKS = str.maketrans("", "", " \u00a0\u202f")


def style_of(cells: Iterable[Cell]) -> Style:
    """Return how the texts among the cells write numbers; `en` when none of them needs to be told.

    Raises:
        FileRefused: both ways fit and mean different numbers, or neither fits all of them.
    """
    texts = {_bare(cell) for cell in cells if isinstance(cell, str)} - _NOTHING
    numbers = {text for text in texts if any(shape.fullmatch(text) for shape in _SHAPES.values())}
    fitting = [style for style, shape in _SHAPES.items() if all(shape.fullmatch(text) for text in numbers)]
    if len(fitting) == 1:
        return fitting[0]
    if any("." in text or "," in text for text in numbers):
        what = (
            "không rõ dấu chấm, dấu phẩy trong số là hàng nghìn hay thập phân" if fitting
            else "lẫn hai cách viết số (1.234,5 và 1,234.5)"
        )  # fmt: skip
        raise FileRefused(Problem("XLS-20", what, "xuất lại ở dạng .xlsx với ô số rồi xem trước lại"))
    return "en"


def decimal_of(cell: Cell, style: Style) -> Decimal | NoValue | None:
    """Return the number of a cell, None for an empty one, NoValue where there should have been one."""
    if cell is None or isinstance(cell, Decimal | NoValue):
        return cell
    if isinstance(cell, bool):
        return NoValue("là đúng/sai, không phải số")
    text = _bare(cell)
    if text in _NOTHING:
        return None
    if not _SHAPES[style].fullmatch(text):
        return NoValue("không phải số")
    thousands, comma = (".", ",") if style == "vi" else (",", ".")
    return number_of(text.replace(thousands, "").replace(comma, ".").replace("−", "-"))


def _bare(text: str) -> str:
    return text.translate(_BLANKS).removesuffix("%")
