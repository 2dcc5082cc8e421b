"""Which rows of an export break what the report itself promises: its relations, its totals, its size.

Source: the formulas verified on real exports (domain/monitoring_reports.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from dwh.datapath.sources.files.problem import Problem
from dwh.datapath.sources.manual.layout import Layout
from dwh.datapath.sources.manual.relations import Relation
from dwh.datapath.sources.manual.rows import Held, ReadRow
from dwh.datapath.sources.manual.scales import is_believable

ASK = "đề nghị nơi xuất kiểm tra dòng này rồi xem trước lại"


def hold_broken(layout: Layout, rows: Sequence[ReadRow]) -> tuple[list[ReadRow], list[Held], list[str]]:
    """Return the rows that keep every promise, those held with the first one they break, and notes.

    The country's row is compared with its provinces when all of them are there and good; else a note says why not.
    """
    nation = next((row for row in rows if row.unit.level == "nation"), None)
    broken = {row.number: _broken(layout, row, nation) for row in rows}
    parts = [row for row in rows if row.unit.level == "province"]
    notes: list[str] = []
    if nation is not None and layout.sums:
        whole = not any(broken[row.number] for row in parts) and len(parts) == _all_provinces(parts)
        if not whole:
            notes = ["Chưa so được dòng cả nước với tổng các tỉnh vì có tỉnh thiếu hoặc bị giữ lại."]
        elif total := _broken_total(layout, nation, parts):
            broken = {row.number: _broken(layout, row, None) for row in rows} | {nation.number: total}
    good = [row for row in rows if broken[row.number] is None]
    held = [
        Held(replace(problem, place=row.place), row.number) for row in rows if (problem := broken[row.number])
    ]
    return good, held, notes


def _broken(layout: Layout, row: ReadRow, nation: ReadRow | None) -> Problem | None:
    for rule in layout.units:
        if not is_believable(rule, row.values):
            label = layout.column(rule.of).label
            return Problem("XLS-43", f"«{label}» lệch xa các dòng khác, như viết theo đơn vị tính khác", ASK)
    for relation in layout.relations:
        if relation.holds(row.values, nation.values if nation else {}) is False:
            return Problem(relation.code, f"không đúng công thức {_in_words(layout, relation)}", ASK)
    return None


def _broken_total(layout: Layout, nation: ReadRow, parts: Sequence[ReadRow]) -> Problem | None:
    """Return why the country's row is not the sum of all the provinces."""
    for name in layout.sums:
        said = nation.values.get(name)
        added = sum((row.values.get(name) or Decimal(0) for row in parts), Decimal(0))
        if said is not None and abs(said - added) > Decimal(str(layout.sums_within)):
            label = layout.column(name).label
            return Problem(layout.sums_code, f"«{label}» của cả nước không bằng tổng các tỉnh", ASK)
    return None


def _all_provinces(parts: Sequence[ReadRow]) -> int:
    return int(parts[0].unit.list_name) if parts else 1


def _in_words(layout: Layout, relation: Relation) -> str:
    """Return the rule with the labels of its columns for their names."""
    return " ".join(_word(layout, word) for word in relation.rule.split())


def _word(layout: Layout, word: str) -> str:
    name = word.strip("()")
    of_nation = name.startswith("nation.")
    column = next((c for c in layout.columns if c.name == name.removeprefix("nation.")), None)
    if column is None:
        return {"*": "×", "/": "÷"}.get(word, word)
    return word.replace(name, f"cả nước «{column.label}»" if of_nation else f"«{column.label}»")
