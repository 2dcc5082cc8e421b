"""A generated warehouse of any size, published as a release: the star of the DWH with hash-made rows, and its rollups.

Shape (after engine_facts P1): 24 months, 705 district offices before the reform and 340 after, one employer per
30 persons, a person in about 5.5 lines per year, a facility under one office, facts sorted by month and office as the
builder sorts them.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, connect
from dwh.datapath.warehouse.rollups.definition import Rollup, load_rollups
from dwh.datapath.warehouse.rollups.tables import core_models, fill
from tests.further_tables import KINDS, further_tables
from tests.warehouse_fixture import DDL

RELEASE: Final = "2026-11-22.1"
MONTHS: Final = 24
SHAPE: Final = 2  # another number: warehouses kept under BENCH_HOME have other rows and are made anew
FACTS: Final = ("core.fct_contribution", "core.fct_participation", "core.fct_claim")

_ORG = """
INSERT INTO core.dim_org (org_code, org_name, tier, region_code, region_name, province_org_code, province_code,
  province_name, office_org_code, office_name, valid_from, valid_until, cur_org_code, cur_province_org_code,
  cur_province_code, cur_province_name, cur_office_org_code, cur_office_name)
SELECT * FROM (
WITH old AS (
  SELECT i, i % 63 + 1 AS p, '00.' || lpad((i % 63 + 1)::VARCHAR, 2, '0') AS prov,
    '00.' || lpad((i % 63 + 1)::VARCHAR, 2, '0') || '.' || lpad((i // 63 + 1)::VARCHAR, 3, '0') AS code,
    (i % 63) % 34 + 1 AS np, i // 63 % 10 AS n
  FROM range(705) AS r(i)),
now AS (
  SELECT p AS np, k, CASE WHEN p <= 11 THEN '00.' || lpad(p::VARCHAR, 2, '0')
    ELSE '00.' || lpad(p::VARCHAR, 2, '0') || '-2025' END AS prov
  FROM range(1, 35) AS r(p), range(10) AS s(k))
SELECT code, 'BHXH huyện ' || i, 'office' AS tier, 'V0' || (p % 6 + 1), 'Vùng ' || (p % 6 + 1), o.prov,
  lpad(p::VARCHAR, 2, '0'),
  'Tỉnh cũ ' || p, code, 'BHXH huyện ' || i, DATE '1995-02-16', DATE '2025-07-01',
  m.prov || '.' || (500 + k), m.prov, lpad(o.np::VARCHAR, 2, '0'), 'Tỉnh ' || o.np, m.prov || '.' || (500 + k),
  'BHXH cơ sở ' || k
FROM old AS o JOIN now AS m ON m.np = o.np AND m.k = o.n
UNION ALL
SELECT prov || '.' || (500 + k), 'BHXH cơ sở ' || k, 'office', 'V0' || (np % 6 + 1), 'Vùng ' || (np % 6 + 1), prov,
  lpad(np::VARCHAR, 2, '0'), 'Tỉnh ' || np, prov || '.' || (500 + k), 'BHXH cơ sở ' || k, DATE '2025-07-01',
  DATE '9999-12-31', prov || '.' || (500 + k), prov, lpad(np::VARCHAR, 2, '0'), 'Tỉnh ' || np,
  prov || '.' || (500 + k), 'BHXH cơ sở ' || k
FROM now
UNION ALL
SELECT DISTINCT prov, 'BHXH tỉnh ' || np, 'province', 'V0' || (np % 6 + 1), 'Vùng ' || (np % 6 + 1), prov,
  lpad(np::VARCHAR, 2, '0'), 'Tỉnh ' || np, NULL, NULL, DATE '2025-07-01', DATE '9999-12-31', prov, prov,
  lpad(np::VARCHAR, 2, '0'), 'Tỉnh ' || np, NULL, NULL
FROM now
UNION ALL
SELECT '00', 'BHXH Việt Nam', 'central', NULL, NULL, NULL, NULL, NULL, NULL, NULL, DATE '1995-02-16', DATE '9999-12-31',
  '00', NULL, NULL, NULL, NULL, NULL
) AS o
"""
_ORG_NOW = """
UPDATE core.dim_org AS o SET kind_code = o.tier, class_code = o.tier, class_name = k.name, is_it_unit = FALSE,
  cur_org_name = n.org_name, cur_unit_code = n.org_code, cur_unit_name = n.org_name, cur_region_code = n.region_code,
  cur_region_name = n.region_name, cur_class_code = n.tier, cur_class_name = kn.name
FROM core.dim_org AS n, kind AS k, kind AS kn
WHERE n.org_code = o.cur_org_code AND k.tier = o.tier AND kn.tier = n.tier
"""
_ORG_AT = """
INSERT INTO core.dim_org_at
SELECT o.org_code, d.since, d.until, u.org_code, u.org_name, u.office_org_code, u.office_name, u.province_org_code,
  u.province_name, u.region_code, u.region_name, u.class_code, u.class_name
FROM core.dim_org AS o
CROSS JOIN (VALUES (DATE '0001-01-01', DATE '2025-07-01'), (DATE '2025-07-01', DATE '9999-12-31')) AS d(since, until)
JOIN core.dim_org AS u ON u.org_code = CASE WHEN d.since < DATE '2025-07-01' THEN o.org_code ELSE o.cur_org_code END
"""
_MONTH = """
INSERT INTO core.dim_month
SELECT strftime(d, '%Y-%m'), month(d) || '/' || year(d), year(d) || '-Q' || quarter(d), 'Quý ' || quarter(d),
  year(d)::VARCHAR, 'Năm ' || year(d), d, last_day(d)
FROM (SELECT (DATE '2024-11-01' + to_months(i::INTEGER))::DATE AS d FROM range(24) AS r(i))
"""
_SMALL = """
INSERT INTO core.dim_fund VALUES ('HTTT','Hưu trí, tử tuất','si','BHXH'), ('ODTS','Ốm đau, thai sản','si','BHXH'),
  ('TNLD','TNLĐ, BNN','si','BHXH'), ('BHYT','BHYT bắt buộc','hi','BHYT'), ('BHTN','Bảo hiểm thất nghiệp','ui','BHTN');
INSERT INTO core.dim_visit_type SELECT lpad(i::VARCHAR, 2, '0'), 'Loại hình ' || i,
  CASE WHEN i IN (3, 4, 9) THEN 'inpatient' ELSE 'outpatient' END,
  CASE WHEN i IN (3, 4, 9) THEN 'Nội trú' ELSE 'Ngoại trú' END FROM range(1, 10) AS r(i);
INSERT INTO core.dim_object SELECT chr(65 + (i // 8)::INTEGER) || chr(65 + (i % 8)::INTEGER), 'Đối tượng ' || i,
  (i % 6 + 1)::VARCHAR, 'Nhóm ' || (i % 6 + 1) FROM range(40) AS r(i);
INSERT INTO core.dim_facility SELECT i, lpad(i::VARCHAR, 5, '0'), 'Cơ sở KCB ' || i, (hash(i) % 4 + 1)::VARCHAR,
  'Tuyến ' || (hash(i) % 4 + 1), (hash(i * 7) % 6)::VARCHAR, 'Hạng ' || (hash(i * 7) % 6), 'Công lập'
  FROM range(13000) AS r(i);
"""
_PEOPLE = """
INSERT INTO core.dim_employer SELECT i, 'DV' || lpad(i::VARCHAR, 7, '0'), 'Đơn vị ' || i,
  'K' || (hash(i * 3) % 9 + 1), 'Khối ' || (hash(i * 3) % 9 + 1), 'C10' FROM range({employers}) AS r(i);
INSERT INTO core.dim_participant SELECT i, i, lpad(i::VARCHAR, 10, '0'), 'NGUYỄN VĂN ' || i,
  (1955 + hash(i) % 50)::SMALLINT, 'day', (hash(i * 5) % 2 + 1)::VARCHAR,
  CASE WHEN hash(i * 5) % 2 = 0 THEN 'Nam' ELSE 'Nữ' END FROM range({people}) AS r(i);
"""
_OFFICE = """
CREATE TABLE office (i BIGINT, was VARCHAR, now VARCHAR);
INSERT INTO office
SELECT i, '00.' || lpad((i % 63 + 1)::VARCHAR, 2, '0') || '.' || lpad((i // 63 + 1)::VARCHAR, 3, '0') AS was, cur AS now
FROM range(705) AS r(i)
JOIN (SELECT org_code, cur_org_code AS cur FROM core.dim_org) AS d
  ON d.org_code = '00.' || lpad((i % 63 + 1)::VARCHAR, 2, '0') || '.' || lpad((i // 63 + 1)::VARCHAR, 3, '0')
"""
_CONTRIBUTION = """
INSERT INTO core.fct_contribution
SELECT p, p, p % {employers}, f.component_code, f.fund_code, '{month}',
  {office}, base, due, CASE WHEN h % 25 = 0 THEN due // 2 ELSE due END, 'collection.1'
FROM (SELECT hash(i) AS h, (hash(i) % {people})::BIGINT AS p, (5000000 + hash(i * 11) % 20000000)::BIGINT AS base,
    (5000000 + hash(i * 11) % 20000000)::BIGINT * (5 + hash(i * 13) % 20)::BIGINT // 100 AS due,
    hash(i * 17) % 5 AS c
  FROM range({start}, {stop}) AS r(i)) AS x
JOIN office AS o ON o.i = p % {employers} % 705
JOIN (SELECT *, row_number() OVER (ORDER BY component_code) - 1 AS c FROM core.dim_fund) AS f ON f.c = x.c
ORDER BY {office}, p % {employers}
"""
_CLAIM = """
INSERT INTO core.fct_claim
SELECT x.i, '{month}', {office}, hash(x.i * 3) % 13000, ob.object_code, v.visit_type_code, v.care_code,
  (hash(x.i * 5) % 5 + 1)::SMALLINT, (hash(p * 5) % 2 + 1)::VARCHAR,
  (['0-5', '6-14', '15-24', '25-39', '40-59', '60-79', '80+'])[(hash(p * 7) % 7 + 1)::INTEGER],
  CASE WHEN p % 10 = 0 THEN NULL ELSE p END, lpad(p::VARCHAR, 10, '0'), CASE WHEN p % 10 = 0 THEN -p ELSE p END,
  CASE WHEN v.care_code = 'inpatient' THEN hash(x.i * 19) % 12 + 1 ELSE 0 END,
  t / 100, t / 125, t / 500, 0, t / 1000, t / 800, t / 300, t / 900, 'claims.1',
  t / 110, 0, 0, 'referred', 'inside', NULL
FROM (SELECT i, (hash(i) % {people})::BIGINT AS p, (hash(i * 23) % 900000000)::DECIMAL(18,2) AS t,
    hash(i * 29) % 40 AS ob, CASE WHEN hash(i * 31) % 10 = 0 THEN 2 ELSE hash(i * 37) % 9 END AS vt
  FROM range({start}, {stop}) AS r(i)) AS x
JOIN office AS o ON o.i = hash(x.i * 3) % 13000 % 705
JOIN (SELECT *, row_number() OVER (ORDER BY object_code) - 1 AS n FROM core.dim_object) AS ob ON ob.n = x.ob
JOIN (SELECT *, row_number() OVER (ORDER BY visit_type_code) - 1 AS n FROM core.dim_visit_type) AS v ON v.n = x.vt
ORDER BY {office}, hash(x.i * 3) % 13000
"""
_STOCK = """
INSERT INTO core.fct_participation
SELECT participant_key, participant_key, fund_code, contribution_month, min(org_code), min(employer_key),
  'compulsory', 'no'
FROM core.fct_contribution WHERE contribution_month = '{month}' GROUP BY ALL ORDER BY 5
"""


@contextmanager
def homes(contributions: int, claims: int) -> Iterator[Path]:
    """Yield the home of a published release of that size: kept under BENCH_HOME when it is set, else thrown away.

    A kept one is made once; rollups whose definition changed since are added up again.
    """
    if kept := os.environ.get("BENCH_HOME"):
        yield _kept(Path(kept) / f"warehouse-{SHAPE}-{contributions}-{claims}", contributions, claims)
        return
    with tempfile.TemporaryDirectory(prefix="dwh-bench-") as folder:
        publish(Path(folder), contributions=contributions, claims=claims)
        yield Path(folder)


def _kept(home: Path, contributions: int, claims: int) -> Path:
    manifest = home / "releases" / RELEASE / "manifest.json"
    if not manifest.exists():  # also one whose making was cut short: the manifest comes last
        shutil.rmtree(home, ignore_errors=True)
        publish(home, contributions=contributions, claims=claims)
        return home
    known = json.loads(manifest.read_text(encoding="utf-8"))
    others = [one for one in _rollups() if known["bench"]["definitions"].get(one.name) != one.version]
    if others:
        engine = _writer(manifest.parent, "3GB")
        known["serving_rows"] |= fill(engine, others, core_models())
        engine.run("CHECKPOINT")
        engine.close()
        known["bench"]["definitions"] = _definitions()
        manifest.write_text(json.dumps(known), encoding="utf-8")
    return home


def publish(home: Path, *, contributions: int, claims: int, memory_limit: str = "3GB") -> DataPathSettings:
    """Write a release of that size under `home` and point `current` at it; return its settings."""
    settings = DataPathSettings(home=home, memory_limit=memory_limit, threads=2)
    folder = settings.releases / RELEASE
    folder.mkdir(parents=True)
    engine, begun = _writer(folder, memory_limit), time.perf_counter()
    for statement in (*DDL.split(";"), *further_tables(DDL)):
        if statement.strip():
            engine.run(statement)
    _fill(engine, contributions, claims)
    engine.run("CHECKPOINT")
    made = {"contributions": contributions, "claims": claims, "facts_s": time.perf_counter() - begun}
    made |= {"facts_bytes": _size(folder)} | _added_up(engine, folder) | {"definitions": _definitions()}
    rows = {f"{schema}.{name}": n for schema, name, n in engine.rows(
        "SELECT schema_name, table_name, estimated_size FROM duckdb_tables() WHERE NOT internal")}  # fmt: skip
    engine.close()
    manifest = {"id": RELEASE, "built_at": "2026-11-22T00:00:00+00:00", "state": "provisional",
                "data_until": "2026-10", "previous": None, "parts": {}, "inputs": {}, "models": {}, "ledger": {},
                "locked": [], "equations": {}, "quarantine": {}, "flagged": {}, "decided": {}, "stopped_checks": [],
                "lineage": {}, "serving_rows": rows, "bench": made}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (settings.releases / "current").symlink_to(RELEASE)
    return settings


def made_of(home: Path) -> dict[str, Any]:
    """Return how the release under `home` was made. Units: seconds, bytes, rows."""
    manifest = json.loads((home / "releases" / RELEASE / "manifest.json").read_text(encoding="utf-8"))
    rows = {
        name: n for name, n in manifest["serving_rows"].items() if name.startswith("rollup.") or name in FACTS
    }
    return {**manifest["bench"], "rows": rows}


def tell(made: dict[str, Any]) -> None:
    """Print how large the warehouse is and what its rollups cost."""
    facts, rollups = made["facts_bytes"] / 2**20, made["rollups_bytes"] / 2**20
    print(
        f"Kho thử {made['contributions']:,} dòng đóng, {made['claims']:,} hồ sơ:"
        f" {made['facts_s']:.0f} giây, {facts:.0f} MB;"
        f" bảng tổng hợp sẵn: {made['rollups_s']:.0f} giây ({made['rollups_cpu_s']:.0f} giây CPU), {rollups:.0f} MB"
        f" ({100 * rollups / facts:.0f} %)",
        flush=True,
    )


def _added_up(engine: Engine, folder: Path) -> dict[str, Any]:
    """Make the rollups one by one; return what each took."""
    before, begun, cpu, each = _size(folder), time.perf_counter(), time.process_time(), {}
    for one in _rollups():
        started = time.perf_counter()
        fill(engine, [one], core_models())
        each[one.name] = time.perf_counter() - started
    engine.run("CHECKPOINT")
    return {
        "rollups_s": time.perf_counter() - begun,
        "rollups_cpu_s": time.process_time() - cpu,
        "rollups_bytes": _size(folder) - before,
        "each_s": each,
    }


def _rollups() -> list[Rollup]:
    return [one for one in load_rollups() if one.of in FACTS]


def _definitions() -> dict[str, str]:
    return {one.name: one.version for one in _rollups()}


def _writer(folder: Path, memory_limit: str) -> Engine:
    return connect(
        folder / "serving.duckdb", memory_limit=memory_limit, threads=2, spill=folder.parent.parent / "spill"
    )


def _size(folder: Path) -> int:
    return (folder / "serving.duckdb").stat().st_size


def _fill(engine: Engine, contributions: int, claims: int) -> None:
    people, employers = max(contributions * 18 // 100, 1000), max(contributions * 6 // 1000, 100)
    kinds = ", ".join(f"('{tier}', '{name}')" for tier, (_, _, name) in KINDS.items())
    engine.run("CREATE TABLE kind (tier VARCHAR, name VARCHAR)")
    engine.run(f"INSERT INTO kind VALUES {kinds}")
    for script in (
        _ORG,
        _ORG_NOW,
        _ORG_AT,
        _MONTH,
        _SMALL,
        _PEOPLE.format(people=people, employers=employers),
        _OFFICE,
    ):
        for statement in script.split(";"):
            if statement.strip():
                engine.run(statement)
    months = [row[0] for row in engine.rows("SELECT month FROM core.dim_month ORDER BY month")]
    for place, month in enumerate(months):
        common = {"month": month, "people": people, "employers": employers}
        common["office"] = "o.was" if month < "2025-07" else "o.now"
        lines = contributions // MONTHS
        engine.run(_CONTRIBUTION.format(**common, start=place * lines, stop=(place + 1) * lines))
        engine.run(_STOCK.format(month=month))
        visits = claims // MONTHS
        engine.run(_CLAIM.format(**common, start=place * visits, stop=(place + 1) * visits))
    engine.run("DROP TABLE office")
    engine.run("DROP TABLE kind")
