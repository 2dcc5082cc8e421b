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


def hold_broken(layout: Layout, rows: Sequence[ReadRow]) -> tuple[list[ReadRow], list[Held]]:
    """Return the rows that keep every promise, and those held with the first one they break."""
    nation = next((row for row in rows if row.unit.level == "nation"), None)
    total = _broken_total(layout, rows, nation)
    good, held = [], []
    for row in rows:
        problem = total if row is nation and total else _broken(layout, row, nation if not total else None)
        if problem is None:
            good.append(row)
        else:
            held.append(Held(replace(problem, place=row.place), row.number))
    return good, held


def _broken(layout: Layout, row: ReadRow, nation: ReadRow | None) -> Problem | None:
    for rule in layout.units:
        if not is_believable(rule, row.values):
            label = layout.column(rule.of).label
            return Problem("XLS-43", f"«{label}» lệch xa các dòng khác, như viết theo đơn vị tính khác", ASK)
    for relation in layout.relations:
        if relation.holds(row.values, nation.values if nation else {}) is False:
            return Problem(relation.code, f"không đúng công thức {_in_words(layout, relation)}", ASK)
    return None


def _broken_total(layout: Layout, rows: Sequence[ReadRow], nation: ReadRow | None) -> Problem | None:
    """Return why the country's row is not the sum of the provinces, when all of them are there."""
    parts = [row for row in rows if row.unit.level == "province"]
    if nation is None or len(parts) < _all_provinces(parts):
        return None
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
    """Return the rule with the labels of its columns, longest names first so that none is cut in two."""
    text = relation.rule
    for name in sorted(relation.names | {word[7:] for word in relation.rule.split() if word.startswith("nation.")},
                       key=len, reverse=True):  # fmt: skip
        text = _replaced(text, name, f"«{layout.column(name).label}»")
    return text.replace("nation.", "cả nước ").replace("*", "×").replace("/", "÷")


def _replaced(text: str, name: str, label: str) -> str:
    return " ".join(
        word.replace(name, label) if word.strip("()") in (name, f"nation.{name}") else word
        for word in text.split(" ")
    )
