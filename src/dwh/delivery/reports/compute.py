"""Turns one answer into the one table that screen, XLSX and PDF print. Pure: places numbers, adds up none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from dwh.datapath.semantic.answer import Answer
from dwh.datapath.semantic.answer import Row as AnswerRow
from dwh.delivery.reports.definition import AREAS_FROM, AREAS_UNTIL, Definition, areas
from dwh.delivery.reports.parameters import Parameters
from dwh.kernel import vi
from dwh.kernel.documents.table import Cell, Head, Meta, Row, RowStyle, Table
from dwh.kernel.org.scope import NATION

KEY_SIGN: Final = "|"  # between the members and the value in the key of a cell


@dataclass(frozen=True, slots=True)
class Printed:
    """Who prints, for which agency, when: facts of the page, not of the figures."""

    person: str
    agency: str
    at: str


def b02_table(definition: Definition, parameters: Parameters, answer: Answer, printed: Printed) -> Table:
    """Return B02: the whole first, then provinces (or facilities), then the regions of the nation."""
    keys = definition.layout_on(parameters.last_month).keys
    return Table(
        title=f"{definition.form}. {definition.title}",
        subtitles=(f"{parameters.unit_name}, {parameters.period[0].lower()}{parameters.period[1:]}",),
        heads=_heads(definition, keys, national=parameters.is_national),
        rows=tuple(_rows(definition, parameters, answer, keys)),
        meta=Meta(answer.release, vi.state_vi(answer.state), parameters.period, printed.person, printed.at),
        parameters=parameters.printed(definition),
        unit_note=definition.unit_note,
        footnotes=(*definition.footnotes, *notes_of(definition, parameters)),
        agency=printed.agency,
        signers=("Người lập biểu", "Thủ trưởng đơn vị"),
        name_column=1,
    )


def notes_of(definition: Definition, parameters: Parameters) -> tuple[str, ...]:
    """Return how to read this run: tree of units, layout, what the area column holds."""
    last = parameters.last_month
    basis = (
        "Đơn vị theo thời điểm phát sinh (63 tỉnh, thành phố)."
        if parameters.org_basis == "as_was"
        else "Đơn vị theo tổ chức hiện nay (34 tỉnh, thành phố); tháng trước 7/2025 quy về đơn vị kế thừa."
    )
    notes = [basis, f"{definition.layout_on(last).name}, theo tháng cuối kỳ."]
    if last >= AREAS_UNTIL:
        notes.append("Mã khu vực (BHXH khu vực) chỉ có từ 01/03/2025 đến 30/06/2025, sau đó để «–».")
    return tuple(notes)


def _heads(definition: Definition, keys: tuple[str, ...], *, national: bool) -> tuple[tuple[Head, ...], ...]:
    variant = "national" if national else "provincial"
    top: list[Head] = []
    below: list[Head] = []
    for key in keys:
        if key != "figures":
            top.append(Head(definition.keys[key][variant], rows=2))
            continue
        for group, members in groupby(definition.figures, key=lambda column: column.group or column.letter):
            columns = list(members)
            if columns[0].group:
                top.append(Head(group, span=len(columns)))
                below += [Head(column.head, unit=column.unit) for column in columns]
            else:
                top.append(Head(columns[0].title(national=national), rows=2, unit=columns[0].unit))
    return tuple(top), tuple(below)


def _rows(definition: Definition, parameters: Parameters, answer: Answer, keys: tuple[str, ...]) -> list[Row]:
    leaves = [row for row in answer.rows if not row.total_over]
    regions = [row for row in answer.rows if row.total_over == (answer.fields[1].name,)]
    whole = [row for row in answer.rows if set(row.total_over) == {field.name for field in answer.fields}]
    make = _Maker(definition, parameters, answer, keys)
    rows = [make.row(row, (parameters.unit_code, parameters.unit_name, "", ""), "total") for row in whole]
    rows += [make.row(row, make.leaf_keys(row), "") for row in sorted(leaves, key=make.order)]
    if parameters.is_national:
        rows += [
            make.row(row, (str(row.keys[0]), f"Vùng {row.labels[0]}", str(row.keys[0]), ""), "sub")
            for row in regions
        ]
    return rows


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes printed rows in the order of a layout."""

    definition: Definition
    parameters: Parameters
    answer: Answer
    keys: tuple[str, ...]

    def row(self, row: AnswerRow, texts: tuple[str, str, str, str], style: RowStyle) -> Row:
        """Return one line: `texts` are code, name, region, area."""
        named = dict(zip(("code", "name", "region", "area"), texts, strict=True))
        cells: list[Cell] = []
        for key in self.keys:
            cells += self._figures(row) if key == "figures" else [Cell(named[key] or vi.NO_DATA)]
        return Row(tuple(cells), style)

    def leaf_keys(self, row: AnswerRow) -> tuple[str, str, str, str]:
        region, code = str(row.keys[0]), str(row.keys[1])
        name = str(row.labels[1]).removeprefix(f"{code} – ")
        if not self.parameters.is_national:
            return code, name, region, self._area(self.parameters.unit_code[:2])
        return province_code(code), name, region, self._area(province_code(code))

    def order(self, row: AnswerRow) -> tuple[str, str]:
        code = str(row.keys[1])
        return (province_code(code) if self.parameters.is_national else code), code

    def _figures(self, row: AnswerRow) -> list[Cell]:
        values = dict(zip((column.name for column in self.answer.values), row.values, strict=True))
        decimals = {column.name: column.decimals for column in self.answer.values}
        place = [key or "" for key in row.keys]
        return [
            Cell.of(values[c.value], decimals[c.value], KEY_SIGN.join([*place, c.value]))
            for c in self.definition.figures
        ]

    def _area(self, code: str) -> str:
        in_force = AREAS_FROM <= self.parameters.last_month < AREAS_UNTIL
        return areas().get(code, "") if in_force else ""


def province_code(org_code: str) -> str:
    """Return the two digits of a province: `00.48-2025` is `48`."""
    return org_code.removeprefix(f"{NATION}.")[:2]
