"""Tables of the star that the hand-made release does not fill: empty, as their models declare them."""

from __future__ import annotations

from dwh.datapath.pipeline.plan import load_plan
from dwh.datapath.warehouse.model import ddl


def further_tables(written: str) -> list[str]:
    """Return a CREATE TABLE for every core model that the DDL written by hand does not name."""
    return [
        ddl(model.table, model.columns)
        for model in load_plan().models
        if model.layer == "core" and f"TABLE {model.table} (" not in written
    ]
