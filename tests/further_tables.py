"""Tables of the star that the hand-made release does not fill: empty, as their models declare them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.warehouse.model import ddl


def further_tables(written: str) -> list[str]:
    """Return a CREATE TABLE for every core model that the DDL written by hand does not name."""
    return [
        ddl(model.table, model.columns)
        for model in load_plan().models
        if model.layer == "core" and f"TABLE {model.table} (" not in written
    ]


CURRENT = 12  # the place of cur_org_code in a row
KINDS = {
    "central": ("Đơn vị trực thuộc ở trung ương", "advisory", "Đơn vị chuyên môn giúp việc"),
    "province": ("BHXH tỉnh, thành phố", "province", "BHXH tỉnh, thành phố"),
    "office": ("BHXH cơ sở", "office", "BHXH cấp huyện, BHXH cơ sở"),
    "department": ("Phòng, bộ phận", "department", "Phòng, bộ phận"),
}


def with_kinds(units: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows of dim_org with kind, class, whether they are an IT unit, and those who stand for them today."""
    known = {unit[0]: unit for unit in units}
    return [
        (
            *unit, unit[2], *KINDS[unit[2]], None, "Công nghệ" in unit[1] or "CNTT" in unit[1], now[1],
            now[0], now[1], now[3], now[4], *KINDS[now[2]][1:],
        )
        for unit in units
        for now in [known[unit[CURRENT]]]
    ]  # fmt: skip


def on_every_tree(units: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of dim_org_at: the tree until the reform, and the one since."""
    known = {unit[0]: unit for unit in units}
    reform = max(unit[10] for unit in units)
    for unit in units:
        came_from = [one for one in units if one[CURRENT] == unit[0] and one[10] < reform]
        before = [unit] if unit[10] < reform else came_from or [unit]
        for since, until, stand in (
            (date.min, reform, before),
            (reform, date(9999, 12, 31), [known[unit[CURRENT]]]),
        ):
            yield (unit[0], since, until, *_joint(stand))


def _joint(stand: list[tuple[Any, ...]]) -> list[Any]:
    """Return code and name of unit, office, province, region and class, joined where several stand for one."""
    several = len(stand) > 1
    found: list[Any] = []
    for code_of, name_of in (
        (lambda u: u[0], lambda u: u[1]),
        (lambda u: u[8] or (u[0] if several else None), lambda u: u[9] or (u[1] if several else None)),
        (lambda u: u[5], lambda u: u[7]),
        (lambda u: u[3], lambda u: u[4]),
        (lambda u: KINDS[u[2]][1], lambda u: KINDS[u[2]][2]),
    ):
        members = sorted({(code_of(unit), name_of(unit)) for unit in stand if code_of(unit)})
        found += ["+".join(code for code, _ in members) or None, " + ".join(n for _, n in members) or None]
    return found
