"""Control totals of a source beside those of the release in use: per table, month and office, every difference classed.

At the source one statement per table counts and adds up; here the parts of the release do. Of each cell

    source = published + held + late + changed since + unexplained

and what is unexplained is a fault until somebody found its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dwh.datapath.pipeline.base import base_in
from dwh.datapath.pipeline.plan import LandedTable, Plan, load_plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.connectors.base import Connector, ControlTotal, Grouping, Position
from dwh.datapath.sources.contract import Column, TableContract, load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.registry import open_source
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.parts import PartStore
from dwh.kernel.errors import NotFound
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.progress import Progress, Silent

ROWS = "rows"  # the measure that counts; the others are the table's control columns, in đồng
UNIT = "ma_cq_bhxh"  # the office that owns a row, in every table of every source
_Key = tuple[str, str, str]  # period, office, measure; '' where the source left them empty


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure of one month and office of a table. Units: rows, or đồng of a control column.

    `published` is in staging and so in the figures; `held` waits in quarantine or was rejected by a decision; `late`
    waits for the unlocking of its month; `newer` is what changed at the source since it was read: by it a cell may
    differ, and no more is known.
    """

    period: str
    unit: str
    measure: str
    source: Decimal = Decimal(0)
    published: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    late: Decimal = Decimal(0)
    newer: bool = False
    org_code: str = ""  # the unit of that office code, when it is known

    @property
    def difference(self) -> Decimal:
        """Return what the source has and the figures lack; negative when the figures have more."""
        return self.source - self.published

    @property
    def changed(self) -> Decimal:
        return self._rest if self.newer else Decimal(0)

    @property
    def unexplained(self) -> Decimal:
        return Decimal(0) if self.newer else self._rest

    @property
    def _rest(self) -> Decimal:
        return self.source - self.published - self.held - self.late


@dataclass(frozen=True, slots=True)
class TableTotals:
    """The reconciliation of one table. Grain of `cells`: period, office, measure."""

    source: str
    table: str
    label: str
    release_id: str
    at: datetime
    cells: tuple[Cell, ...]

    @property
    def unexplained(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if cell.unexplained)

    def total(self, measure: str = ROWS) -> Cell:
        """Return the sum of all cells of a measure."""
        mine = [cell for cell in self.cells if cell.measure == measure]
        return Cell(
            "", "", measure,
            source=sum((c.source for c in mine), Decimal(0)), published=sum((c.published for c in mine), Decimal(0)),
            held=sum((c.held for c in mine), Decimal(0)), late=sum((c.late for c in mine), Decimal(0)),
            newer=any(c.newer for c in mine),
        )  # fmt: skip


@cites(QC_DWH.art("10.5"), QC_DWH.art("8.2"))
def reconcile(
    source: str,
    *,
    settings: DataPathSettings,
    now: datetime,
    progress: Progress | None = None,
) -> list[TableTotals]:
    """Return the reconciliation of every table of a source with the release in use. Writes nothing.

    Raises:
        NotFound: nothing was published yet.
        SourceDown: the source does not answer. Cancelled: somebody stopped the run.

    Source: QC-DWH Điều 10.5 (the IT Centre answers for the data against the sources), Điều 8.2, 11.4.
    """
    contract, watcher, plan = load_contract(source), progress or Silent(), load_plan()
    manifest = base_in(settings).manifest
    if manifest is None:
        raise NotFound("Chưa có bản số liệu nào được công bố. Hãy chạy `dwh run` rồi đối soát.")
    connector = open_source(source, settings)
    engine = connect(None, memory_limit=settings.memory_limit, threads=settings.threads)
    try:
        watcher.step(f"Đối soát: {contract.label}", total=len(contract.tables), unit="bảng")
        done = []
        for number, table in enumerate(contract.tables, start=1):
            watcher.check()
            here = _Release(engine, PartStore(settings.parts), manifest, plan)
            cells = _cells(connector, here, table, _reached(settings, source, table, manifest))
            done.append(TableTotals(source, table.name, table.label, manifest.id, now, tuple(cells)))
            watcher.advance(number, rows=sum(len(one.cells) for one in done))
        return done
    finally:
        engine.close()
        connector.close()


def _reached(
    settings: DataPathSettings, source: str, table: TableContract, manifest: Manifest
) -> Position | None:
    """Return how far the source had been read when the release was made."""
    used = set(manifest.inputs.get(f"{source}.{table.name}", ()))
    ends = [b.cursor_to for b in batches(settings, source, table.name) if b.batch_id in used and b.cursor_to]
    return max(ends, default=None)


