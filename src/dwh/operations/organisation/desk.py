"""What the pages of the organisation show: the tree of a day, one unit in time, what an event would change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.urls import reverse

from dwh.datapath.semantic.query import Query
from dwh.datapath.sources.org_events import EventLine
from dwh.governance import gate
from dwh.governance.access.models import AccessGrant, Account
from dwh.governance.access.rules import GROUP_LABELS, Group
from dwh.governance.access.services import permissions_of, scope_for
from dwh.kernel import vi
from dwh.kernel.errors import NotFound
from dwh.kernel.org.models import OrgName, OrgSuccession, OrgUnit
from dwh.kernel.org.scope import Tier
from dwh.kernel.org.services import current_codes
from dwh.operations.organisation import rules
from dwh.operations.organisation.models import OrgEvent
from dwh.operations.organisation.services import lines_in

PAGE = 100
LEVELS = {Tier.PROVINCE: "org.province", Tier.OFFICE: "org.office"}
FIGURES = (
    ("contributions", "collected_vnd", "Số đã thu 12 tháng"),
    ("claims", "total_vnd", "Chi phí KCB 12 tháng"),
)
MONTHS = 12
PEOPLE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of the tree on a day, by the name it bore then."""

    unit: OrgUnit
    name: str
    tier: str
    depth: int


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands under one name before and after. Units: đồng."""

    name: str
    before: tuple[Decimal | None, ...]
    after: tuple[Decimal | None, ...]

    @property
    def pairs(self) -> list[tuple[str, Decimal | None, Decimal | None]]:
        """Return what each figure is called, before and after."""
        titles = [title for _, _, title in FIGURES]
        return list(zip(titles, self.before, self.after, strict=True))


@dataclass(frozen=True, slots=True)
class Affected:
    """A right over a unit that ends: by QC-DWH Điều 17.6 it is revoked, then given anew."""

    person: str
    email: str
    group: str
    unit: str


def tree(day: date, search: str, tier: str, page: int) -> dict[str, Any]:
    """Return the units standing on a day, in the order of the tree, found without marks."""
    names = dict(
        OrgName.objects.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day).values_list(
            "code", "name"
        )
    )
    wanted = vi.strip_marks(search)
    units = [(unit, names.get(unit.code, unit.name)) for unit in OrgUnit.objects.existing_on(day)]
    found = [
        Line(unit, name, rules.TIER_LABELS[Tier(unit.tier)], unit.code.count("."))
        for unit, name in units
        if (not tier or unit.tier == tier)
        and (wanted in vi.strip_marks(name) or wanted in unit.code.casefold())
    ]
    pages = max(1, -(-len(found) // PAGE))
    at = min(max(1, page), pages)
    counts = {str(t): sum(1 for unit, _ in units if unit.tier == t) for t in Tier}
    return {
        "lines": found[(at - 1) * PAGE : at * PAGE], "found": len(found), "page": at, "pages": pages,
        "counts": [(tier, rules.TIER_LABELS[Tier(tier)], number) for tier, number in counts.items()],
        "total": len(units), "is_known": OrgUnit.objects.exists(),
    }  # fmt: skip


def turning_days() -> list[date]:
    """Return the days on which units began or ended, latest first: the days worth looking at."""
    begun = OrgUnit.objects.values_list("valid_from", flat=True)
    ended = OrgUnit.objects.exclude(valid_until=None).values_list("valid_until", flat=True)
    return sorted({day for day in (*begun, *ended) if day}, reverse=True)


def unit_page(code: str) -> dict[str, Any]:
    """Return one unit: its names in time, whom it came from, who took it over, what lies under it.

    Raises: NotFound when no unit ever had the code.
    """
    unit = OrgUnit.objects.filter(pk=code).first()
    if unit is None:
        raise NotFound("Không có đơn vị này. Tìm đơn vị ở trang Tổ chức.", org=code)
    before, after = OrgSuccession.objects.filter(to_code=code), OrgSuccession.objects.filter(from_code=code)
    known = _named(
        {s.from_code for s in before} | {s.to_code for s in after} | {unit.current_code, unit.parent_code}
    )
    return {
        "unit": unit, "tier": rules.TIER_LABELS[Tier(unit.tier)], "names": OrgName.objects.filter(code=code),
        "parent": known.get(unit.parent_code, ""),
        "moves": [
            *((s, s.from_code, known.get(s.from_code, s.from_code), "đơn vị trước", _part(s)) for s in before),
            *((s, s.to_code, known.get(s.to_code, s.to_code), "kế tục", _part(s)) for s in after),
        ],
        "current": known.get(unit.current_code, unit.current_code),
        "children": OrgUnit.objects.filter(parent_code=code).order_by("code"),
    }  # fmt: skip


def events(today: date) -> list[tuple[OrgEvent, str, str]]:
    """Return every event, newest first, with its state and its units in words."""
    return [
        (e, rules.state_in_words(e.state, e.effective_on, today), _in_words(lines_in(e)))
        for e in OrgEvent.objects.all()
    ]


def event_page(pk: int, *, by: Account, today: date) -> dict[str, Any]:
    """Return one event: its lines, what figures it moves; to those who decide on it, whose rights it touches.

    Raises: NotFound when there is no such event.
    """
    event = OrgEvent.objects.filter(pk=pk).first()
    if event is None:
        raise NotFound("Không có thay đổi tổ chức này. Chọn một thay đổi trong danh sách.", event=pk)
    lines = lines_in(event)
    ended = sorted(
        {line.from_code for line in lines if line.kind != "rename" and line.from_code != line.to_code} - {""}
    )
    heads = [line for line in lines if not any(line.from_code.startswith(f"{code}.") for code in ended)]
    named = _named({line.to_code for line in lines})
    people = _affected(ended, today) if "organisation:set" in permissions_of(by, today) else []
    return {
        "event": event, "state": rules.state_in_words(event.state, event.effective_on, today),
        "lines": [(line, line.to_name or named.get(line.to_code, line.to_code), _share(line)) for line in lines],
        "heads": heads, "ended": len(ended), "made": len({line.to_code for line in lines if line.to_name}),
        "figures": _figures(heads, named, by, today), "titles": [title for _, _, title in FIGURES],
        "people": people[:PEOPLE_SHOWN], "people_count": len(people),
        "may_approve": event.state == rules.State.ENTERED and event.entered_by != by.email,
    }  # fmt: skip


def suggestions(day: date) -> list[tuple[str, str]]:
    """Return code and name of every unit standing on a day, for the lists of a form."""
    return list(OrgUnit.objects.existing_on(day).values_list("code", "name"))


def _share(line: EventLine) -> str:
    """Return which share of the old unit a line hands on, in words."""
    if not (line.from_code and line.to_code):
        return "–"
    return {"1": "toàn bộ", "": "chưa rõ"}.get(line.weight) or vi.percent(Decimal(line.weight) * 100)


def _part(one: OrgSuccession) -> str:
    return "chưa rõ" if one.weight is None else "toàn bộ" if one.weight == 1 else vi.percent(one.weight * 100)


def _in_words(lines: Sequence[EventLine]) -> str:
    """Return «A + B → C», at most three names on a side."""
    if lines and lines[0].kind == "rename":
        return f"{lines[0].from_name} → {lines[0].to_name}"
    ended = {line.from_code for line in lines if line.from_code}
    heads = [one for one in lines if not any(one.from_code.startswith(f"{code}.") for code in ended)]
    known = _named({line.to_code for line in heads})
    old = dict.fromkeys(line.from_name for line in heads if line.from_name)
    new = dict.fromkeys(
        line.to_name or known.get(line.to_code, line.to_code) for line in heads if line.to_code
    )
    return " → ".join(part for part in (_few(old), _few(new)) if part)


def _few(names: Iterable[str]) -> str:
    every = list(names)
    return " + ".join(every[:3]) + (f" và {len(every) - 3} đơn vị khác" if len(every) > 3 else "")


def _named(codes: set[str]) -> dict[str, str]:
    return dict(OrgUnit.objects.filter(pk__in=codes).values_list("code", "name"))


def _figures(heads: Sequence[EventLine], named: dict[str, str], by: Account, today: date) -> list[Figure]:
    """Return what the last twelve months stand under now and after: whole amounts, never shares of them."""
    goes_to: dict[str, list[EventLine]] = defaultdict(list)
    for line in heads:
        if line.from_code and line.kind != "rename":
            goes_to[line.from_code].append(line)
    tiers = {
        tier for code in goes_to for tier in OrgUnit.objects.filter(pk=code).values_list("tier", flat=True)
    }
    level = LEVELS.get(Tier(tiers.pop())) if len(tiers) == 1 else None
    codes = {*goes_to, *(line.to_code for line in heads if line.to_code in named)}
    if level is None or not _may_see(codes, by, today):
        return []
    each = [_asked(subject, measure, level, codes, by, today) for subject, measure, _ in FIGURES]
    before = {code: tuple(values.get(code) for values in each) for code in codes}
    names = {**_named(codes), **{line.to_code: line.to_name for line in heads if line.to_name}}
    after: dict[str, list[Decimal | None]] = {}
    for code, values in before.items():
        key = (
            "+".join(sorted(line.to_code for line in goes_to[code] if line.to_code))
            if code in goes_to
            else code
        )
        held = after.setdefault(key or code, [None] * len(FIGURES))
        after[key or code] = [_plus(a, b) for a, b in zip(held, values, strict=True)]
    keys = sorted({*before, *after})
    nothing = (None,) * len(FIGURES)
    return [
        Figure(
            " + ".join(names.get(code, code) for code in key.split("+")),
            before.get(key, nothing),
            tuple(after.get(key, nothing)),
        )
        for key in keys
    ]


def _may_see(codes: set[str], by: Account, today: date) -> bool:
    """Tell whether the person may ask about all these units, so that no figure is refused."""
    scopes = [scope_for(by, "data:ask", today, subject) for subject, _, _ in FIGURES]
    return all(scope.covers(code) for scope in scopes for code in current_codes(codes).values())


def _plus(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return b if a is None else a if b is None else a + b


def _asked(
    subject: str, measure: str, level: str, codes: set[str], by: Account, today: date
) -> dict[str, Decimal]:
    until = gate.current_release_info().data_until
    query = Query.from_json({
        "subject": subject, "rows": [level], "values": [measure], "org_basis": "as_is", "totals": False,
        "filters": [
            {"field": level, "op": "in", "values": sorted(codes)},
            {"field": "month", "op": "between", "values": [_months_before(until, MONTHS - 1), until]},
        ],
    })  # fmt: skip
    answer = gate.ask(query, by=by, purpose="xem trước thay đổi tổ chức", today=today)
    return {str(row.keys[0]): Decimal(row.values[0] or 0) for row in answer.rows}


def _months_before(month: str, count: int) -> str:
    at = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{at // 12}-{at % 12 + 1:02d}"


def _affected(codes: Sequence[str], today: date) -> list[Affected]:
    ends = {*codes}
    grants = AccessGrant.objects.holding_on(today).select_related("account").order_by("account__full_name")
    names = _named(ends)
    return [
        Affected(
            g.account.full_name,
            g.account.email,
            GROUP_LABELS[Group(g.group)],
            names.get(g.org_code, g.org_code),
        )
        for g in grants
        if g.org_code in ends
    ]


def address_of(event: OrgEvent) -> str:
    """Return the address of the page of an event."""
    return reverse("organisation:event", args=[event.pk])
