"""Counts the rows of the release in use, and follows every pointer of its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from dwh.datapath.checking.findings import SERVED, Area, Finding, Pointer, TableRows
from dwh.datapath.pipeline.audits import audit_sql
from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.run import reading
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, EngineFault, connect
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.model import Model
from dwh.datapath.warehouse.parts import PartStore
from dwh.datapath.warehouse.release import SERVING
from dwh.datapath.warehouse.serving import count_rows
from dwh.kernel.law import QC_DWH, QD_2366, cites
from dwh.kernel.progress import Progress

_REFERS = re.compile(r"refers\((\w+), ([\w.]+)\((\w+)\)\)")
_REBUILD = "Chạy `dwh build --full` để tổng hợp lại từ dữ liệu gốc, rồi kiểm tra lại."


@dataclass(frozen=True, slots=True)
class Counter:
    """The parts of one release, and an engine that reads them."""

    engine: Engine
    store: PartStore
    manifest: Manifest
    plan: Plan

    def column(self, table: str, name: str) -> str:
        """Return the SELECT of one column of a table's rows, typed also when there are none."""
        columns = tuple(column for column in self.plan.columns(table) if column.name == name)
        return reading(self.store, columns, list(self.manifest.parts.get(table, {}).values()))


@contextmanager
def counter(manifest: Manifest, plan: Plan, settings: DataPathSettings) -> Iterator[Counter]:
    """Open an engine over the parts of a release; it may spill, and touches nothing else."""
    engine = connect(
        None, memory_limit=settings.memory_limit, threads=settings.threads, spill=settings.work / "check"
    )
    try:
        yield Counter(engine, PartStore(settings.parts), manifest, plan)
    finally:
        engine.close()


@cites(QD_2366.art("10.1.6"))
def count_tables(here: Counter, settings: DataPathSettings, progress: Progress) -> list[TableRows]:
    """Return the rows of every table: of its parts, and of the serving database, as promised and as counted."""
    parts, served = here.manifest.parts, here.manifest.serving_rows
    progress.step("Đếm dòng từng bảng", total=len(parts) + 1, unit="bảng")
    found = []
    for done, (table, months) in enumerate(sorted(parts.items()), start=1):
        progress.check()
        counted = None
        with suppress(EngineFault):
            sql = f"SELECT count(*) FROM {here.store.relation(months.values())}"
            counted = int(here.engine.value(sql)) if months else 0
        found.append(TableRows(table, sum(part.rows for part in months.values()), counted))
        progress.advance(done)
    read: dict[str, int] = {}
    with suppress(EngineFault):
        read = count_rows(settings.releases / here.manifest.id / SERVING, served, settings=settings)
    found += [TableRows(table + SERVED, rows, read.get(table)) for table, rows in sorted(served.items())]
    progress.advance(len(parts) + 1)
    return found


@cites(QD_2366.art("10.1.6"), QC_DWH.art("10.5"))
def follow_pointers(here: Counter, progress: Progress) -> list[Pointer]:
    """Return every pointer the models declare (`refers` in their audits) with the rows that point to nothing."""
    calls = [(model, call) for model in here.plan.models for call in model.audits if _REFERS.fullmatch(call)]
    progress.step("Tìm dòng trỏ vào danh mục không có", total=len(calls), unit="cột")
    found = []
    for done, (model, call) in enumerate(calls, start=1):
        progress.check()
        found.append(_follow(here, model, call))
        progress.advance(done)
    return found


def _follow(here: Counter, model: Model, call: str) -> Pointer:
    column, target, target_column = _REFERS.fullmatch(call).groups()  # type: ignore[union-attr]  # chosen by it
    relation = here.column(model.table, column)
    orphans = audit_sql(model, call, relation)
    try:
        here.engine.run(f"CREATE SCHEMA IF NOT EXISTS {target.partition('.')[0]}")
        here.engine.run(f"CREATE OR REPLACE VIEW {target} AS {here.column(target, target_column)}")
        values, example = here.engine.rows(
            f"SELECT count(*), min(CAST(orphan AS VARCHAR)) FROM ({orphans}\n)"
        )[0]
        rows = 0
        if values:
            among = f"SELECT count(*) FROM ({relation}) AS m WHERE m.{column} IN (SELECT orphan FROM ({orphans}\n))"
            rows = int(here.engine.value(among))
    except EngineFault:
        return Pointer(model.table, column, target, None)
    return Pointer(model.table, column, target, rows, int(values), example or "")


def findings_of(rows: list[TableRows], pointers: list[Pointer]) -> list[Finding]:
    """Return what is wrong with counts and pointers."""
    found = []
    for table in rows:
        if table.counted is None:
            said = f"Không đếm được dòng: tệp của bảng không đọc được (biên bản ghi {table.promised})."
            found.append(Finding(Area.ROWS, table.table, said, _REBUILD))
        elif not table.agrees:
            said = f"Biên bản ghi {table.promised} dòng, đếm được {table.counted} dòng."
            found.append(Finding(Area.ROWS, table.table, said, _REBUILD))
    for one in pointers:
        if one.orphans is None:
            said = "Không dò được cột này: tệp hỏng, hoặc bản số liệu làm bằng phiên bản trước chưa có cột."
            found.append(Finding(Area.POINTERS, f"{one.table}.{one.column}", said, _REBUILD, grave=False))
        elif one.orphans:
            said = (
                f"{one.orphans} dòng trỏ tới giá trị không có trong {one.target} "
                f"({one.values} giá trị, ví dụ «{one.example}»)."
            )
            found.append(Finding(Area.POINTERS, f"{one.table}.{one.column}", said, _REBUILD))
    return found
