"""The claim system (GIAMDINH): facilities, claims (XML1), drug lines (XML2), service lines (XML3)."""

from __future__ import annotations

from demo.sources.planting import Notebook
from demo.sources.world import World
from demo.sources.writer import Database


def write_claims_system(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the four tables of the claim system."""
    for table in ("gd_cskcb", "gd_ho_so", "gd_thuoc", "gd_dvkt"):
        db.table(table)
