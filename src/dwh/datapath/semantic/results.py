"""From the rows of a statement to an Answer: labels, formulas, order of members, and what must be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol

from dwh.datapath.semantic.answer import Answer, Column, Number, Row
from dwh.datapath.semantic.compile import Plan
from dwh.datapath.semantic.formula import TOTAL_PREFIX, compiled, exactly
from dwh.datapath.semantic.periods import basis_vi, period_label
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import (
    AS_IS,
    AS_WAS,
    JOINT,
    MASK,
    OTHERS_KEY,
    UNKNOWN_KEY,
    UNKNOWN_LABEL,
    Field,
    Indicator,
    Measure,
)
from dwh.kernel.vi import rounded, sort_key

Keys = tuple[str | None, ...]
Labels = dict[str | None, str | None]
_LAST: Final = 1 << 60  # a total stands after its parts; before it those left out, before them the unknown
_OTHERS: Final = _LAST - 1
_UNKNOWN: Final = _LAST - 2


class Group(NamedTuple):
    """One group before it is shown."""

    keys: Keys
    values: tuple[Number, ...]  # of the answer's measure columns
    months: tuple[Any, ...] = ()  # per stock: its month, or of an average how many months


class Arranged(Protocol):
    """What the order of groups depends on: a plan, or a table that was worked out."""

    @property
    def query(self) -> Query: ...

    @property
    def fields(self) -> tuple[Field, ...]: ...


def build_answer(plan: Plan, rows: Sequence[tuple[Any, ...]], *, release: str, state: str) -> Answer:
    """Return the answer of `plan` from the rows its statement gave on `release`."""
    texts: list[Labels] = [{} for _ in plan.fields]
    with exactly():
        groups = _groups(plan, rows, texts)
    groups.sort(key=order_of(plan, groups, texts))
    shown = groups if plan.query.totals else [group for group in groups if None not in group.keys]
    cut = _members_cut(plan, rows)
    if cut:
        shown = without_empty_parents(plan, shown)
    return Answer(
        query=plan.query,
        columns=_columns(plan),
        rows=_rows(plan, shown, _labels(plan, texts)),
        release=release,
        state=state,
        complete=cut == 0,
        org_basis=plan.query.org_basis,
        notes=tuple(_notes(plan, shown, cut)),
        routes=plan.routes,
        left_out=cut,
    )


def _groups(plan: Plan, rows: Sequence[tuple[Any, ...]], texts: list[Labels]) -> list[Group]:
    """Read the statement's rows column by column, compute the values, note every label met in `texts`."""
    key_places, label_places, flags = _places(plan)
    first, width = flags + 1, len(plan.fields)
    stocks = slice(first + len(plan.measures), first + len(plan.measures) + len(plan.stocks))
    grand = next((row for row in rows if row[flags] == (1 << width) - 1), None)
    keys = _keys(rows, key_places, flags)
    for field, place in label_places:
        texts[field].update(zip(map(itemgetter(field), keys), map(itemgetter(place), rows), strict=True))
    for place, labels in enumerate(texts):
        if not labels:
            labels.update(dict.fromkeys(map(itemgetter(place), keys)))
    values = [list(map(_computed(plan, name, first, grand), rows)) for name in plan.query.values]
    months = [row[stocks] for row in rows] if plan.stocks else [()] * len(rows)
    return list(map(Group, keys, zip(*values, strict=True), months))


def _keys(rows: Sequence[tuple[Any, ...]], places: Sequence[int], flags: int) -> list[Keys]:
    """Return the key of each row: None where the field is added up, whatever the engine put there."""
    if not places:
        return [()] * len(rows)
    keys = list(zip(*(map(itemgetter(place), rows) for place in places), strict=True))
    return [
        tuple([None if row[flags] >> i & 1 else part for i, part in enumerate(key)]) if row[flags] else key
        for key, row in zip(keys, rows, strict=True)
    ]


def _places(plan: Plan) -> tuple[list[int], list[tuple[int, int]], int]:
    """Return where keys, labels (field, place) and the total flags stand in a row."""
    keys, labels, place = [], [], 0
    for field, labelled in enumerate(plan.labelled):
        keys.append(place)
        if labelled:
            labels.append((field, place + 1))
        place += 1 + labelled
    return keys, labels, place


