"""What a build costs that has little to do: one new month on all the others, and nothing at all, beside a full one.

The demonstration's eight sources at BENCH_INCREMENTS_SCALE (1/1000 of the nation). One home reads them whole and
builds. The other first reads them without the rows of their last month, builds and publishes; then that month
arrives and it builds again; then nothing arrives and it builds once more. Every step runs in a process of its own;
CPU is that of the process, all its threads together. Both homes must hold the same rows at the end.

Source: goals one new month on 24 ≤ 8 % of a full build's CPU, nothing changed ≤ 2 s with the start of the program.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from demo.ledger import SOURCE_OF
from demo.sources.schema import FILES
from dwh.datapath.pipeline.build import build
from dwh.datapath.pipeline.publish import publish
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import TableContract, load_contract
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.warehouse.folders import current_id
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.release import MANIFEST

NOW, TODAY = datetime(2026, 11, 23, tzinfo=UTC), date(2026, 11, 23)
ROUNDS = 3


def run(scale: float = 0.001, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return CPU and wall seconds of a full build, one of a new month and one of nothing, and their ratios."""
    from demo.sources.make import make_sources  # noqa: PLC0415 -- a build that is measured does not load it

    with tempfile.TemporaryDirectory(prefix="dwh-bench-") as name:
        folder = Path(name)
        make_sources(folder, scale=scale)
        month = _without_last_month(folder)
        took: dict[str, list[dict[str, float]]] = {"full": [], "month": [], "nothing": []}
        for _ in range(rounds):
            for step, measured in _once(folder).items():
                took[step].append(measured)
    result = {
        step: {name: round(statistics.median(one[name] for one in measured), 2) for name in measured[0]}
        for step, measured in took.items()
    }
    share = result["month"]["cpu_s"] / result["full"]["cpu_s"]
    print(
        f"Tổng hợp đủ: {result['full']['cpu_s']:.1f} giây CPU; thêm tháng {month}: {result['month']['cpu_s']:.1f}"
        f" ({share:.1%}, mục tiêu 8 %); không có gì mới: {result['nothing']['seconds']:.2f} giây (mục tiêu 2)"
    )
    return {"scale": scale, "month": month, "rounds": rounds, **result, "share": round(share, 4)}


def _once(folder: Path) -> dict[str, dict[str, float]]:
    homes = [folder / name for name in ("whole", "grown")]
    for home in homes:
        shutil.rmtree(home, ignore_errors=True)
    whole, grown = homes
    _step("sync", whole, folder / "sources")
    full = _step("build", whole, folder / "sources")
    for sources in ("earlier", "sources"):
        _step("sync", grown, folder / sources)
        month = _step("build", grown, folder / sources)
    nothing = _step("build", grown, folder / "sources")
    if _rows(whole) != _rows(grown):
        raise RuntimeError("a build that grew must hold the rows of a full one")
    return {"full": full, "month": month, "nothing": nothing}


def _without_last_month(folder: Path) -> str:
    """Copy the sources and take the rows of the last month away; return that month as YYYYMM."""
    earlier = folder / "earlier"
    shutil.copytree(folder / "sources", earlier)
    with closing(sqlite3.connect(earlier / FILES["TST"])) as db:
        [(month,)] = db.execute("SELECT MAX(ky) FROM tst_dong_ca_nhan")
    for system, file in FILES.items():
        with closing(sqlite3.connect(earlier / file)) as db:
            for table in load_contract(SOURCE_OF[system]).tables:
                if table.month_column:
                    db.execute(f"DELETE FROM {table.name} WHERE {_month(table)} >= ?", (month,))
            db.commit()
    return str(month)


def _month(table: TableContract) -> str:
    column = next(column for column in table.columns if column.name == table.month_column)
    name = column.name
    return (
        f"substr({name}, 1, 6)" if column.type == "text" else f"substr({name}, 1, 4) || substr({name}, 6, 2)"
    )


def settings_of(home: Path, sources: Path) -> DataPathSettings:
    urls = {SOURCE_OF[system]: f"sqlite:///{sources / file}" for system, file in FILES.items()}
    return DataPathSettings(home=home, sources=urls, threads=os.cpu_count() or 1)


def _rows(home: Path) -> dict[str, int]:
    settings = settings_of(home, home)
    manifest = Manifest.read(settings.releases / (current_id(settings) or "") / MANIFEST)
    return {table: sum(part.rows for part in parts.values()) for table, parts in manifest.parts.items()}


def _step(name: str, home: Path, sources: Path) -> dict[str, float]:
    """Run one step in a process of its own; its seconds count from the start of the program."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "bench.increments", name, str(home), str(sources)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    cpu_s: float = json.loads(answer.stdout.splitlines()[-1])
    return {"seconds": time.perf_counter() - start, "cpu_s": cpu_s}


def _take(step: str, settings: DataPathSettings) -> None:
    if step == "sync":
        for source in settings.sources:
            sync_source(source, settings=settings, now=NOW)
        return
    report = build(settings=settings, today=TODAY)
    if report.release_id:
        publish(report, settings=settings)


if __name__ == "__main__":
    _take(sys.argv[1], settings_of(Path(sys.argv[2]), Path(sys.argv[3])))
    print(json.dumps(time.process_time()))
