"""Answers made by hand, so that the table, the chart and the files are tested without an engine."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from dwh.datapath.semantic.answer import Answer, Column, Row
from dwh.datapath.semantic.query import Query

PROVINCE = Column("org.province", "Tỉnh, thành phố", "dimension")
OFFICE = Column("org.office", "BHXH cơ sở", "dimension")
YEAR = Column("month.year", "Năm", "dimension")
MONEY = Column("collected_vnd", "Số tiền đã thu", "measure", "đồng", 0, "all")
RATE = Column("collection_rate", "Tỷ lệ thu", "measure", "%", 2, "none", "draft")
HEADS = Column("participants_end", "Số người tham gia cuối kỳ", "measure", "người", 0, "last")

Member = tuple[str | None, str | None]
TOTAL: Member = (None, None)
PROVINCES: list[Member] = [("00.01", "Hà Nội"), ("00.48-2025", "Đà Nẵng")]
YEARS: list[Member] = [("2025", "Năm 2025"), ("2026", "Năm 2026")]


def answer(row_fields, column_fields, measures, rows, state="provisional"):
    query = Query(
        "contributions",
        rows=tuple(field.name for field in row_fields),
        columns=tuple(field.name for field in column_fields),
        values=tuple(measure.name for measure in measures),
    )
    columns = (*row_fields, *column_fields, *measures)
    return Answer(query, columns, tuple(rows), "2026-11-22.1", state, True, "as_was")


def row(fields, members, *values):
    over = tuple(field.name for field, (key, _) in zip(fields, members, strict=True) if key is None)
    return Row(tuple(key for key, _ in members), tuple(label for _, label in members), values, over)


def by_province_and_year(*measures, value=lambda place: Decimal(place), provinces=PROVINCES, years=YEARS):
    """Every province with every year and all totals; the value of a cell is made from its place."""
    fields, asked = (PROVINCE, YEAR), measures or (MONEY,)
    pairs = product([*provinces, TOTAL], [*years, TOTAL])
    rows = [row(fields, pair, *(value(place) for _ in asked)) for place, pair in enumerate(pairs)]
    return answer((PROVINCE,), (YEAR,), asked, rows)


def by_province_and_office():
    """Two provinces with two offices each, with their totals."""
    fields = (PROVINCE, OFFICE)
    rows = []
    for code, name in PROVINCES:
        offices = [(f"{code}.501", f"{name} 1"), (f"{code}.502", f"{name} 2")]
        rows += [row(fields, ((code, name), office), 10) for office in offices]
        rows.append(row(fields, ((code, name), TOTAL), 20))
    rows.append(row(fields, (TOTAL, TOTAL), 40))
    return answer(fields, (), (MONEY,), rows)
