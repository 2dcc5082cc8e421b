"""Exports for the tests: made by the demonstration's generator, read, previewed and loaded in a landing area."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from demo.sources.monitoring_exports import ExportTable, export, write_xlsx
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.limits import USUAL
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.manual.planned_load import Approval, PlannedReport, load_planned, preview_file
from dwh.datapath.sources.manual.preview import Preview
from dwh.datapath.sources.manual.reading import Export, read_export

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
PLAN = "1234/KH-BHXH"


def table(report: str = "b02", month: str = "2025-05", **options: Any) -> ExportTable:
    return export(report, month, **{"style": 2024 if month < "2025" else 2025} | options)


def read(path: Path, **options: Any) -> Export:
    return read_export(path, limits=USUAL, today=TODAY, **options)


def preview(path: Path, area: DataPathSettings) -> Preview:
    return preview_file(path, settings=area, today=TODAY)


def load(path: Path, area: DataPathSettings, digest: str = "") -> PlannedReport:
    """Preview, approve and load a file."""
    approval = Approval(digest or preview(path, area).digest, PLAN, "lan@bhxh.vn", "hoa@bhxh.vn")
    return load_planned(path, approval, name=path.name, settings=area, now=NOW)


def load_table(
    folder: Path, area: DataPathSettings, made: ExportTable, name: str = "a.xlsx"
) -> PlannedReport:
    return load(write_xlsx(folder / name, made), area)


def live(area: DataPathSettings, name: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return (period, unit) → the row that counts, worked out batch by batch."""
    found: dict[int, dict[str, Any]] = {}
    for batch in batches(area, "manual", name):
        for row in pq.read_table(batch.path).to_pylist():
            if batch.kind == "deletes":
                found.pop(row["id"], None)
            else:
                found[row["id"]] = row
    return {(row["ky_tu"], row["ma_don_vi"]): row for row in found.values()}


def approved(path: Path, area: DataPathSettings, **options: Any) -> Approval:
    """Return the approval of whatever the file would do now."""
    digest = preview_file(path, settings=area, today=TODAY, **options).digest
    return Approval(digest, PLAN, "lan@bhxh.vn", "hoa@bhxh.vn")


def live_rows(area: DataPathSettings) -> list[dict[str, Any]]:
    """Return the rows of every report that count."""
    tables = sorted(path.name for path in (area.landing / "manual").glob("gs_*"))
    return [row for name in tables for row in live(area, name).values()]
