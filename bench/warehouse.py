"""A generated warehouse of any size, published as a release: the star of the DWH with hash-made rows.

Shape (after engine_facts P1): 24 months, 705 district offices before the reform and 340 after, one employer per
30 persons, a person in about 5.5 lines per year, facts sorted by month and office as the builder sorts them.
"""

from __future__ import annotations

import json
from pathlib import Path

from dwh.datapath.settings import DataPathSettings
from dwh.datapath.warehouse.engine import Engine, connect
from tests.warehouse_fixture import DDL

RELEASE = "2026-11-22.1"
MONTHS = 24

_ORG = """
INSERT INTO core.dim_org
SELECT o.*, o.tier, NULL, NULL, NULL, FALSE, NULL FROM (
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
JOIN office AS o ON o.i = hash(x.i * 41) % 705
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


def publish(home: Path, *, contributions: int, claims: int, memory_limit: str = "3GB") -> DataPathSettings:
    """Write a release of that size under `home` and point `current` at it; return its settings."""
    settings = DataPathSettings(home=home, memory_limit=memory_limit, threads=2)
    folder = settings.releases / RELEASE
    folder.mkdir(parents=True)
    engine = connect(folder / "serving.duckdb", memory_limit=memory_limit, threads=2)
    for statement in DDL.split(";"):
        if statement.strip():
            engine.run(statement)
    _fill(engine, contributions, claims)
    engine.run("CHECKPOINT")
    engine.close()
    manifest = {"id": RELEASE, "built_at": "2026-11-22T00:00:00+00:00", "state": "provisional",
                "data_until": "2026-10", "previous": None, "parts": {}, "inputs": {}, "models": {},
                "equations": {}, "quarantine": {}}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (settings.releases / "current").symlink_to(RELEASE)
    return settings


def _fill(engine: Engine, contributions: int, claims: int) -> None:
    people, employers = max(contributions * 18 // 100, 1000), max(contributions * 6 // 1000, 100)
    for script in (_ORG, _MONTH, _SMALL, _PEOPLE.format(people=people, employers=employers), _OFFICE):
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
