"""Figures of the nation, of a region, of all provinces, shown beside those of a person who may see only his own.

Nobody sees another unit's figure this way: only declared sums and counts, no level below the province, no field that
is not declared, and at least MIN_UNITS provinces behind every number. Our rule, not the law's: docs/adr/0022.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from dwh.datapath.semantic.answer import Answer, Row
from dwh.datapath.semantic.calculations.across import split
from dwh.datapath.semantic.calculations.check import value_of
from dwh.datapath.semantic.calculations.kinds import COMPARED
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.check import measures_of
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import UNKNOWN_KEY, Field, Measure, Subject
from dwh.datapath.warehouse.release import Limits
from dwh.governance.protection.hints import Sight
from dwh.governance.protection.running import answer_of, plan_of
from dwh.kernel.errors import Denied
from dwh.kernel.org.scope import NATION, OrgScope

MIN_UNITS: Final = 3
_LEVELS: Final = ("nation", "region", "province")
TOO_FEW: Final = f"Dưới {MIN_UNITS} tỉnh đứng sau con số này nên không hiện"
NOTE: Final = (
    f"Số của cả nước, vùng, đơn vị cùng cấp là số gộp, chỉ hiện khi có từ {MIN_UNITS} tỉnh trở lên đứng sau."
)


def must_be_declared(query: Query, sights: dict[str, Sight]) -> bool:
    """Tell whether `query` compares with units outside the scope of the person.

    Raises:
        Denied: it does, with a measure, a field or a level that is not declared for that.
    """
    outside = False
    for one in query.calculations:
        subject, _ = split(one.of)
        sight = sights[subject or query.subject]
        if one.kind in COMPARED and NATION not in sight.scope.codes:
            words = sights[query.subject].subject
            measures = measures_of(sight.subject, [value_of(one.of, words, load_catalog())])
            _must_be_allowed(query, sight.subject, measures)
            outside = True
    return outside


def compared(query: Query, sight: Sight, how: Limits) -> Answer:
    """Return the answer to a plain question over everybody's units, without numbers too few provinces stand behind.

    Raises: Denied for what is not declared; what `answer_of` raises.
    """
    if NATION in sight.scope.codes:
        return answer_of(plan_of(query, sight), sight, how)
    measures = [sight.subject.measures[name] for name in query.values]
    _must_be_allowed(query, sight.subject, measures)
    every = replace(sight, scope=OrgScope.of([NATION]), clearance=frozenset())
    answer = answer_of(plan_of(query, every), every, how)
    behind = _provinces_behind(query, every, how)
    places = range(len(query.values))
    return replace(
        answer,
        rows=tuple(_hidden(row, [behind[row.keys, i] >= MIN_UNITS for i in places]) for row in answer.rows),
    )


def _hidden(row: Row, enough: list[bool]) -> Row:
    values = tuple(value if ok else None for value, ok in zip(row.values, enough, strict=True))
    return row._replace(values=values, reasons=tuple("" if ok else TOO_FEW for ok in enough))


def _provinces_behind(query: Query, every: Sight, how: Limits) -> Counter[tuple[tuple[str | None, ...], int]]:
    """Return per group and value how many provinces give it something."""
    org = next(d for d in every.subject.dimensions.values() if d.kind == "org")
    place = sum(every.subject.field(name).dimension is org for name in query.rows)
    rows = (*query.rows[:place], f"{org.name}.province", *query.rows[place:])
    apart = replace(query, rows=rows)
    found: Counter[tuple[tuple[str | None, ...], int]] = Counter()
    for row in answer_of(plan_of(apart, every), every, how).rows:
        if row.keys[place] not in (None, UNKNOWN_KEY):
            keys = (*row.keys[:place], *row.keys[place + 1 :])
            found.update((keys, i) for i, value in enumerate(row.values) if value)
    return found


def _must_be_allowed(query: Query, subject: Subject, measures: list[Measure]) -> None:
    for measure in measures:
        if not measure.peers:
            raise _refused(f"«{measure.label}» chưa được khai báo để so sánh", subject)
    for name in (*query.rows, *query.columns, *(one.field for one in query.filters)):
        field = subject.field(name)
        if not _is_coarse(field):
            raise _refused(f"không so sánh được theo «{field.label}» ({name})", subject)


def _is_coarse(field: Field) -> bool:
    kind = field.dimension.kind
    return kind == "period" or (kind == "org" and field.level.name in _LEVELS) or field.dimension.peers


def _refused(why: str, subject: Subject) -> Denied:
    return Denied(
        f"Phạm vi của ông/bà không phải toàn quốc: {why} với cả nước, vùng hay đơn vị cùng cấp."
        " Hãy bỏ phép tính so sánh, hoặc đưa chiều, bộ lọc đó ra khỏi câu hỏi.",
        subject=subject.name,
    )
