"""What a question may ask of the system, decided before the engine runs: the period to name, the cells to have.

Source: QC-DWH Điều 7.3 (no question may harm the system), QĐ-2366 Điều 5.2 (more is an extract by letter).
"""

from __future__ import annotations

from typing import Final

from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.execution.kept import months_of
from dwh.datapath.semantic.execution.rollups import BITMAP_ROWS, Stock
from dwh.datapath.semantic.query import Query
from dwh.datapath.warehouse.rollups.definition import load_rollups
from dwh.kernel import vi
from dwh.kernel.errors import Invalid, TooManyRows
from dwh.kernel.law import QC_DWH, cites

MAX_ROWS: Final = 50_000  # more is an extract by letter: QĐ-2366 Điều 5.2
MAX_CELLS: Final = 200_000  # over this nobody reads a table
FREE_ROWS: Final = 20_000_000  # what a question without a period may read; ours: a second or so of the engine
_PERIODS: Final = {"year": 12, "quarter": 3, "month": 1}  # months of one member


def most_rows(query: Query) -> int:
    """Return the rows an answer may have: MAX_CELLS in all, MAX_ROWS at most."""
    return min(MAX_ROWS, MAX_CELLS // max(1, len(query.values) + len(query.calculations)))


@cites(QC_DWH.art("7.3"))
def must_be_bounded(plan: Plan, stock: Stock) -> None:
    """Refuse a question that reads much and names no period, or whose table would have more than MAX_CELLS cells.

    Raises: Invalid, TooManyRows; both name the remedy.
    """
    reads = sum(_cost(route.table, stock) for route in plan.routes)
    if reads > FREE_ROWS and months_of(plan.query, plan.subject) is None:
        raise Invalid(
            f"Câu hỏi chưa giới hạn kỳ nên phải đọc khoảng {vi.number(reads)} dòng. Hãy thêm bộ lọc kỳ (ví dụ năm hiện"
            " tại), hoặc chọn chiều có bảng tổng hợp sẵn.",
            rows=reads,
        )
    cells = least_cells(plan)
    if cells > MAX_CELLS:
        raise TooManyRows(
            f"Bảng sẽ có khoảng {vi.number(cells)} ô, nhiều hơn {vi.number(MAX_CELLS)} ô. Thêm bộ lọc, bỏ bớt chiều,"
            " hoặc chọn cấp lớn hơn (tỉnh thay cho cơ sở, quý thay cho tháng).",
            cells=cells,
        )


def least_cells(plan: Plan) -> int:
    """Return how many cells the table has if every member of its fields occurs that is known before the engine runs.

    Known are the periods that the filters bound, and the members a level declares or a filter lists.
    """
    cells, months = len(plan.query.values), months_of(plan.query, plan.subject)
    listed = {one.field: len(one.values) for one in plan.query.filters if one.op in ("in", "eq")}
    for field in plan.fields:
        level = field.level
        if field.name in listed and field.dimension.kind != "period":
            cells *= listed[field.name]
        elif level.members:
            cells *= len(level.members)
        elif field.dimension.kind == "period" and months and months[0] and months[1] < "9999":
            cells *= max(1, _count(*months) // _PERIODS[level.derive or "month"])
    return cells


def _cost(table: str, stock: Stock) -> int:
    rows = stock.of(table) or 0
    bitmaps = {one.table for one in load_rollups() if one.distinct}
    return rows * BITMAP_ROWS if table in bitmaps else rows


def _count(first: str, last: str) -> int:
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
