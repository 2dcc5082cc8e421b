"""Turns an answer into the printable `Table` of kernel.documents: the lines and numbers of the screen. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.periods import basis_vi
from dwh.datapath.semantic.words import Subject
from dwh.datapath.tables.caption import Labels, condition_of, footnotes_of, period_of, title_of
from dwh.datapath.tables.marks import marks_of, notes_of
from dwh.datapath.tables.outline import Line, outline
from dwh.datapath.tables.pivot import Header, PivotTable, arrange
from dwh.datapath.tables.view import Format
from dwh.kernel import vi
from dwh.kernel.documents.table import Cell, Condition, Head, Meta, Row, RowStyle, Table


@dataclass(frozen=True, slots=True)
class Printing:
    """Who takes the table out and when, the last month of data, and the names of filtered members."""

    person: str
    printed_at: str
    data_until: str
    labels: Labels
    formats: tuple[Format, ...] = ()


def table_of(answer: Answer, subject: Subject, printing: Printing) -> Table:
    """Return the table to print: parents before children, the grand total last, as on the screen."""
    arranged = arrange(answer)
    notes = footnotes_of(arranged)
    return Table(
        title=title_of(answer.query, subject),
        heads=_heads(arranged, list(notes)),
        rows=tuple(_rows(arranged)),
        meta=Meta(
            answer.release,
            vi.state_vi(answer.state),
            period_of(answer.query, subject, printing.data_until),
            printing.person,
            printing.printed_at,
        ),
        parameters=tuple(_parameters(answer, subject, printing)),
        unit_note=_unit_note(arranged),
        conditions=tuple(_conditions(arranged, printing.formats)),
        footnotes=(
            *(f"({at}) {note}" for at, note in enumerate(notes.values(), 1)),
            *notes_of(arranged, printing.formats),
            *answer.notes,
        ),
    )


def _heads(arranged: PivotTable, noted: list[str]) -> tuple[tuple[Head, ...], ...]:
    corner = Head(
        " › ".join(field.label for field in arranged.row_fields) or "Chỉ tiêu", rows=len(arranged.headers)
    )
    lines = [tuple(_head(head, noted) for head in line) for line in arranged.headers]
    return ((corner, *lines[0]), *lines[1:])


def _head(head: Header, noted: list[str]) -> Head:
    measure = head.measure
    if measure is None:
        return Head(head.label, head.span, head.depth)
    mark = f" ({noted.index(measure.name) + 1})" if measure.name in noted else ""
    return Head(head.label + mark, head.span, head.depth, measure.unit)


def _rows(arranged: PivotTable) -> list[Row]:
    lines = outline(arranged)
    width = len(arranged.leaves)
    rows = [_row(line, width) for line in lines.lines]
    return [*rows, _row(lines.total, width, "total")] if lines.total else rows


def _row(line: Line, width: int, style: RowStyle = "") -> Row:
    shown = style or ("sub" if line.has_children else "indent" if line.depth else "")
    if line.cells is None:
        return Row((Cell(line.label), *(Cell("") for _ in range(width))), shown)
    return Row((Cell(line.label), *(Cell.of(cell.value, cell.decimals) for cell in line.cells)), shown)


def _parameters(answer: Answer, subject: Subject, printing: Printing) -> list[tuple[str, str]]:
    said = [("Chủ đề", subject.label)]
    said += [
        (subject.field(one.field).label, condition_of(one, printing.labels)) for one in answer.query.filters
    ]
    return [*said, ("Tổ chức", basis_vi(answer.org_basis))]


def _conditions(arranged: PivotTable, formats: tuple[Format, ...]) -> Iterator[Condition]:
    """Yield each format over the columns of its measure that are no totals; column 0 is the name of the row."""
    by_column = marks_of(arranged, formats).by_column
    for one in formats:
        columns = tuple(at + 1 for at, found in by_column.items() if one in found)
        if columns:
            yield Condition(columns, one.kind, one.op, one.at, one.look)


def _unit_note(arranged: PivotTable) -> str:
    units = {measure.unit for measure in arranged.measures}
    return f"Đơn vị tính: {units.pop()}" if len(units) == 1 else "Đơn vị tính: ghi ở đầu cột"
