"""The rows behind a cell as a person may see them: inside the scope, personal values masked, with their origin."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from dwh.datapath.origin.records import Records
from dwh.datapath.origin.statement import Asked, RowsPlan, Window, compile_rows
from dwh.datapath.semantic.answer import Number, plain, safe_text
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.results import member_label
from dwh.datapath.semantic.statement.conditions import Sight as Eyes
from dwh.datapath.semantic.words import UNKNOWN_KEY, Measure, Subject
from dwh.datapath.tables.cell import cell_filters
from dwh.datapath.warehouse.release import Limits
from dwh.governance.protection.asking import in_turn, personal_fields
from dwh.governance.protection.hints import Sight
from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record, without_persons
from dwh.kernel.errors import TooManyRows
from dwh.kernel.law import QD_2366, cites
from dwh.kernel.org.scope import OrgScope
from dwh.kernel.vi import number, rounded

PAGE_ROWS: Final = 100
_ENDS: Final = 6  # of a row: value, rows, first and last month, batch, record


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row of the fact, or one head of a distinct count. `cells` stand under `heads`, masked where they must be.

    `batch` and `record` are "" where the fact's row is put together from several records.
    """

    cells: tuple[str, ...]
    value: Number
    rows: int
    first_month: str
    last_month: str
    batch: str
    record: str


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows behind one cell. `count` and `added` are of all of them, not of this page; `added` equals the cell.

    `measure` tells the unit of `added`; `hidden` the heads that are masked. `month` is that of a stock, else "".
    """

    asked: Asked
    measure: Measure
    fact: str
    heads: tuple[str, ...]
    hidden: tuple[str, ...]
    records: Records
    lines: tuple[RowLine, ...]
    count: int
    added: Number
    month: str
    start: int
    release: str
    state: str
    data_until: str
    months: int | None = None  # of an average: the months with data its sum is divided by

    @property
    def figure(self) -> Number:
        """Return the figure of the cell: the rows added up, of an average divided by its months."""
        if not self.months or self.added is None:
            return self.added
        return rounded(Decimal(self.added) / self.months, self.measure.decimals)

    @property
    def is_heads(self) -> bool:
        return self.measure.agg == "count_distinct"

    def to_csv(self) -> str:
        """Return the rows as CSV: plain numbers, source system, batch and record of each, the sum last."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        unit = f"{self.measure.label} ({self.measure.unit})"
        ends = [
            "Hệ thống nguồn",
            "Bảng nguồn",
            "Lô dữ liệu",
            "Khóa bản ghi nguồn",
            "Số dòng",
            "Từ tháng",
            "Đến tháng",
        ]
        writer.writerow([*self.heads, *ends, unit])
        source = [self.records.source, self.records.table]
        for one in self.lines:
            ends = [*source, one.batch, one.record, str(one.rows), one.first_month, one.last_month]
            writer.writerow(
                [*map(safe_text, one.cells), *ends, "" if one.value is None else plain(one.value)]
            )
        empty = [""] * (len(self.heads) + 6)
        writer.writerow(["Tổng cộng", *empty, "" if self.added is None else plain(self.added)])
        return text.getvalue()


def folded(asked: Asked, subject: Subject) -> Query:
    """Return the question whose figure the cell is, its members as filters: what is checked and put on record."""
    filters = (*asked.query.filters, *cell_filters(asked.query, asked.keys, subject))
    query = replace(asked.query, rows=(), columns=(), values=(asked.measure,), filters=filters)
    return replace(query, sort=(), limit=None, others=False, calculations=())


def rows_on_record(
    query: Query, window: Window, *, by: Actor, scope: OrgScope, release: str, purpose: str
) -> None:
    """Commit the record of rows that will be read, with the question of their cell, before they are.

    Source: QĐ-2366 Điều 4.2.4.
    """
    document = query.to_json()
    with transaction.atomic(durable=True):
        record(
            "data.rows_read", by=by, about=f"subject:{query.subject}", scope=scope.codes, release=release,
            query=without_persons(document, personal_fields(document)), first=window.start + 1, rows=window.count,
            purpose=purpose,
        )  # fmt: skip


@cites(QD_2366.art("5.2"))
def read_rows(asked: Asked, sight: Sight, window: Window, how: Limits, *, most: int | None = None) -> RowPage:
    """Return rows of `window`; with `most`, all of them or none.

    Raises: TooManyRows when there are more than `most`. Denied for a filter on what these eyes may not see.
    """
    plan = compile_rows(asked, sight.subject, Eyes(sight.scope, sight.clearance), window)
    release = sight.release

    def work() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        total = release.fetch(plan.total, plan.total_params, **how)[1]
        _refuse_extract(total[0][0], most)
        return total, release.fetch(plan.page, plan.params, **how)[1] if total[0][0] else []

    [total], found = in_turn(work)
    return _page(plan, total, found, sight, window)


def _refuse_extract(count: int, most: int | None) -> None:
    if most is not None and count > most:
        raise TooManyRows(
            f"Ô này có {number(count)} dòng, nhiều hơn {number(most)} dòng một lần được kết xuất. Lấy nhiều hơn là"
            " trích xuất dữ liệu, phải theo văn bản đề nghị và được phê duyệt (QĐ-2366 Điều 5.2). Thu hẹp ô bằng bộ"
            " lọc, hoặc gửi văn bản đề nghị.",
            rows=count,
        )


def _page(
    plan: RowsPlan, total: tuple[Any, ...], found: Sequence[tuple[Any, ...]], sight: Sight, window: Window
) -> RowPage:
    count, added, _, last, *months = total
    if added is None and plan.measure.where:
        added = 0  # as the figure says it: none that fits is 0, not nothing
    release = sight.release
    heads = tuple(field.label for field in plan.fields)
    return RowPage(
        plan.asked, plan.measure, plan.fact.label, heads,
        tuple(field.label for field in plan.fields if field.name in plan.hidden), plan.records,
        tuple(_line(plan, row) for row in found), count, added,
        (last or "") if plan.measure.additive in ("last", "first") else "", window.start, release.id,
        release.manifest["state"], release.manifest["data_until"], months[0] if months else None,
    )  # fmt: skip


def _line(plan: RowsPlan, row: tuple[Any, ...]) -> RowLine:
    value, rows, first, last, batch, key = row[-_ENDS:]
    cells = []
    for place, field in enumerate(plan.fields):
        member, text = row[2 * place : 2 * place + 2]
        masked = field.name in plan.hidden
        member = UNKNOWN_KEY if member is None else member
        cells.append(member_label(field, member, text, masked=masked) or "")
    return RowLine(tuple(cells), value, rows, first or "", last or "", batch or "", key or "")