def _cells(
    connector: Connector, here: _Release, table: TableContract, reached: Position | None
) -> Iterator[Cell]:
    by = Grouping(period=table.month_column, unit=UNIT)
    there = _measures(table, connector.totals(table, by))
    newer = {key[:2] for key in _measures(table, connector.totals(table, by, after=reached))}
    ours, units = here.measures(table), here.units
    for key in sorted(there.keys() | ours.keys()):
        landed, held, late = ours.get(key, (Decimal(0),) * 3)
        published, org = landed - held - late, units.get(key[1], "")
        yield Cell(*key, there.get(key, Decimal(0)), published, held, late, key[:2] in newer, org)


def _measures(table: TableContract, totals: Iterable[ControlTotal]) -> dict[_Key, Decimal]:
    found: dict[_Key, Decimal] = {}
    for total in totals:
        place = (total.period or "", total.unit or "")
        found[(*place, ROWS)] = Decimal(total.rows)
        found |= {(*place, name): Decimal(total.sums[name]) for name in table.money}
    return found


@dataclass(frozen=True, slots=True)
class _Release:
    """The parts of one release, counted and added up as the source counts its own rows."""

    engine: Engine
    store: PartStore
    manifest: Manifest
    plan: Plan

    @property
    def units(self) -> dict[str, str]:
        """Return office code → unit, as the release knows its organisation."""
        table = "staging.stg_org_unit"
        if not self.manifest.parts.get(table):
            return {}
        sql = f"SELECT office_code, org_code FROM {self._parts(table)} WHERE office_code IS NOT NULL"
        return dict(self.engine.rows(sql))

    def measures(self, table: TableContract) -> dict[_Key, tuple[Decimal, Decimal, Decimal]]:
        """Return (period, office, measure) → landed, of it held, of it late."""
        landed = self.plan.landed[f"landed.{table.name}"]
        if not self.manifest.parts.get(landed.name):
            return {}
        found: dict[_Key, tuple[Decimal, Decimal, Decimal]] = {}
        for period, unit, *values in self.engine.rows(self._sql(landed)):
            numbers = [Decimal(value) for value in values]
            for at, measure in enumerate((ROWS, *table.money)):
                whole, held, late = numbers[3 * at : 3 * at + 3]
                found[(period or "", unit or "", measure)] = (whole, held, late)
        return found

    def _sql(self, landed: LandedTable) -> str:
        """Return one row per period and office: rows and each control column, whole, held and late."""
        table = landed.contract
        period = _period(table) if table.month_column else "CAST(NULL AS VARCHAR)"
        measures = ["1", *(f"COALESCE(l.{name}, 0)" for name in table.money)]
        sums = [
            f"COALESCE(SUM({measure}){condition}, 0)"
            for measure in measures
            for condition in ("", f" FILTER ({_HELD})", f" FILTER ({_LATE})")
        ]
        return (
            f"SELECT {period}, l.{UNIT}, {', '.join(sums)} FROM {self._parts(landed.name)} AS l "
            f"LEFT JOIN ({self._failed(table.name)}) AS h ON h.source_id = l.id "
            f"LEFT JOIN ({self._late(landed)}) AS w ON w.source_id = l.id GROUP BY 1, 2"
        )

    def _ids(self, table: str) -> str:
        if not self.manifest.parts.get(table):
            return "SELECT CAST(NULL AS BIGINT) AS source_id WHERE FALSE"
        return f"SELECT source_id FROM {self._parts(table)}"

    def _failed(self, table: str) -> str:
        """Return the ids of rows that wait for a decision, or were rejected by one."""
        return f"{self._ids(f'quarantine.{table}')} UNION ALL {self._ids(f'rejected.{table}')}"

    def _late(self, landed: LandedTable) -> str:
        """Return the ids of rows that landed for a locked month and wait for its unlocking."""
        staging = next(m.table for m in self.plan.models if m.follows == landed.name and m.layer == "staging")
        stale = [month for month, entry in self.manifest.ledger.get(staging, {}).items() if entry.stale]
        parts = [part for month, part in self.manifest.parts[landed.name].items() if month in stale]
        if not parts:
            return "SELECT CAST(NULL AS BIGINT) AS source_id WHERE FALSE"
        return (
            f"SELECT id AS source_id FROM {self.store.relation(parts)} WHERE id NOT IN ({self._ids(staging)}) "
            f"AND id NOT IN ({self._failed(landed.contract.name)})"
        )

    def _parts(self, table: str) -> str:
        return self.store.relation(self.manifest.parts[table].values())


_HELD, _LATE = "WHERE h.source_id IS NOT NULL", "WHERE w.source_id IS NOT NULL"


def _period(table: TableContract) -> str:
    """Return the month of a landed row as the source writes it: 'YYYYMM'."""
    columns: Mapping[str, Column] = {column.name: column for column in table.columns}
    column = columns[table.month_column or ""]
    return f"LEFT(l.{column.name}, 6)" if column.type == "text" else f"strftime(l.{column.name}, '%Y%m')"
