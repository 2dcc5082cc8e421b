"""Holds a question against the catalogue: every name known, every pair of measure and dimension possible."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dwh.datapath.semantic.calculations.across import must_share, own_values, plain, subjects_of
from dwh.datapath.semantic.calculations.check import check_calculations
from dwh.datapath.semantic.periods import parse_period
from dwh.datapath.semantic.words import Catalog, Field, Indicator, Measure, Subject
from dwh.kernel.errors import Invalid, UnknownField

if TYPE_CHECKING:
    from dwh.datapath.semantic.query import Filter, Query

_ORDERED_OPS = ("gte", "lte", "between")


def check(query: Query, catalog: Catalog, *, latest_month: str | None = None) -> Subject:
    """Return the subject of a question that can be asked.

    Raises:
        UnknownField: a name that is not in the subject (it may be in another one; then that is said).
        Invalid: no value, a field used twice, a period that is none or lies after `latest_month`,
            a measure whose fact does not have the dimension.
    """
    subject, own = catalog.subject(query.subject), own_values(query)
    if not own:
        raise Invalid("Câu hỏi chưa có chỉ tiêu nào của chủ đề này. Hãy ghi ít nhất một tên vào «values».")
    fields = [_field(subject, name, catalog) for name in (*query.rows, *query.columns)]
    _once((field.canonical for field in fields), "Chiều phân tích")
    _once(query.values, "Chỉ tiêu")
    values = [_value(subject, name, catalog) for name in own]
    filtered = [_check_filter(subject, one, catalog, latest_month) for one in query.filters]
    _check_facts(subject, values, [*fields, *filtered])
    must_share(query, subject, catalog)
    for other in subjects_of(query)[1:]:
        check(plain(query, other), catalog, latest_month=latest_month)
    check_calculations(query, subject, catalog)
    _check_sort(query)
    return subject


def _field(subject: Subject, name: str, catalog: Catalog) -> Field:
    try:
        return subject.field(name)
    except UnknownField:
        if name in subject.measures or name in subject.indicators:
            raise Invalid(
                f"«{name}» là chỉ tiêu, không phải chiều phân tích. Hãy đặt vào «values»;"
                " muốn lấy giá trị lớn nhất thì dùng «sort» và «limit».",
                field=name,
            ) from None
        for other in catalog.subjects.values():
            if name in (*other.dimensions, *other.field_names()):
                raise _elsewhere(name, "Chiều phân tích", subject, other) from None
        raise


def _value(subject: Subject, name: str, catalog: Catalog) -> Measure | Indicator:
    try:
        return subject.value(name)
    except UnknownField:
        if name in (*subject.dimensions, *subject.field_names()):
            raise Invalid(
                f"«{name}» là chiều phân tích, không phải chỉ tiêu. Hãy đặt vào «rows» hoặc «columns».",
                field=name,
            ) from None
        for other in catalog.subjects.values():
            if name in other.measures or name in other.indicators:
                raise _elsewhere(name, "Chỉ tiêu", subject, other) from None
        raise


def _elsewhere(name: str, what: str, subject: Subject, other: Subject) -> UnknownField:
    remedy = "Hãy hỏi riêng trong chủ đề đó."
    if what == "Chỉ tiêu":
        remedy = f"Hãy hỏi riêng trong chủ đề đó, hoặc đặt chung bảng bằng «{other.name}:{name}»."
    return UnknownField(
        f"{what} «{name}» thuộc chủ đề «{other.label}» ({other.name}), không có trong «{subject.label}»"
        f" ({subject.name}). {remedy}",
        field=name,
    )


def _once(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise Invalid(f"{what} «{name}» được dùng hai lần. Hãy bỏ bớt một chỗ.", field=name)
        seen.add(name)


def _check_filter(subject: Subject, one: Filter, catalog: Catalog, latest_month: str | None) -> Field:
    field = _field(subject, one.field, catalog)
    if field.dimension.kind == "period":
        starts = [parse_period(value, latest_month=latest_month).first for value in one.values]
        if one.op == "between" and starts[0] > starts[1]:
            raise Invalid(
                f"Khoảng kỳ của «{one.field}» bị ngược: {one.values[0]} sau {one.values[1]}."
                " Hãy đổi chỗ hai kỳ.",
                field=one.field,
            )
    elif one.op in _ORDERED_OPS and not field.level.ordered:
        raise Invalid(
            f"Chiều «{one.field}» không có thứ tự nên không dùng được phép {one.op}."
            " Hãy dùng in, not_in hoặc eq.",
            field=one.field,
        )
    return field


def _check_facts(subject: Subject, values: list[Measure | Indicator], fields: list[Field]) -> None:
    for value in values:
        for measure in measures_of(subject, [value]):
            for field in fields:
                if not field.reaches(measure.fact):
                    raise Invalid(
                        f"Chỉ tiêu «{value.label}» ({value.name}) không tách được theo «{field.label}»"
                        f" ({field.name}):"
                        f" số liệu «{subject.facts[measure.fact].label}» không có chiều này."
                        " Hãy bỏ chỉ tiêu hoặc bỏ chiều đó.",
                        field=field.name,
                        measure=value.name,
                    )


def _check_sort(query: Query) -> None:
    known = (*query.rows, *query.values, *(one.name for one in query.calculations))
    _once((one.field for one in query.sort), "Mục sắp xếp")
    for one in query.sort:
        if one.field not in known:
            raise Invalid(
                f"Không sắp xếp được theo «{one.field}». Chỉ sắp xếp theo dòng hoặc chỉ tiêu"
                " của chính câu hỏi:"
                f" {', '.join(known)}.",
                field=one.field,
            )
    if query.limit is not None and not query.rows:
        raise Invalid("«limit» chỉ dùng khi câu hỏi có dòng. Hãy đặt một chiều vào «rows» hoặc bỏ «limit».")


def measures_of(subject: Subject, values: Iterable[Measure | Indicator]) -> list[Measure]:
    """Return the measures the engine must give for these values, each once, in order of appearance."""
    found: dict[str, Measure] = {}
    for value in values:
        names = value.measures if isinstance(value, Indicator) else (value.name,)
        found |= {name: subject.measures[name] for name in names}
    return list(found.values())
