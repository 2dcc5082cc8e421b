"""From the rows of a statement to an Answer: labels, formulas, order of members, and what must be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from dwh.datapath.semantic.answer import Answer, Column, Number, Row
from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.formula import TOTAL_PREFIX, evaluate, inputs
from dwh.datapath.semantic.periods import period_label
from dwh.datapath.semantic.words import (
    MASK,
    UNKNOWN_KEY,
    UNKNOWN_LABEL,
    Field,
    Indicator,
    Measure,
)
from dwh.kernel.vi import rounded, sort_key

Keys = tuple[str | None, ...]
_LAST: Final = (2,)  # a total stands after its parts, an unknown member just before it


class _Group(NamedTuple):
    keys: Keys
    texts: tuple[str | None, ...]
    measures: dict[str, Number]
    months: tuple[str | None, ...]


def build_answer(plan: Plan, rows: Sequence[tuple[Any, ...]], *, release: str, state: str) -> Answer:
    """Return the answer of `plan` from the rows its statement gave on `release`."""
    groups = [_group(plan, row) for row in rows]
    columns = [_field_column(field) for field in plan.fields]
    values = [plan.subject.value(name) for name in plan.query.values]
    grand = next((g.measures for g in groups if not any(k is not None for k in g.keys)), {})
    made = {group.keys: _values(values, group, grand) for group in groups}
    ordered = sorted(groups, key=_order(plan, groups, made))
    shown = [group for group in ordered if plan.query.totals or None not in group.keys]
    cut, labels = _members_cut(plan, rows), _labels(plan, groups)
    if cut:
        shown = _without_empty_parents(plan, shown)
    return Answer(
        query=plan.query,
        columns=(*columns, *(_value_column(value) for value in values)),
        rows=tuple(_row(plan, group, made[group.keys], labels) for group in shown),
        release=release,
        state=state,
        complete=cut == 0,
        org_basis=plan.query.org_basis,
        notes=tuple(_notes(plan, shown, cut)),
    )


def _group(plan: Plan, row: tuple[Any, ...]) -> _Group:
    width = 3 * len(plan.fields)
    keys = tuple(None if row[i + 2] else row[i] for i in range(0, width, 3))
    measures = dict(zip(plan.measures, row[width:], strict=False))
    months = row[width + len(plan.measures) :][: len(plan.stocks)]
    return _Group(keys, tuple(row[i + 1] for i in range(0, width, 3)), measures, months)


def _values(
    values: Sequence[Measure | Indicator], group: _Group, grand: Mapping[str, Number]
) -> tuple[Number, ...]:
    return tuple(
        _indicated(value, group.measures, grand)
        if isinstance(value, Indicator)
        else group.measures[value.name]
        for value in values
    )


def _indicated(
    indicator: Indicator, measures: Mapping[str, Number], grand: Mapping[str, Number]
) -> Decimal | None:
    given = {
        name: grand.get(name.removeprefix(TOTAL_PREFIX)) if name.startswith(TOTAL_PREFIX) else measures[name]
        for name in inputs(indicator.tree)
    }
    exact = {name: None if value is None else Decimal(value) for name, value in given.items()}
    value = evaluate(indicator.tree, exact)
    return None if value is None else rounded(value, indicator.decimals)


def _labels(plan: Plan, groups: Sequence[_Group]) -> list[dict[str | None, str | None]]:
    """Return key → label per field; members that share a name (old and new Đà Nẵng) carry their code too."""
    found = []
    for place, field in enumerate(plan.fields):
        masked = field.name in plan.masked
        texts = {group.keys[place]: group.texts[place] for group in groups}
        labels = {key: member_label(field, key, text, masked=masked) for key, text in texts.items()}
        seen = Counter(labels.values())
        found.append({key: _told_apart(key, label, seen) for key, label in labels.items()})
    return found


def _told_apart(key: str | None, label: str | None, seen: Mapping[str | None, int]) -> str | None:
    return f"{label} ({key.rpartition('.')[2]})" if key is not None and seen[label] > 1 else label


def _row(
    plan: Plan,
    group: _Group,
    values: tuple[Number, ...],
    known: Sequence[Mapping[str | None, str | None]],
) -> Row:
    labels = tuple(known[place][key] for place, key in enumerate(group.keys))
    totals = tuple(f.name for f, key in zip(plan.fields, group.keys, strict=True) if key is None)
    return Row(group.keys, labels, values, totals)


def member_label(field: Field, key: str | None, text: str | None, *, masked: bool = False) -> str | None:
    """Return how a member is shown; None for a total."""
    if key is None:
        return None
    if masked:
        return MASK
    if key == UNKNOWN_KEY:
        return UNKNOWN_LABEL
    level = field.level
    if field.dimension.kind == "period":
        return key if level.derive == "year" else period_label(key)
    if level.constant is not None:
        return level.constant[1]
    if level.derive == "decade":
        return f"{key}–{int(key) + 9}"
    if level.members:
        return dict(level.members).get(key, key)
    name = text or key
    return f"{key} – {name}" if level.code_in_label and name != key else name


def _order(
    plan: Plan, groups: Sequence[_Group], made: Mapping[Keys, tuple[Number, ...]]
) -> Callable[[_Group], Any]:
    """Return the sort key of a group: rows first, then columns; parents with their children, totals last."""
    natural = [_natural(plan, place, groups) for place in range(len(plan.fields))]
    rows = range(len(plan.query.rows) if plan.query.sort else 0)

    def rank(keys: Keys, place: int) -> tuple[Any, ...]:
        own = natural[place][keys[place]]
        if place not in rows or keys[place] is None:
            return own if place not in rows else (True,)
        member = (*keys[: place + 1], *([None] * (len(keys) - place - 1)))
        return (False, *_sorted_by(plan, place, own, made.get(member)), own)

    return lambda group: tuple(rank(group.keys, place) for place in range(len(plan.fields)))


def _sorted_by(
    plan: Plan, place: int, own: tuple[int, ...], values: tuple[Number, ...] | None
) -> list[tuple[Any, ...]]:
    """Return what the sort items say of one row member: its value over all columns, or its own place."""
    ranked: list[tuple[Any, ...]] = []
    for one in plan.query.sort:
        if one.field in plan.query.values:
            value = values[plan.query.values.index(one.field)] if values else None
            ranked.append(_by_value(value, one.desc))
        elif plan.query.rows.index(one.field) == place:
            ranked.append((own[0], *(-n for n in own[1:])) if one.desc else own)
    return ranked


def _by_value(value: Number, desc: bool) -> tuple[bool, Any]:
    """Order by a number, nothing last whichever way."""
    return (value is None, 0 if value is None else -value if desc else value)


def _natural(plan: Plan, place: int, groups: Sequence[_Group]) -> dict[str | None, tuple[int, ...]]:
    """Return the place of every member of a field: (0, n) known, (1,) unknown, (2,) the total."""
    field = plan.fields[place]
    texts = {group.keys[place]: group.texts[place] for group in groups}
    known = [key for key in texts if key is not None and key != UNKNOWN_KEY]
    known.sort(key=lambda key: _member_order(plan, field, key, texts[key]))
    order: dict[str | None, tuple[int, ...]] = {key: (0, number) for number, key in enumerate(known)}
    return order | {UNKNOWN_KEY: (1,), None: _LAST}


def _member_order(plan: Plan, field: Field, key: str, text: str | None) -> Any:
    level = field.level
    if level.members:
        declared = [member for member, _ in level.members]
        return (declared.index(key) if key in declared else len(declared), key)
    by_key = field.dimension.kind in ("period", "org") or level.ordered or plan.query.limit is not None
    return (key,) if by_key else (sort_key(text or key), key)


def _members_cut(plan: Plan, rows: Sequence[tuple[Any, ...]]) -> int:
    """Return how many members the limit left out."""
    if plan.query.limit is None or not rows:
        return 0
    return max(0, int(rows[0][-1]) - plan.query.limit)


def _without_empty_parents(plan: Plan, shown: list[_Group]) -> list[_Group]:
    """Drop subtotals none of whose members were kept; the grand totals stay."""
    split = len(plan.query.rows)
    kept = {g.keys[:depth] for g in shown if None not in g.keys[:split] for depth in range(split + 1)}

    def named(keys: Keys) -> Keys:
        return tuple(key for key in keys[:split] if key is not None)

    return [group for group in shown if named(group.keys) in kept]


def _notes(plan: Plan, shown: Sequence[_Group], cut: int) -> list[str]:
    notes = []
    if not shown:
        notes.append("Không có số liệu nào khớp câu hỏi trong phạm vi được xem.")
    if cut:
        notes.append(
            f"Chỉ hiện {plan.query.limit} dòng đầu trong {cut + int(plan.query.limit or 0)} dòng;"
            " các dòng tổng vẫn tính trên toàn bộ."
        )
    for field in plan.fields:
        if field.name in plan.masked:
            notes.append(f"«{field.label}» được che vì tài khoản không có quyền xem dữ liệu cá nhân.")
    return notes + _stock_notes(plan, shown)


def _stock_notes(plan: Plan, shown: Sequence[_Group]) -> list[str]:
    """Say which month each stock was taken at: it is one month for every unit."""
    notes = []
    for place, name in enumerate(plan.stocks):
        months = sorted({str(g.months[place]) for g in shown if g.months[place]})
        if months:
            taken = ", ".join(period_label(month) for month in months)
            label = plan.subject.measures[name].label
            notes.append(
                f"«{label}» lấy tại tháng cuối cùng có số liệu của mỗi kỳ, chung cho mọi đơn vị: {taken}."
            )
    return notes


def _field_column(field: Field) -> Column:
    return Column(field.name, field.label, "dimension")


def _value_column(value: Measure | Indicator) -> Column:
    return Column(
        name=value.name,
        label=value.label,
        kind="measure",
        unit=value.unit,
        decimals=value.decimals,
        additive=value.additive,
        status=value.status,
        description=value.description,
    )
