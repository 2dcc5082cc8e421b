"""Tables of the star that the hand-made release does not fill: empty, as their models declare them."""

from __future__ import annotations

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


KINDS = {
    "central": ("Đơn vị trực thuộc ở trung ương", "advisory", "Đơn vị chuyên môn giúp việc"),
    "province": ("BHXH tỉnh, thành phố", "province", "BHXH tỉnh, thành phố"),
    "office": ("BHXH cơ sở", "office", "BHXH cấp huyện, BHXH cơ sở"),
    "department": ("Phòng, bộ phận", "department", "Phòng, bộ phận"),
}


def with_kinds(units: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the rows of dim_org with their kind, their class and whether they are an IT unit."""
    return [(*unit, unit[2], *KINDS[unit[2]], "Công nghệ" in unit[1] or "CNTT" in unit[1]) for unit in units]
