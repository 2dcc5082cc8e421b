-- model:    core.dim_org
-- kind:     full
-- grain:    org_code
-- owner:    tccb
-- audits:   unique(grain), not_null(cur_org_code), one_of(tier, central, province, office, department), has_rows, refers(cur_org_code, core.dim_org(org_code)), not_null(kind_code), not_null(cur_unit_code)
--
-- Every unit that ever was, with its place on the tree of its day and on today's.
-- cur_org_code: the end of the chain of those who took it over, through the one with the largest share. Rights are given
-- on today's tree, so a historic row belongs to whoever took its office over; a unit without successor answers for itself.
-- The other cur_* are those of core.dim_org_at for today: the names figures are grouped under, joint where a unit was split.
-- kind: of the bodies the regulations bind (seed org_kind, QĐ-2366 Điều 2, QĐ-3582 I.1); class: as QC-DWH Điều 2.1 names
-- those that use the warehouse; is_it_unit: QĐ-3582 I.2.
-- Source:   organisation.md; QC-DWH Điều 4.6; docs/adr/0007, 0017.
WITH RECURSIVE took_over AS (
  SELECT s.from_code AS org_code, ARG_MIN(s.to_code, ROW(-COALESCE(s.weight, 0), s.to_code)) AS successor
  FROM core.org_succession AS s
  JOIN staging.org_home AS h ON h.org_code = s.to_code
  GROUP BY s.from_code
),
chain AS (
  SELECT h.org_code, h.org_code AS now_code, 0 AS steps
  FROM staging.org_home AS h
  UNION ALL
  SELECT c.org_code, n.successor AS now_code, c.steps + 1 AS steps
  FROM chain AS c
  JOIN took_over AS n ON n.org_code = c.now_code
  WHERE c.steps < 12
),
last_of_chain AS (
  SELECT c.org_code, ARG_MAX(c.now_code, c.steps) AS cur_org_code
  FROM chain AS c
  GROUP BY c.org_code
)
SELECT
  h.org_code                AS org_code,              -- VARCHAR
  h.org_name                AS org_name,              -- VARCHAR
  h.tier                    AS tier,                  -- VARCHAR central, province, office or department
  h.region_code             AS region_code,           -- VARCHAR V01 to V06
  h.region_name             AS region_name,           -- VARCHAR
  h.province_org_code       AS province_org_code,     -- VARCHAR
  h.province_code           AS province_code,         -- VARCHAR number at that time, reused over time
  h.province_name           AS province_name,         -- VARCHAR
  h.office_org_code         AS office_org_code,       -- VARCHAR
  h.office_name             AS office_name,           -- VARCHAR
  h.valid_from              AS valid_from,            -- DATE
  h.valid_until             AS valid_until,           -- DATE half open, 9999-12-31 while it stands
  l.cur_org_code            AS cur_org_code,          -- VARCHAR who answers for it now
  a.cur_unit_code           AS cur_unit_code,         -- VARCHAR
  a.cur_unit_name           AS cur_unit_name,         -- VARCHAR
  a.cur_region_code         AS cur_region_code,       -- VARCHAR
  a.cur_region_name         AS cur_region_name,       -- VARCHAR
  a.cur_province_org_code   AS cur_province_org_code, -- VARCHAR
  c.province_code           AS cur_province_code,     -- VARCHAR
  a.cur_province_name       AS cur_province_name,     -- VARCHAR
  a.cur_office_org_code     AS cur_office_org_code,   -- VARCHAR
  a.cur_office_name         AS cur_office_name,       -- VARCHAR
  h.kind_code               AS kind_code,             -- VARCHAR central, province, office or department
  h.kind_name               AS kind_name,             -- VARCHAR
  h.class_code              AS class_code,            -- VARCHAR advisory, public_service, province, office, department, sector or leadership
  h.class_name              AS class_name,            -- VARCHAR
  a.cur_class_code          AS cur_class_code,        -- VARCHAR
  a.cur_class_name          AS cur_class_name,        -- VARCHAR
  h.office_code             AS office_code,           -- VARCHAR five characters source rows carry, or empty
  h.is_it_unit              AS is_it_unit,            -- BOOLEAN looks after the information technology of its province, or of the sector
  c.org_name                AS cur_org_name           -- VARCHAR
FROM staging.org_home AS h
JOIN last_of_chain AS l ON l.org_code = h.org_code
JOIN staging.org_home AS c ON c.org_code = l.cur_org_code
JOIN core.dim_org_at AS a ON a.org_code = h.org_code AND a.valid_until = DATE '9999-12-31'
