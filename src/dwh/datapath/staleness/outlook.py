"""The whole answer for the release in use: its stale tables and the figures that stand on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dwh.datapath.pipeline.inputs import arrived
from dwh.datapath.pipeline.plan import Plan, load_plan
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.words import Catalog
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.staleness.figures import StaleFigure, stale_figures
from dwh.datapath.staleness.tables import StaleTable, stale_tables
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.release import Release, current_release
from dwh.kernel.law import QC_DWH, cites


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a build standing on `release` would make again. `knows_formulas`: the release keeps those of its figures."""

    release: str
    tables: tuple[StaleTable, ...]
    figures: tuple[StaleFigure, ...]
    knows_formulas: bool


@cites(QC_DWH.art("12.5"))
def outlook(
    settings: DataPathSettings,
    *,
    plan: Plan | None = None,
    catalog: Catalog | None = None,
    batches: bool = False,
    locked: frozenset[str] = frozenset(),
) -> Outlook:
    """Return what the next build would make again; of landed `batches` only those who may read them can ask.

    Raises: NotFound when nothing was ever published; DamagedFile when the release in use cannot be read.
    """
    plan = plan or load_plan()
    base = _manifest(current_release(settings))
    found = arrived(settings, plan, base) if batches else {}
    landed = [name for name, table in found.items() if table.new]
    tables = stale_tables(plan, base, landed=landed, locked=locked)
    figures = stale_figures(catalog or load_catalog(), base.figures, tables)
    return Outlook(base.id, tables, figures, bool(base.figures))


@lru_cache(maxsize=4)
def _manifest(release: Release) -> Manifest:
    """Return the manifest as values; it never changes, and pages ask every few seconds."""
    return Manifest.from_json(release.manifest)
