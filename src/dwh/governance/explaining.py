"""«Giải thích số liệu»: everything one figure can say of itself, asked through the gate like any question.

The number explained is the number of the table, to the đồng: where the members of the cell as filters would give
another one (a stock, a share of the whole, a unit above the area of the person), the table itself is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from dwh.datapath.origin.statement import Asked
from dwh.datapath.semantic.answer import Answer, Row
from dwh.datapath.semantic.calculations.across import plain, split
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import MAX_FIELDS, Query
from dwh.datapath.semantic.words import OTHERS_KEY, Subject
from dwh.datapath.tables.cell import (
    MONTH,
    needs_whole_table,
    question_about,
    row_of_cell,
    table_of_cell,
)
from dwh.datapath.tables.explanation import Explanation, Numbers, Part, explain, numbers_of
from dwh.datapath.tables.working import Step, Working, calculation_in, question_beside, working_of
from dwh.datapath.warehouse.release import release_named
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, scope_for
from dwh.governance.protection.area import holds_all_of, units_named
from dwh.governance.protection.lineage import Lineage, area_of_cell, lineage_of
from dwh.governance.protection.standing import Slice, Standing, standing_of
from dwh.kernel.actor import Origin
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QD_3582, cites

GONE = "Không có dòng nào làm nên ô này, hoặc ô không còn trong bảng. Bấm «Tính lại» rồi chọn lại ô."


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class CellOf:
    """Which cell: the members of its row and its column (None: added up), its measure or indicator.

    `place` is what the person read beside the cell.
    """

    query: Query
    keys: tuple[str | None, ...]
    measure: str
    place: str = ""

    def rows_of(self, part: str, *, of_whole: bool = False) -> Asked:
        """Return the rows of one of its parts; of the whole table for the base of a share."""
        return Asked(self.query, (None,) * len(self.keys) if of_whole else self.keys, part)

    def address(self, part: str = "", *, of_whole: bool = False) -> str:
        """Return the parameters of the page that lists these rows; without a part, those of the first one."""
        place = {"keys": self.keys, "measure": self.measure, "place": self.place}
        words = {"q": _json(self.query.to_json()), "o": _json(place)} | ({"t": part} if part else {})
        return urlencode(words | ({"ca_bang": "1"} if of_whole else {}))

    @property
    def first_address(self) -> str:
        return self.address()


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure with all it can say. `answer` tells release, state and notes; `question` is the cell as a question."""

    cell: CellOf
    question: Query
    told: Explanation
    answer: Answer
    lineage: Lineage
    standing: Standing
    data_until: str
    may_read_rows: bool

    @property
    def parts(self) -> list[tuple[Part, str]]:
        """Return each part with the address of its rows, "" for who may not read them."""
        return [
            (part, self.cell.address(part.name, of_whole=part.of_whole) if self.may_read_rows else "")
            for part in self.told.parts
        ]


