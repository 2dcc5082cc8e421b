"""Standardise + quarantine beside hand-written SQL that makes the same split of the same landed rows.

Ours: the checks of tst_dong_ca_nhan put into the model by the engine, staging parts by month in a total order,
held rows with reasons, messages, raw JSON and amounts, control sums, sha256 and fsync of every part. By hand: two
COPY statements over the same Parquet by somebody who knows the engine as well as we do, with the same checks: one file
of good rows in no order and one of bad rows with their reasons, nothing else.
Each side runs in a process of its own, interleaved, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from dwh.datapath.pipeline.inputs import arrived
from dwh.datapath.pipeline.make import land, make
from dwh.datapath.pipeline.plan import DATAPATH, Plan, make_plan
from dwh.datapath.pipeline.report import BuildReport
from dwh.datapath.pipeline.run import Run
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.contract import arrow_schema, load_contract
from dwh.datapath.sources.landing import Draft, write_batch
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.manifest import Manifest
from dwh.datapath.warehouse.model import read_models
from dwh.datapath.warehouse.parts import PartStore
from dwh.datapath.warehouse.seeds import SEEDS, seeds_in
from dwh.kernel.progress import Silent

ROUNDS, MONTHS, BAD_IN = 3, 24, 100  # one row in BAD_IN is bad, in four ways by turns
FIRMS, OFFICES = 4_000, 600
CHUNK = 200_000
SUBJECT = "staging.stg_contribution"
BEFORE = ("staging.stg_org_unit", "staging.org_unit", "staging.stg_participant", "staging.stg_employer")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def run(sizes: Sequence[int] = (2_000_000,)) -> dict[str, Any]:
    """Return what `_beside` says of each size and, of two or more, how many times the time the last takes of the first.

    Source: goals ≥ 500 000 rows/s, within 1.3 × of the SQL by hand, ≤ 3 GB, 10 × the rows in ≤ 11 × the time.
    """
    found = {f"{rows:_}": _beside(rows) for rows in sizes}
    took = [one["ours"]["seconds"] for one in found.values()]
    if len(took) < 2:
        return found
    grown = {"rows": sizes[-1] / sizes[0], "time": round(took[-1] / took[0], 2)}
    print(f"Gấp {grown['rows']:.0f} lần số dòng: {grown['time']:.1f} lần thời gian")
    return found | {"grown": grown}


def _beside(rows: int, rounds: int = ROUNDS) -> dict[str, Any]:
    """Return medians of both sides: rows per second, their ratio, peak memory in MB, rows staged and held."""
    with tempfile.TemporaryDirectory(prefix="dwh-bench-") as folder:
        _prepare(Path(folder), rows)
        took: dict[str, list[dict[str, float]]] = {"by_hand": [], "ours": []}
        for _ in range(rounds):
            for side in took:
                took[side].append(_in_own_process(side, folder))
    result = {side: _median(measured, rows) for side, measured in took.items()}
    counts = {(side["staged"], side["held"]) for side in result.values()}
    if len(counts) != 1:
        raise RuntimeError(f"both sides must split the rows alike: {result}")
    ratio = result["ours"]["rows_per_s"] / result["by_hand"]["rows_per_s"]
    outcome = {"rows": rows, "rounds": rounds, **result, "ratio": round(ratio, 3), "load": os.getloadavg()}
    print(
        f"Chuẩn hóa {rows:,} dòng: {result['ours']['rows_per_s']:,.0f} dòng/giây, SQL viết tay"
        f" {result['by_hand']['rows_per_s']:,.0f}; tỷ lệ {ratio:.2f}; đỉnh bộ nhớ {result['ours']['peak_mb']:.0f} MB"
    )
    return outcome


def settings_of(folder: Path) -> DataPathSettings:
    return DataPathSettings(home=folder, memory_limit="2GB", threads=2)


def _prepare(folder: Path, rows: int) -> None:
    """Land the register and the lines, and bring everything up to date that comes before the subject."""
    settings, plan = settings_of(folder), _plan()
    units = [{"id": 1, "ma_dv": "00", "ten": "BHXH Việt Nam", "cap": 1, "ma_cq_bhxh": "00000"}] + [
        {"id": i + 2, "ma_dv": f"01.{i:03d}", "ten": f"BHXH {i}", "cap": 3, "ma_cha": "01", "ma_tinh": "01",
         "ma_cq_bhxh": f"01{i:03d}"}
        for i in range(OFFICES)
    ]  # fmt: skip
    people = [
        {"id": i, "ma_so_bhxh": f"{i:010d}", "ho_ten": f"Người Số {i}", "ngay_sinh": "02/03/1980", "gioi_tinh": 1,
         "trang_thai_ma": "1"}
        for i in range(_people(rows))
    ]  # fmt: skip
    firms = [
        {"id": i, "ma_don_vi": f"DV{i}", "ten_don_vi": f"Công ty {i}", "khoi": "NQD"} for i in range(FIRMS)
    ]
    _land(settings, "personnel", "ns_don_vi", [_records("personnel", "ns_don_vi", units)])
    _land(
        settings, "collection", "tst_nguoi_tham_gia", [_records("collection", "tst_nguoi_tham_gia", people)]
    )
    _land(settings, "collection", "tst_don_vi", [_records("collection", "tst_don_vi", firms)])
    _land(settings, "collection", "tst_dong_ca_nhan", _lines(rows))
    settings.work.mkdir()
    running = _open(settings, plan)
    land(running, arrived(settings, plan, None))
    for table in BEFORE:
        make(running, plan.model(table))
    manifest = Manifest("bench", "", None, None, parts={t: dict(p) for t, p in running.parts.items()})
    manifest.write(settings.work / "parts.json")
    running.engine.close()


def _lines(rows: int) -> Iterator[pa.RecordBatch]:
    """Yield the contribution lines: months in order, one in a hundred held by one of four checks."""
    schema = arrow_schema(load_contract("collection").table("tst_dong_ca_nhan"))
    engine, people = connect(None), _people(rows)
    for start in range(0, rows, CHUNK):
        found = engine.arrow(f"""
            SELECT i, strftime(DATE '2024-11-01' + to_months(CAST(i * {MONTHS} // {rows} AS INTEGER)), '%Y%m'),
              CASE WHEN bad = 0 THEN 'x' WHEN bad = 1 THEN '99' || lpad(CAST(i AS VARCHAR), 8, '0')
                ELSE lpad(CAST(i * 7919 % {people} AS VARCHAR), 10, '0') END,
              CASE WHEN bad = 2 THEN 'NONE' ELSE 'DV' || (i * 31 % {FIRMS}) END, 'HTTT',
              CASE WHEN bad = 3 THEN 4000 ELSE base END, CASE WHEN bad = 3 THEN 320 ELSE base * 8 // 100 END,
              CASE WHEN bad = 3 THEN 560 ELSE base * 14 // 100 END, 0, base * 22 // 100,
              '01' || lpad(CAST(i % {OFFICES} AS VARCHAR), 3, '0'),
              TIMESTAMP '2024-11-05', TIMESTAMP '2024-11-05', FALSE
            FROM (SELECT i, 4000000 + i * 37 % 20000 * 1000 AS base,
                    CASE WHEN i % {BAD_IN} = 0 THEN i // {BAD_IN} % 4 END AS bad
                  FROM range({start}, {min(start + CHUNK, rows)}) AS r(i))""")
        yield from found.rename_columns(schema.names).cast(schema).to_batches()
    engine.close()


def _people(rows: int) -> int:
    """Return how many people there are: more than lines in a month, so that nobody has two lines by chance."""
    return max(100_000, rows // MONTHS * 6 // 5)


def _records(source: str, table: str, rows: list[dict[str, Any]]) -> pa.RecordBatch:
    schema = arrow_schema(load_contract(source).table(table))
    usual = {"updated_at": datetime(2024, 11, 5), "is_deleted": False}  # noqa: DTZ001 as sources write it
    return pa.RecordBatch.from_pylist(
        [{n: (usual | row).get(n) for n in schema.names} for row in rows], schema
    )


def _land(settings: DataPathSettings, source: str, table: str, chunks: Any) -> None:
    draft = Draft(settings, source, load_contract(source).table(table), "rows", None, NOW)
    write_batch(draft, chunks, cursor_to=lambda: None)


def _plan() -> Plan:
    folders = (*DATAPATH.glob("sources/*/standardise"), DATAPATH / "warehouse/models/staging")
    models = [m for folder in folders for m in read_models(folder)]
    return make_plan([m for m in models if m.table in (*BEFORE, SUBJECT)], seeds_in(SEEDS))


def _open(settings: DataPathSettings, plan: Plan) -> Run:
    engine = connect(
        None, memory_limit=settings.memory_limit, threads=settings.threads, spill=settings.work / "spill"
    )
    running = Run(
        plan, engine, PartStore(settings.parts, at_once=settings.threads), None, Silent(), BuildReport()
    )
    running.open_seeds()
    return running


def _ours(settings: DataPathSettings) -> tuple[float, int, int]:
    """Standardise the landed lines as a build does; return seconds, rows staged, rows held."""
    plan = _plan()
    running = _open(settings, plan)
    for table, parts in Manifest.read(settings.work / "parts.json").parts.items():
        running.parts[table] = dict(parts)
        running.offer(table)
    start = time.perf_counter()
    make(running, plan.model(SUBJECT))
    seconds = time.perf_counter() - start
    staged = sum(part.rows for part in running.parts[SUBJECT].values())
    return seconds, staged, sum(part.rows for part in running.parts["quarantine.tst_dong_ca_nhan"].values())


def _by_hand(settings: DataPathSettings) -> tuple[float, int, int]:
    """The same split as somebody would write it for one occasion."""
    manifest = Manifest.read(settings.work / "parts.json")
    store = PartStore(settings.parts)
    engine = connect(
        None, memory_limit=settings.memory_limit, threads=settings.threads, spill=settings.work / "spill"
    )
    _offer_lookups(engine, manifest, store)
    rows = store.relation(part for _, part in sorted(manifest.parts["landed.tst_dong_ca_nhan"].items()))
    joined = _joined(rows)
    good = f"""SELECT id, landed_month, participant_key, employer_key, quy, fund_code, org_code, can_cu_dong, due,
        so_tien_da_dong, batch_id, CASE WHEN abs(due * 10000 - can_cu_dong * rate) > 10000 THEN ['C04'] ELSE [] END
        || CASE WHEN can_cu_dong > 20 * salary THEN ['C05'] ELSE [] END || CASE WHEN two THEN ['C08'] ELSE [] END
        || CASE WHEN so_tien_da_dong > due THEN ['C09'] ELSE [] END AS flags
        FROM ({joined}) WHERE NOT (e1 OR e2 OR e3 OR e4)"""
    bad = f"""SELECT id, landed_month, org_code, due, ma_so_bhxh, batch_id, list_filter([CASE WHEN e1 THEN 'C01' END,
        CASE WHEN e2 THEN 'C02' END, CASE WHEN e3 THEN 'C03' END, CASE WHEN e4 THEN 'C06' END, CASE WHEN two THEN 'C08'
        END], lambda x: x IS NOT NULL) AS codes FROM ({joined}) WHERE e1 OR e2 OR e3 OR e4"""
    options = "(FORMAT parquet, COMPRESSION zstd)"
    start = time.perf_counter()
    staged = engine.run(f"COPY ({good}) TO '{settings.work}/good.parquet' {options}")
    held = engine.run(f"COPY ({bad}) TO '{settings.work}/bad.parquet' {options}")
    return time.perf_counter() - start, staged, held


def _joined(rows: str) -> str:
    """Return the SELECT of the lines with what the checks look at; e1 to e4 hold a line, the others flag it."""
    twice = f"""SELECT landed_month, ma_so_bhxh FROM {rows}
        WHERE quy = 'HTTT' AND ma_so_bhxh IS NOT NULL GROUP BY ALL HAVING COUNT(*) > 1"""
    two_bases = f"""SELECT (landed_month, ma_so_bhxh) FROM {rows}
        WHERE quy = 'HTTT' AND (landed_month, ma_so_bhxh) IN (SELECT (landed_month, ma_so_bhxh) FROM ({twice}))
        GROUP BY landed_month, ma_so_bhxh HAVING MIN(TRIM(ma_don_vi)) <> MAX(TRIM(ma_don_vi))"""
    return f"""
        SELECT c.id, c.landed_month, p.participant_key, e.employer_key, c.quy, f.fund_code, o.org_code, c.can_cu_dong,
          c.so_tien_ld + c.so_tien_sd + c.so_tien_nsnn AS due, c.so_tien_da_dong, c.batch_id, c.ma_so_bhxh,
          CAST(r.rate_bp AS BIGINT) AS rate, CAST(r.amount_vnd AS BIGINT) AS salary,
          NOT regexp_full_match(c.ma_so_bhxh, '\\d{{10}}') AS e1,
          regexp_full_match(c.ma_so_bhxh, '\\d{{10}}') AND p.participant_key IS NULL AS e2,
          e.employer_key IS NULL AS e3, f.is_compulsory = '1' AND c.can_cu_dong < 500000 AS e4,
          c.quy = 'HTTT' AND (c.landed_month, c.ma_so_bhxh) IN ({two_bases}) AS two
        FROM {rows} AS c
        LEFT JOIN people AS p ON p.si_number = c.ma_so_bhxh
        LEFT JOIN firms AS e ON e.employer_code = TRIM(c.ma_don_vi)
        LEFT JOIN units AS o ON o.office_code = c.ma_cq_bhxh
        LEFT JOIN fund AS f ON f.component_code = c.quy
        LEFT JOIN of_month AS r ON r.component_code = c.quy AND r.month = c.landed_month"""


def _offer_lookups(engine: Engine, manifest: Manifest, store: PartStore) -> None:
    for name, table in zip(("units", "people", "firms"), BEFORE[1:], strict=True):
        engine.run(f"CREATE VIEW {name} AS SELECT * FROM {store.relation(manifest.parts[table].values())}")
    for name, seed in (("fund", "fund"), ("rates", "contribution_rate"), ("salary", "base_salary")):
        file = SEEDS / f"{seed}.csv"
        engine.run(f"CREATE VIEW {name} AS SELECT * FROM read_csv('{file}', header=true, all_varchar=true)")
    engine.run("""CREATE VIEW of_month AS SELECT m.month, r.component_code, r.rate_bp, s.amount_vnd
        FROM (SELECT strftime(DATE '2024-11-01' + to_months(CAST(n AS INTEGER)), '%Y-%m') AS month
          FROM range(24) AS t(n)) AS m
        JOIN rates AS r ON r.from_month <= m.month AND m.month < r.until_month
        JOIN salary AS s ON s.from_month <= m.month AND m.month < s.until_month""")


def _in_own_process(side: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.standardise", side, folder]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return measured


def _median(measured: list[dict[str, float]], rows: int) -> dict[str, float]:
    seconds = statistics.median(one["seconds"] for one in measured)
    return {
        "seconds": round(seconds, 2),
        "rows_per_s": round(rows / seconds),
        "cpu_s": round(statistics.median(one["cpu_s"] for one in measured), 2),
        "peak_mb": max(one["peak_mb"] for one in measured),
        "staged": measured[0]["staged"],
        "held": measured[0]["held"],
    }


def _peak_mb() -> int:
    """Return the peak memory of this program; ru_maxrss would count the process it was started from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main() -> None:
    """Measure one side in this process and print it as JSON."""
    side, folder = sys.argv[1:]
    cpu = time.process_time()
    seconds, staged, held = {"ours": _ours, "by_hand": _by_hand}[side](settings_of(Path(folder)))
    cpu = time.process_time() - cpu
    print(
        json.dumps({"seconds": seconds, "staged": staged, "held": held, "peak_mb": _peak_mb(), "cpu_s": cpu})
    )


if __name__ == "__main__":
    main()
