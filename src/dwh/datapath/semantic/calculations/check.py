"""Holds the calculations of a question against it: what they are of is there, and their number has a meaning."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from dwh.datapath.semantic.calculations.across import split
from dwh.datapath.semantic.calculations.document import Calculation
from dwh.datapath.semantic.calculations.kinds import COMPARED, RUNNING, SHARES
from dwh.datapath.semantic.formula import TOTAL_PREFIX, Name, Node, Number, Operation, inputs, parse
from dwh.datapath.semantic.words import Catalog, Indicator, Measure, Subject
from dwh.kernel.errors import Invalid

if TYPE_CHECKING:
    from dwh.datapath.semantic.query import Query

_NOTHING: Final = Number(Decimal(0))
_STARTS: Final = ("in", "eq", "between", "gte")  # filters of a period that say where it begins


def check_calculations(query: Query, subject: Subject, catalog: Catalog) -> None:
    """Refuse what cannot be worked out.

    Raises:
        Invalid: two of one name, `of` that is not there or comes later, a time calculation without a period,
            a share of what does not add up, a formula with an unknown name; `others` without `limit`.
    """
    if query.others and query.limit is None:
        raise Invalid("«others» chỉ dùng cùng «limit». Hãy ghi «limit», ví dụ 10, hoặc bỏ «others».")
    known = {name: _is_sum(value_of(name, subject, catalog)) for name in query.values}
    done: dict[str, Calculation] = {}
    for one in query.calculations:
        _check_name(one, query, subject, done)
        for name in _inputs(one):
            _must_be_there(name, one, query, done)
        _check_place(one, query, subject)
        _check_meaning(one, known, done)
        known[one.name] = _stays_a_sum(one, known)
        done[one.name] = one


def value_of(name: str, subject: Subject, catalog: Catalog) -> Measure | Indicator:
    """Return the measure or indicator a value of the question names, of its own subject or another."""
    other, local = split(name)
    return (catalog.subject(other) if other else subject).value(local)


def has_period(query: Query, subject: Subject) -> bool:
    """Tell whether a question says which period it is about: on an axis, or by a filter with a beginning."""
    if any(subject.field(name).dimension.kind == "period" for name in (*query.rows, *query.columns)):
        return True
    return any(
        one.op in _STARTS and subject.field(one.field).dimension.kind == "period" for one in query.filters
    )


def _inputs(one: Calculation) -> tuple[str, ...]:
    if one.kind != "formula":
        return (one.of,)
    return tuple(dict.fromkeys(name.removeprefix(TOTAL_PREFIX) for name in inputs(parse(one.formula))))


def _check_name(one: Calculation, query: Query, subject: Subject, done: dict[str, Calculation]) -> None:
    taken = {*query.values, *subject.measures, *subject.indicators, *subject.dimensions}
    if one.name in done or one.name in taken:
        raise Invalid(
            f"Tên «{one.name}» đã có trong câu hỏi hoặc trong chủ đề. Hãy đặt tên khác cho phép tính, ví dụ"
            f" «c{len(done) + 1}».",
            field=one.name,
        )


def _must_be_there(name: str, one: Calculation, query: Query, done: dict[str, Calculation]) -> None:
    if name in query.values or name in done:
        return
    if name == one.name:
        raise Invalid(
            f"Phép tính «{one.name}» dùng chính nó. Hãy chọn một chỉ tiêu hoặc một phép tính đứng trước nó."
        )
    if name in {other.name for other in query.calculations}:
        raise Invalid(
            f"Phép tính «{one.name}» dùng «{name}» đứng sau nó. Hãy đưa «{name}» lên trước «{one.name}»;"
            " hai phép tính không dùng lẫn nhau được."
        )
    there = ", ".join((*query.values, *done))
    raise Invalid(
        f"Phép tính «{one.name}» cần «{name}», chưa có trong bảng. Hãy thêm «{name}» vào «values», hoặc dùng một trong:"
        f" {there}.",
        field=name,
    )


def _check_place(one: Calculation, query: Query, subject: Subject) -> None:
    if one.is_of.time and not has_period(query, subject):
        raise Invalid(
            f"Phép tính «{one.name}» ({one.is_of.label}) cần biết kỳ. Hãy đặt một chiều thời gian vào dòng hoặc cột,"
            " hoặc lọc theo kỳ, ví dụ năm 2025."
        )
    if one.is_of.rows and not query.rows:
        raise Invalid(
            f"Phép tính «{one.name}» ({one.is_of.label}) cần có dòng. Hãy đặt một chiều vào «rows»."
        )


def _check_meaning(one: Calculation, sums: dict[str, bool], done: dict[str, Calculation]) -> None:
    of = done.get(one.of)
    if one.kind in SHARES and not sums[one.of]:
        raise Invalid(
            f"Phép tính «{one.name}» ({one.is_of.label}): «{one.of}» là tỷ lệ hoặc số không cộng được, nên tỷ trọng"
            " của nó không có nghĩa. Hãy chọn một số tiền hoặc một số đếm."
        )
    if one.kind in RUNNING and of is not None and of.kind != "formula":
        raise Invalid(
            f"Phép tính «{one.name}» ({one.is_of.label}) chỉ tính trên chỉ tiêu hoặc công thức, không tính trên"
            f" «{one.of}» ({of.is_of.label}). Hãy chọn chỉ tiêu gốc."
        )
    if one.kind in COMPARED and of is not None:
        raise Invalid(
            f"Phép tính «{one.name}» ({one.is_of.label}) chỉ so sánh một chỉ tiêu của bảng, không so sánh phép tính"
            f" «{one.of}». Hãy chọn chỉ tiêu gốc."
        )


def _is_sum(value: Measure | Indicator) -> bool:
    """Tell whether a value is an amount or a count, and not a ratio: then a share of it has a meaning."""
    return not isinstance(value, Indicator) or _is_linear(value.tree, {})


def _stays_a_sum(one: Calculation, sums: dict[str, bool]) -> bool:
    if one.kind == "formula":
        return _is_linear(parse(one.formula), sums)
    return (
        one.kind in ("previous", "same_last_year", "difference", "year_to_date", "cumulative")
        and sums[one.of]
    )


def _is_linear(tree: Node, sums: dict[str, bool]) -> bool:
    """Tell whether a formula only adds, subtracts and scales amounts."""
    if isinstance(tree, Number):
        return False
    if isinstance(tree, Name):
        return not tree.name.startswith(TOTAL_PREFIX) and sums.get(tree.name, True)
    if tree.sign in ("+", "-"):
        return all(a == _NOTHING or _is_linear(a, sums) for a in tree.arguments)  # −x is read as 0 − x
    return _is_scaled(tree, sums)


def _is_scaled(tree: Operation, sums: dict[str, bool]) -> bool:
    left, right = (*tree.arguments, tree.arguments[0])[:2]
    if tree.sign == "*":
        return (isinstance(left, Number) and _is_linear(right, sums)) or (
            isinstance(right, Number) and _is_linear(left, sums)
        )
    return tree.sign == "/" and isinstance(right, Number) and _is_linear(left, sums)