def _computed(
    plan: Plan, name: str, first: int, grand: tuple[Any, ...] | None
) -> Callable[[tuple[Any, ...]], Number]:
    """Return the function that reads or computes one value from a row."""
    value = plan.subject.value(name)
    places = {measure: first + n for n, measure in enumerate(plan.measures)}
    if isinstance(value, Measure) and value.additive != "average":
        return itemgetter(places[name])
    reader = {
        measure: _reader(plan, measure, places, first + len(plan.measures)) for measure in plan.measures
    }
    if isinstance(value, Measure):
        return lambda row: None if (mean := reader[name](row)) is None else rounded(mean, value.decimals)

    def read(given: str) -> Callable[[tuple[Any, ...]], Decimal | None]:
        own = reader[given.removeprefix(TOTAL_PREFIX)]
        if given.startswith(TOTAL_PREFIX):
            whole = own(grand) if grand else None
            return lambda _: whole
        return own

    formula, step = compiled(value.tree, read), Decimal(1).scaleb(-value.decimals)

    def compute(row: tuple[Any, ...]) -> Number:
        found = formula(row)
        return None if found is None else found.quantize(step, ROUND_HALF_UP)

    return compute


def _reader(
    plan: Plan, name: str, places: Mapping[str, int], stocks: int
) -> Callable[[tuple[Any, ...]], Decimal | None]:
    """Return the function that reads a measure as a formula takes it: an average before it is rounded."""
    place = places[name]
    if plan.subject.measures[name].additive != "average":
        return lambda row: _exact(row[place])
    months = stocks + plan.stocks.index(name)
    return lambda row: None if row[place] is None else Decimal(row[place]) / row[months]


def _exact(value: Number) -> Decimal | None:
    return value if value is None or isinstance(value, Decimal) else Decimal(value)


def _columns(plan: Plan) -> tuple[Column, ...]:
    fields = [Column(field.name, field.label, "dimension") for field in plan.fields]
    return (*fields, *(value_column(plan.subject.value(name)) for name in plan.query.values))


def _rows(plan: Plan, shown: Sequence[Group], labels: Sequence[Labels]) -> tuple[Row, ...]:
    names = [field.name for field in plan.fields]
    keys = [group.keys for group in shown]
    columns = [list(map(known.__getitem__, map(itemgetter(i), keys))) for i, known in enumerate(labels)]
    texts = zip(*columns, strict=True) if columns else iter([()] * len(shown))
    totals = (
        tuple([n for n, part in zip(names, key, strict=True) if part is None]) if None in key else ()
        for key in keys
    )
    return tuple(map(Row, keys, texts, map(itemgetter(1), shown), totals))


def _labels(plan: Plan, texts: Sequence[Labels]) -> list[Labels]:
    """Return key → label per field; members that share a name (old and new Đà Nẵng) carry their code too."""
    found = []
    for field, known in zip(plan.fields, texts, strict=True):
        masked = field.name in plan.masked
        labels = {key: member_label(field, key, text, masked=masked) for key, text in known.items()}
        seen = Counter(labels.values())
        found.append({key: told_apart(key, label, seen) for key, label in labels.items()})
    return found


def told_apart(key: str | None, label: str | None, seen: Mapping[str | None, int]) -> str | None:
    return f"{label} ({key.rpartition('.')[2]})" if key is not None and seen[label] > 1 else label


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


def order_of(plan: Arranged, groups: Sequence[Group], texts: Sequence[Labels]) -> Callable[[Group], Any]:
    """Return the sort key of a group: rows first, then columns; parents with their children, totals last."""
    natural = [_natural(plan, field, known) for field, known in zip(plan.fields, texts, strict=True)]
    if not plan.query.sort:
        return lambda group: [natural[i][key] for i, key in enumerate(group.keys)]
    values = {group.keys: group.values for group in groups}
    rows = len(plan.query.rows)

    def rank(keys: Keys, place: int) -> tuple[Any, ...]:
        own = natural[place][keys[place]]
        if place >= rows or keys[place] is None:
            return (own == _LAST, own)
        if own == _OTHERS:
            return (True, own)
        member = (*keys[: place + 1], *([None] * (len(keys) - place - 1)))
        return (False, *_sorted_by(plan, place, own, values.get(member)), own)

    return lambda group: [rank(group.keys, place) for place in range(len(plan.fields))]