@dataclass(frozen=True, slots=True)
class _Eyes:
    """Who asks, in which way."""

    by: Account
    today: date
    origin: Origin | None
    permission: str
    purpose: str

    def ask(self, query: Query) -> Answer:
        return gate.ask(
            query, by=self.by, purpose=self.purpose, today=self.today, origin=self.origin,
            permission=self.permission,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A figure of a calculated column, and the cells whose numbers it was worked out from."""

    cell: CellOf
    working: Working
    answer: Answer
    data_until: str
    may_read_rows: bool

    @property
    def steps(self) -> list[tuple[Step, str]]:
        """Return each number with the address of its rows, "" where there are none to read."""
        known = (
            {*self.cell.query.values} if self.may_read_rows and OTHERS_KEY not in self.cell.keys else set()
        )
        return [(one, self._rows_of(one.name) if one.name in known else "") for one in self.working.steps]

    def _rows_of(self, name: str) -> str:
        return cell_in(self.cell.query, self.cell.keys, name, self.cell.place).address()


def cell_in(query: Query, keys: tuple[str | None, ...], measure: str, place: str = "") -> CellOf:
    """Return the cell of a value; one of another subject is a cell of the question put to that subject."""
    other, local = split(measure)
    return CellOf(plain(query, other), keys, local, place) if other else CellOf(query, keys, measure, place)


def work_out(
    cell: CellOf, *, by: Account, today: date, origin: Origin | None = None, permission: str = "data:ask"
) -> WorkedOut:
    """Return how a figure of a calculated column came about: asked with its table, on record like any question.

    Raises:
        Denied: as the question of the table. Invalid: no such column, or no row makes up the cell.
    """
    one = calculation_in(cell.query, cell.measure)
    if one is None:
        raise Invalid(GONE)
    answer = _Eyes(by, today, origin, permission, "giải thích số liệu").ask(question_beside(cell.query, one))
    working = working_of(answer, one, cell.keys)
    if working is None:
        raise Invalid(GONE)
    until = release_named(answer.release, settings.DATAPATH).manifest["data_until"]
    return WorkedOut(cell, working, answer, until, "data:ask" in permissions_of(by, today))


@cites(QD_3582.art("III.2b¶4"))
def explain_cell(
    cell: CellOf,
    *,
    by: Account,
    today: date,
    origin: Origin | None = None,
    permission: str = "data:ask",
    purpose: str = "giải thích số liệu",
) -> Explained:
    """Return what the figure of a cell says of itself, as `by` may see it; every question it takes is on record.

    Raises:
        Denied: as the question of the table. Invalid: no row makes up the cell.

    Source: QĐ-3582 III.2b¶4; QĐ-2366 Điều 4.2.4.
    """
    subject = load_catalog().subject(cell.query.subject)
    eyes = _Eyes(by, today, origin, permission, purpose)
    scope = scope_for(by, permission, today, subject.name)
    question = question_about(cell.query, cell.keys, cell.measure, subject)
    answer, numbers = _asked(
        cell, question, subject, eyes, is_inside=holds_all_of(units_named(question), scope)
    )
    release = release_named(answer.release, settings.DATAPATH)
    by_month = replace(answer, query=question)
    lineage = lineage_of(by_month, by=by, today=today, permission=permission)
    tables = tuple(table.name for table in lineage.tables)
    cut = Slice(question, lineage.months, tables, area_of_cell(question, scope, subject))
    standing = standing_of(cut, release, by=by, today=today, scope=scope)
    return Explained(
        cell, question, explain(numbers, subject, cell.place), answer, lineage, standing,
        release.manifest["data_until"], "data:ask" in permissions_of(by, today),
    )  # fmt: skip


def _asked(
    cell: CellOf, question: Query, subject: Subject, eyes: _Eyes, *, is_inside: bool
) -> tuple[Answer, Numbers]:
    """Return an answer whose rows are the months of the cell, and the numbers of the cell itself."""
    if not is_inside:
        return _from_table(cell, subject, eyes)
    answer = eyes.ask(question)
    if not answer.rows:
        raise Invalid(GONE)
    months = [(row.keys[0] or "", row.labels[0] or "", row) for row in answer.rows[:-1]]
    if not needs_whole_table(cell.query, cell.measure, subject):
        return answer, numbers_of(answer, answer.rows[-1], None, months)
    table = eyes.ask(table_of_cell(cell.query, cell.measure, subject))
    return answer, numbers_of(answer, _row(table, cell.keys), _whole(table), months)


def _from_table(cell: CellOf, subject: Subject, eyes: _Eyes) -> tuple[Answer, Numbers]:
    """Ask the table itself, by month where it has no months of its own: no unit of the cell is named."""
    asked = table_of_cell(cell.query, cell.measure, subject)
    fields = [subject.field(name).canonical for name in (*asked.rows, *asked.columns)]
    by_month = MONTH not in fields and len(asked.columns) < MAX_FIELDS
    table = eyes.ask(replace(asked, columns=(*asked.columns, MONTH)) if by_month else asked)
    keys = (*cell.keys, None) if by_month else cell.keys
    place = len(keys) - 1 if by_month else fields.index(MONTH) if MONTH in fields else -1
    months = [(row.keys[place] or "", row.labels[place] or "", row) for row in _months(table, keys, place)]
    answer = replace(
        table,
        rows=tuple(Row((key,), (label,), row.values) for key, label, row in months),
        columns=table.columns,
    )
    return answer, numbers_of(table, _row(table, keys), _whole(table), months)


def _months(table: Answer, keys: Sequence[str | None], place: int) -> list[Row]:
    """Return the groups of the cell in each month of the table."""
    if place < 0:
        return []
    if keys[place] is not None:
        return [_row(table, keys)]
    others = [i for i in range(len(keys)) if i != place]
    return [
        row
        for row in table.rows
        if row.keys[place] is not None and all(row.keys[i] == keys[i] for i in others)
    ]


def _row(table: Answer, keys: Sequence[str | None]) -> Row:
    found = row_of_cell(table, keys)
    if found is None:
        raise Invalid(GONE)
    return found


def _whole(table: Answer) -> Row | None:
    return next((row for row in table.rows if all(key is None for key in row.keys)), None)
