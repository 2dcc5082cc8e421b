"""The cells of a reconciliation as a file: reconciliation/<source>/<moment>-<table>.parquet, whole or absent.

What was compared is evidence: the signature stands on the sha256 of this file.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dwh.datapath.reconciliation.totals import Cell, TableTotals
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.parts import sha256_of, sync
from dwh.kernel.errors import DamagedFile

_AMOUNT = pa.decimal128(38, 2)
_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("period", "unit", "measure")]
    + [(name, _AMOUNT) for name in ("source", "published", "held", "late")]
    + [("newer", pa.bool_()), ("org_code", pa.string())]
)


@dataclass(frozen=True, slots=True)
class CellFile:
    """Where the cells of one table lie, relative to the home folder, and the sha256 of the file."""

    name: str
    sha256: str


def write_cells(totals: TableTotals, settings: DataPathSettings) -> CellFile:
    """Store the cells of a table and return where."""
    folder = settings.home / "reconciliation" / totals.source
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{totals.at:%Y%m%dT%H%M%S%f}-{totals.table}.parquet"
    aside = path.with_suffix(".tmp")
    columns = [[_stored(getattr(cell, field.name)) for cell in totals.cells] for field in _SCHEMA]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, _SCHEMA, strict=True)]
    pq.write_table(pa.table(arrays, schema=_SCHEMA), aside, compression="zstd")
    sync(aside)
    os.rename(aside, path)
    sync(folder)
    return CellFile(str(path.relative_to(settings.home)), sha256_of(path))


def read_cells(
    file: CellFile, settings: DataPathSettings, org_codes: Collection[str] | None = None
) -> list[Cell]:
    """Return the cells of a stored reconciliation, of these units only if given; an empty collection sees nothing.

    Raises:
        DamagedFile: the file is gone or is not what was written.
    """
    path: Path = settings.home / file.name
    if not path.is_file() or sha256_of(path) != file.sha256:
        raise DamagedFile(
            f"Tệp đối soát «{file.name}» bị hỏng hoặc bị mất. Khôi phục từ bản sao lưu, hoặc đối soát lại.",
            file=file.name,
        )
    wanted = (
        None if org_codes is None else pc.field("org_code").isin(pa.array(sorted(org_codes), pa.string()))
    )
    return [Cell(**row) for row in pq.read_table(path, filters=wanted).to_pylist()]


def by_measure(cells: Sequence[Cell]) -> dict[str, dict[str, str]]:
    """Return measure → source, published, held, late, changed, unexplained, added up as exact text."""
    found: dict[str, dict[str, Decimal]] = {}
    for cell in cells:
        sums = found.setdefault(cell.measure, dict.fromkeys(_SIDES, Decimal(0)))
        for side in _SIDES:
            sums[side] += getattr(cell, side)
    return {measure: {side: str(value) for side, value in sums.items()} for measure, sums in found.items()}


_SIDES = ("source", "published", "held", "late", "changed", "unexplained")


def _stored(value: object) -> object:
    return value.quantize(Decimal("0.01")) if isinstance(value, Decimal) else value
