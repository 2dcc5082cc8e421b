-- model:    core.dim_org
-- kind:     full
-- grain:    org_code
-- owner:    tccb
-- audits:   unique(grain), not_null(cur_org_code), one_of(tier, central, province, office, department), has_rows, refers(cur_org_code, core.dim_org(org_code)), not_null(kind_code)
--
-- Every unit that ever was, with its place on the tree of its day and the unit that has taken it over.
-- cur_*: the end of the chain of successors (tien_than). Rights are given on today's tree, so a historic row
-- belongs to whoever took its office over; a unit without successor answers for itself.
-- kind: of the bodies the regulations bind (seed org_kind, QĐ-2366 Điều 2, QĐ-3582 I.1); class: as QC-DWH Điều 2.1 names
-- those that use the warehouse; is_it_unit: QĐ-3582 I.2.
-- Source:   organisation.md; QC-DWH Điều 4.6.
WITH RECURSIVE took_over AS (
  SELECT
    CASE WHEN TRIM(p.code) = '00' THEN '00' ELSE '00.' || TRIM(p.code) END AS org_code,
    MIN(u.org_code) AS successor
  FROM staging.stg_org_unit AS u, UNNEST(string_split(u.predecessors, ';')) AS p(code)
  WHERE u.predecessors IS NOT NULL
  GROUP BY 1
),
chain AS (
  SELECT u.org_code, u.org_code AS now_code, 0 AS steps
  FROM staging.stg_org_unit AS u
  UNION ALL
  SELECT c.org_code, n.successor AS now_code, c.steps + 1 AS steps
  FROM chain AS c
  JOIN took_over AS n ON n.org_code = c.now_code
  WHERE c.steps < 12
),
last_of_chain AS (
  SELECT c.org_code, ARG_MAX(c.now_code, c.steps) AS cur_org_code
  FROM chain AS c
  WHERE c.now_code IN (SELECT u.org_code FROM staging.stg_org_unit AS u)
  GROUP BY c.org_code
),
home AS (
  SELECT
    u.org_code, u.org_name, u.tier, u.province_code, u.valid_from, u.valid_until, u.unit_class, u.is_it_unit,
    CASE WHEN u.tier <> 'central' THEN string_split(u.org_code, '.')[1] || '.' || string_split(u.org_code, '.')[2] END
      AS province_org_code,
    CASE WHEN u.tier = 'office' THEN u.org_code END AS office_org_code
  FROM staging.stg_org_unit AS u
),
province AS (
  SELECT
    h.org_code, h.province_code,
    COALESCE(CASE WHEN h.valid_from >= DATE '2025-07-01' THEN n.province_name END, p.province_name, n.province_name)
      AS province_name,
    COALESCE(CASE WHEN h.valid_from >= DATE '2025-07-01' THEN n.region_code END, p.region_code, n.region_code)
      AS region_code
  FROM home AS h
  LEFT JOIN seed.province_old AS p ON p.province_code = h.province_code
  LEFT JOIN seed.province_new AS n ON n.province_code = h.province_code
  WHERE h.tier = 'province'
)
SELECT
  h.org_code                AS org_code,              -- VARCHAR
  h.org_name                AS org_name,              -- VARCHAR
  h.tier                    AS tier,                  -- VARCHAR central, province, office or department
  p.region_code             AS region_code,           -- VARCHAR V01 to V06
  g.region_name             AS region_name,           -- VARCHAR
  h.province_org_code       AS province_org_code,     -- VARCHAR
  p.province_code           AS province_code,         -- VARCHAR number at that time, reused over time
  p.province_name           AS province_name,         -- VARCHAR
  h.office_org_code         AS office_org_code,       -- VARCHAR
  CASE WHEN h.tier = 'office' THEN h.org_name END AS office_name, -- VARCHAR
  h.valid_from              AS valid_from,            -- DATE
  h.valid_until             AS valid_until,           -- DATE half open, 9999-12-31 while it stands
  l.cur_org_code            AS cur_org_code,          -- VARCHAR who answers for it now
  c.province_org_code       AS cur_province_org_code, -- VARCHAR
  cp.province_code          AS cur_province_code,     -- VARCHAR
  cp.province_name          AS cur_province_name,     -- VARCHAR
  c.office_org_code         AS cur_office_org_code,   -- VARCHAR
  CASE WHEN c.tier = 'office' THEN c.org_name END AS cur_office_name, -- VARCHAR
  k.kind_code               AS kind_code,             -- VARCHAR central, province, office or department
  k.kind_name               AS kind_name,             -- VARCHAR
  x.class_code              AS class_code,            -- VARCHAR advisory, public_service, province, office, department, sector or leadership
  x.class_name              AS class_name,            -- VARCHAR
  COALESCE(h.is_it_unit, FALSE) AS is_it_unit         -- BOOLEAN looks after the information technology of its province, or of the sector
FROM home AS h
JOIN last_of_chain AS l ON l.org_code = h.org_code
JOIN home AS c ON c.org_code = l.cur_org_code
LEFT JOIN province AS p ON p.org_code = h.province_org_code
LEFT JOIN province AS cp ON cp.org_code = c.province_org_code
LEFT JOIN seed.region AS g ON g.region_code = p.region_code
LEFT JOIN seed.org_kind AS k ON k.kind_code = h.tier
LEFT JOIN seed.org_class AS x ON x.class_text = h.unit_class
