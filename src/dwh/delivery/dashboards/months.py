"""The months of a board: bars or lines by month, the year so far beside its plan, one small drawing per series.

Every number of a month and of the whole comes from the engine; only the year so far is added up here, of months that
add up, and it ends at the engine's own total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import Any

from dwh.datapath.semantic.answer import Answer, Column, Row
from dwh.delivery.dashboards.board import Part
from dwh.delivery.dashboards.choice import Choice
from dwh.delivery.dashboards.numbers import Scale, by_keys, members, scale_of
from dwh.delivery.dashboards.parts import TableView
from dwh.kernel import vi

Found = Mapping[tuple[str | None, ...], Row]
Values = list[Any]


@dataclass(frozen=True, slots=True)
class Small:
    """One series drawn for itself: a bar per month in hundredths of the highest of all, and its last figure."""

    name: str
    colour: str
    url: str
    bars: tuple[tuple[float, str], ...]  # height, words
    last: str

    @property
    def placed(self) -> list[tuple[int, float, float, str]]:
        """Return x, y, height and words of each bar, in a box of 10 per month by 100."""
        return [(10 * at + 1, 100 - height, height, words) for at, (height, words) in enumerate(self.bars)]

    @property
    def width(self) -> int:
        return 10 * len(self.bars)


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend; its link narrows the board to the series, or takes that off again."""

    name: str
    colour: str
    url: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ChartView:
    """The months ready to draw: `data` is what charts.js reads, `table` the same numbers whole."""

    title: str
    unit: str
    data: dict[str, Any]
    so_far: dict[str, Any] | None
    table: TableView
    legend: tuple[Key, ...]
    small: tuple[Small, ...]
    line: str
    has_data: bool


@dataclass(frozen=True, slots=True)
class _Months:
    """Both answers laid out by month: series of now, totals of now and of what they are compared with."""

    column: Column
    months: list[str]
    series: list[tuple[str, str, str]]
    values: dict[str, Values]
    totals: Values
    past: Values
    whole: Any
    past_whole: Any
    scale: Scale = field(default_factory=lambda: Scale(1, "", 0))


@dataclass(frozen=True, slots=True)
class Frame:
    """What the months are shown at: the choice, the last month with data, and the plan of the year with its name."""

    choice: Choice
    until: str
    plan: tuple[str, Decimal] | None = None


def chart_view(part: Part, now: Answer, before: Answer | None, at: Frame) -> ChartView:
    """Return months × members of the column field, with the compared totals as a line where there are any."""
    choice = at.choice
    laid = _laid_out(part, now, before, choice)
    line = choice.compared_line if any(value is not None for value in laid.past) else ""
    open_months = [n for n, month in enumerate(laid.months) if month == at.until]
    frame = {
        "kind": part.kind,
        "months": [f"T{int(month[5:])}" for month in laid.months],
        "names": [f"Tháng {vi.month_vi(month)}" for month in laid.months],
        "links": [_month_link(choice, month) for month in laid.months],
        "chosen": laid.months.index(choice.month) if choice.month else None,
        "open": open_months,
    }
    series = [_drawn(name, colour, laid.values[key], laid.scale) for key, name, colour in laid.series]
    if part.kind == "line" and len(series) > 1:  # a total of stocks is no stack of them
        series.append(_drawn("Tổng số", "ink", laid.totals, laid.scale))
    data = {
        **frame,
        "unit": laid.scale.unit,
        "series": series,
        "totals": [laid.scale.text(value) for value in laid.totals],
        "line": _drawn(line, "ink", laid.past, laid.scale) if line else None,
    }
    return ChartView(
        part.title, laid.scale.unit, data, _so_far(laid, frame, line, at.plan), _table(laid, choice, line),
        _legend(laid, choice), _small(laid, choice), line, bool(members(now)),
    )  # fmt: skip


def _laid_out(part: Part, now: Answer, before: Answer | None, choice: Choice) -> _Months:
    found, past = by_keys(now), by_keys(before) if before else {}
    months, column = choice.period.months, now.values[0]
    earlier = choice.compared_with.period.months[: len(months)]
    totals = [_value(found, month, None) for month in months]
    then = [_value(past, month, None) for month in earlier] + [None] * (len(months) - len(earlier))
    series = _series(part, now)
    return _Months(
        column=column,
        months=months,
        series=series,
        values={key: [_value(found, month, key) for month in months] for key, _, _ in series},
        totals=totals,
        past=then,
        whole={key: _value(found, None, key) for key in (*(one[0] for one in series), None)},
        past_whole=_value(past, None, None),
        scale=scale_of(max((v for v in totals + then if v is not None), default=None), column.unit),
    )