def _sorted_by(
    plan: Arranged, place: int, own: int, values: tuple[Number, ...] | None
) -> list[tuple[bool, Any]]:
    """Return what the sort items say of one row member: its value over all columns, or its own place."""
    ranked: list[tuple[bool, Any]] = []
    for one in plan.query.sort:
        if one.field in plan.query.values:
            value = values[plan.query.values.index(one.field)] if values else None
            ranked.append((value is None, 0 if value is None else -value if one.desc else value))
        elif plan.query.rows.index(one.field) == place:
            ranked.append((own == _UNKNOWN, -own if one.desc else own))
    return ranked


def _natural(plan: Arranged, field: Field, texts: Labels) -> dict[str | None, int]:
    """Return the place of every member of a field: known ones, then the unknown, then the total."""
    known = [key for key in texts if key not in (None, UNKNOWN_KEY, OTHERS_KEY)]
    known.sort(key=lambda key: _member_order(plan, field, key, texts[key]))
    places: dict[str | None, int] = {key: number for number, key in enumerate(known)}
    return places | {UNKNOWN_KEY: _UNKNOWN, OTHERS_KEY: _OTHERS, None: _LAST}


def _member_order(plan: Arranged, field: Field, key: str, text: str | None) -> Any:
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


def without_empty_parents(plan: Arranged, shown: list[Group]) -> list[Group]:
    """Drop subtotals none of whose members were kept; the grand totals stay."""
    split = len(plan.query.rows)
    kept = {g.keys[:depth] for g in shown if None not in g.keys[:split] for depth in range(split + 1)}

    def named(keys: Keys) -> Keys:
        return tuple(key for key in keys[:split] if key is not None)

    return [group for group in shown if named(group.keys) in kept]


def _notes(plan: Plan, shown: Sequence[Group], cut: int) -> list[str]:
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
    return notes + _joint_notes(plan, shown) + _stock_notes(plan, shown)


def _joint_notes(plan: Plan, shown: Sequence[Group]) -> list[str]:
    """Say which units could not be told apart on the tree asked for: nothing is divided by an estimate."""
    basis = plan.query.org_basis
    if basis == AS_WAS:
        return []
    places = [i for i, field in enumerate(plan.fields) if field.dimension.kind == "org"]
    joint = {group.keys[i] for group in shown for i in places if JOINT in (group.keys[i] or "")}
    notes = []
    if joint:
        notes.append(
            f"{len(joint)} dòng gộp tên nhiều đơn vị: số liệu của đơn vị mới không tách được chính xác về từng đơn vị"
            f" trên cây tổ chức {basis_vi(basis)}, nên không chia theo ước tính. Số tổng không đổi."
        )
    filtered = [plan.subject.field(one.field) for one in plan.query.filters]
    if basis != AS_IS and any(f.dimension.kind == "org" and f.level.key for f in filtered):
        notes.append(
            "Bộ lọc theo đơn vị không gồm phần chưa tách được về từng đơn vị; muốn có phần này, chọn thêm dòng gộp tên"
            " trong danh sách của bộ lọc."
        )
    return notes


def _stock_notes(plan: Plan, shown: Sequence[Group]) -> list[str]:
    """Say which month each stock was taken at, or how many it is the mean of: the same for every unit."""
    notes = []
    for place, name in enumerate(plan.stocks):
        found = sorted({group.months[place] for group in shown if group.months[place]})
        if not found:
            continue
        measure = plan.subject.measures[name]
        if measure.additive == "average":
            taken = ", ".join(f"{months} tháng" for months in found)
            notes.append(
                f"«{measure.label}» là bình quân số cuối tháng của các tháng có số liệu trong kỳ, số tháng chung"
                f" cho mọi đơn vị: {taken}."
            )
            continue
        edge = "cuối cùng" if measure.additive == "last" else "đầu tiên"
        taken = ", ".join(period_label(month) for month in found)
        notes.append(
            f"«{measure.label}» lấy tại tháng {edge} có số liệu của mỗi kỳ, chung cho mọi đơn vị: {taken}."
        )
    return notes


def value_column(value: Measure | Indicator) -> Column:
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
