"""Fills the units from the same rows the warehouse has, and answers what they are called today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import models, transaction
from django.db.models import Q

from dwh.kernel.actor import Actor
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QC_DWH, QD_3582, cites
from dwh.kernel.org.models import OrgName, OrgSuccession, OrgUnit
from dwh.kernel.org.scope import NATION, OrgScope, Tier

FOREVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as plain values; `valid_until` None means still."""

    code: str
    name: str
    tier: str
    valid_from: date
    valid_until: date | None
    current_code: str
    is_it_unit: bool = False
    office_code: str = ""

    @property
    def parent_code(self) -> str:
        return self.code.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Name:
    """What a unit was called from a day on; `valid_until` None means still."""

    code: str
    name: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Succession:
    """One unit that took over from another; `weight` is its share of it, None when nobody knows."""

    from_code: str
    to_code: str
    happened_on: date
    weight: Decimal | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """What the units were called in time, and who took over from whom."""

    names: tuple[Name, ...] = ()
    successions: tuple[Succession, ...] = ()


@cites(QC_DWH.art("4.6"))
@transaction.atomic
def load_units(units: Iterable[Unit], *, by: Actor, source: str, history: History | None = None) -> int:
    """Make the units exactly these; return how many were added, changed or taken away.

    `source` names what they came from, such as a release. Without a `history` the one there is stays.

    Raises:
        Invalid: no unit at all, which is a broken source and not a dissolved sector.

    Source: QC-DWH Điều 4.6 (units come from the personnel system).
    """
    wanted = {unit.code: {**asdict(unit), "parent_code": unit.parent_code} for unit in units}
    if NATION not in wanted:
        raise Invalid(
            "Danh mục đơn vị trống hoặc thiếu BHXH Việt Nam. Kiểm tra nguồn Quản lý nhân sự.", source=source
        )
    present = {row["code"]: row for row in OrgUnit.objects.values()}
    changed = [code for code, row in wanted.items() if present.get(code) != row]
    gone = sorted(present.keys() - wanted.keys())
    if changed or gone:
        OrgUnit.objects.filter(code__in=gone).delete()
        OrgUnit.objects.bulk_create(
            [OrgUnit(**wanted[code]) for code in changed], update_conflicts=True, unique_fields=["code"],
            update_fields=["name", "tier", "parent_code", "valid_from", "valid_until", "current_code", "is_it_unit",
                           "office_code"],
        )  # fmt: skip
        record("units.loaded", by=by, about=source, changed=len(changed), gone=gone)
    if history is not None:
        _make_exactly(OrgName, history.names)
        _make_exactly(OrgSuccession, history.successions)
    return len(changed) + len(gone)


def _make_exactly(model: type[models.Model], wanted: Iterable[Name] | Iterable[Succession]) -> None:
    """Write the rows anew when they differ: they come whole with every release."""
    rows = {tuple(asdict(one).values()) for one in wanted}
    names = [field.name for field in model._meta.concrete_fields if field.name != "id"]
    if rows != set(model._default_manager.values_list(*names)):
        fresh = [dict(zip(names, row, strict=True)) for row in sorted(rows, key=repr)]
        model._default_manager.all().delete()
        model._default_manager.bulk_create([model(**one) for one in fresh])


@cites(QC_DWH.art("4.6"))
def name_on(code: str, day: date) -> str:
    """Return what the unit was called on `day`; the name it bears now when that is not known.

    Source: organisation.md 4.7 (names on a document are those of its date).
    """
    known = OrgName.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=day), code=code, valid_from__lte=day
    )
    return known.values_list("name", flat=True).first() or name_of(code)


def name_of(code: str) -> str:
    """Return what people call the unit; its code when it is unknown."""
    return OrgUnit.objects.filter(pk=code).values_list("name", flat=True).first() or code


def names_of(scope: OrgScope) -> list[str]:
    """Return the names of a scope's roots, in the order of their codes."""
    known = dict(OrgUnit.objects.filter(pk__in=scope.codes).values_list("code", "name"))
    return [known.get(code, code) for code in sorted(scope.codes)]


def current_codes(codes: Iterable[str]) -> dict[str, str]:
    """Return for each code the unit that took over its work; an unknown one stands for itself.

    Source: docs/adr/0007 (a right given today covers the history of what was merged into the unit).
    """
    wanted = set(codes)
    known = dict(OrgUnit.objects.filter(pk__in=wanted).values_list("code", "current_code"))
    return {code: known.get(code, code) for code in wanted}


def codes_under(scope: OrgScope) -> frozenset[str]:
    """Return every unit, past ones included, whose work is done inside `scope` now."""
    known = OrgUnit.objects.values_list("code", "current_code")
    return frozenset(code for code, current in known if scope.covers(current))


@cites(QD_3582.art("I.2"))
def it_unit_of(code: str, *, on: date) -> OrgUnit | None:
    """Return the IT unit that looks after a unit on a day: its province's, for a central unit the sector's.

    None when the personnel system names none for that province and day.

    Source: QĐ-3582 I.2 (Trung tâm CNTT; Phòng Thống kê - Tin học or Phòng CNTT of a province).
    """
    units = OrgUnit.objects.existing_on(on).it_units()
    province = ".".join(code.split(".")[:2])
    if OrgUnit.objects.filter(pk=province, tier=Tier.CENTRAL).exists():
        return units.filter(tier=Tier.CENTRAL).first()
    return units.subtree(province).first()


def units_in(scope: OrgScope, today: date) -> list[OrgUnit]:
    """Return the units existing today inside `scope`, in the order of their codes."""
    units = OrgUnit.objects.existing_on(today)
    return [unit for unit in units if scope.covers(unit.code)]