def _month_link(choice: Choice, month: str) -> str:
    return choice.link(thang="" if month == choice.month else month)


def _series(part: Part, answer: Answer) -> list[tuple[str, str, str]]:
    """Return key, name and colour of each series: a colour keeps its meaning from board to board."""
    names = {row.keys[1]: row.labels[1] for row in answer.rows if row.keys[1] is not None}
    known = [(key, str(names[key]), colour) for key, colour in part.series.items() if key in names]
    return known + [(key, str(label), "s5") for key, label in names.items() if key and key not in part.series]


def _value(found: Found, month: str | None, key: str | None) -> Any:
    row = found.get((month, key))
    return row.values[0] if row else None


def _drawn(name: str, colour: str, values: Sequence[Any], scale: Scale) -> dict[str, Any]:
    return {
        "name": name,
        "colour": colour,
        "values": [scale.number(value) for value in values],
        "texts": [scale.text(value) for value in values],
    }


def _so_far(
    laid: _Months, frame: dict[str, Any], line: str, plan: tuple[str, Decimal] | None
) -> dict[str, Any] | None:
    """Return the year so far as lines, with the plan; None for figures that do not add up over months."""
    if laid.column.additive != "all" or not any(value is not None for value in laid.totals):
        return None
    now, past = _added(laid.totals), _added(laid.past)
    known = [value for value in (*now, *past, plan[1] if plan else None) if value is not None]
    scale = scale_of(max(known), laid.column.unit)
    return {
        **frame,
        "kind": "line",
        "unit": scale.unit,
        "series": [_drawn("Lũy kế", "s1", now, scale)],
        "totals": None,
        "line": _drawn(line, "ink", past, scale) if line else None,
        "target": _goal(plan, scale) if plan else None,
    }


def _goal(plan: tuple[str, Decimal], scale: Scale) -> dict[str, Any]:
    return {"name": plan[0].capitalize(), "value": scale.number(plan[1]), "text": scale.text(plan[1])}


def _added(values: Sequence[Any]) -> Values:
    """Return the running sum up to the last month that has a figure."""
    last = max((at for at, value in enumerate(values) if value is not None), default=-1)
    sums: Values = list(accumulate(Decimal(value or 0) for value in values))
    return [total if at <= last else None for at, total in enumerate(sums)]


def _table(laid: _Months, choice: Choice, line: str) -> TableView:
    column = laid.column
    heads = [(name, column.unit) for _, name, _ in laid.series] + [("Cộng", column.unit)]
    heads += [(line, column.unit)] if line else []
    rows = []
    for at, month in enumerate(laid.months):
        values = [laid.values[key][at] for key, _, _ in laid.series] + [laid.totals[at]]
        values += [laid.past[at]] if line else []
        rows.append((vi.month_vi(month), _month_link(choice, month), _texts(values, column)))
    total = [laid.whole[key] for key, _, _ in laid.series] + [laid.whole[None]]
    total += [laid.past_whole] if line else []
    marked = vi.month_vi(choice.month) if choice.month else ""
    return TableView("Tháng", tuple(heads), tuple(rows), _texts(total, column), marked=marked)


def _texts(values: Sequence[Any], column: Column) -> tuple[str, ...]:
    return tuple(vi.number(value, column.decimals) for value in values)


def _legend(laid: _Months, choice: Choice) -> tuple[Key, ...]:
    return tuple(
        Key(name, colour, _slice_link(choice, key), chosen=key == choice.slice)
        for key, name, colour in laid.series
    )


def _slice_link(choice: Choice, key: str) -> str:
    return choice.link(loai="" if key == choice.slice else key)


def _small(laid: _Months, choice: Choice) -> tuple[Small, ...]:
    """Return one small drawing per series, all on one scale; none where there is only one series."""
    if len(laid.series) < 2:
        return ()
    highest = max((v for values in laid.values.values() for v in values if v is not None), default=0) or 1
    return tuple(
        Small(
            name,
            colour,
            _slice_link(choice, key),
            tuple(
                (_height(value, highest), f"Tháng {vi.month_vi(month)}: {laid.scale.text(value)}")
                for month, value in zip(laid.months, laid.values[key], strict=True)
            ),
            laid.scale.text(next((v for v in reversed(laid.values[key]) if v is not None), None)),
        )
        for key, name, colour in laid.series
    )


def _height(value: Any, highest: Any) -> float:
    return round(max(0.0, float(100 * Decimal(value or 0) / Decimal(highest))), 2)
