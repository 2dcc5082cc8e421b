-- model:    staging.org_home
-- kind:     full
-- grain:    org_code
-- owner:    tccb
-- audits:   unique(grain), not_null(org_name)
--
-- Where each unit stands on the tree of its own days: its office, province, region and class.
-- Names of the provinces of 2025 and before come from the lists of the statistics office; a province that a later event
-- made or renamed bears the name of its unit, and lies in the region of the province it came from.
-- Source:   QC-DWH Điều 2.1, 4.6; organisation.md 3.
WITH home AS (
  SELECT
    u.org_code, u.org_name, u.tier, u.province_code, u.valid_from, u.valid_until, u.unit_class, u.is_it_unit, u.is_named_here,
    u.office_code,
    CASE WHEN u.tier <> 'central' THEN string_split(u.org_code, '.')[1] || '.' || string_split(u.org_code, '.')[2] END
      AS province_org_code
  FROM staging.org_unit AS u
),
known AS (
  SELECT
    h.org_code, h.province_code,
    CASE WHEN h.is_named_here THEN regexp_replace(h.org_name, '^BHXH (tỉnh |thành phố )?', '')
      ELSE COALESCE(CASE WHEN h.valid_from >= DATE '2025-07-01' THEN n.province_name END, p.province_name, n.province_name)
    END AS province_name,
    COALESCE(CASE WHEN h.valid_from >= DATE '2025-07-01' THEN n.region_code END, p.region_code, n.region_code)
      AS region_code
  FROM home AS h
  LEFT JOIN seed.province_old AS p ON p.province_code = h.province_code
  LEFT JOIN seed.province_new AS n ON n.province_code = h.province_code
  WHERE h.tier = 'province'
),
province AS (
  SELECT k.org_code, k.province_code, k.province_name, COALESCE(k.region_code, MIN(f.region_code)) AS region_code
  FROM known AS k
  LEFT JOIN core.org_succession AS s ON s.to_code = k.org_code
  LEFT JOIN known AS f ON f.org_code = s.from_code
  GROUP BY k.org_code, k.province_code, k.province_name, k.region_code
)
SELECT
  h.org_code                                                 AS org_code,          -- VARCHAR
  h.org_name                                                 AS org_name,          -- VARCHAR
  h.tier                                                     AS tier,              -- VARCHAR central, province, office or department
  h.valid_from                                               AS valid_from,        -- DATE
  h.valid_until                                              AS valid_until,       -- DATE half open, 9999-12-31 while it stands
  p.region_code                                              AS region_code,       -- VARCHAR V01 to V06
  g.region_name                                              AS region_name,       -- VARCHAR
  h.province_org_code                                        AS province_org_code, -- VARCHAR
  p.province_code                                            AS province_code,     -- VARCHAR number at that time, reused over time
  p.province_name                                            AS province_name,     -- VARCHAR
  CASE WHEN h.tier = 'office' THEN h.org_code END            AS office_org_code,   -- VARCHAR
  CASE WHEN h.tier = 'office' THEN h.org_name END            AS office_name,       -- VARCHAR
  k.kind_code                                                AS kind_code,         -- VARCHAR central, province, office or department
  k.kind_name                                                AS kind_name,         -- VARCHAR
  x.class_code                                               AS class_code,        -- VARCHAR advisory, public_service, province, office, department, sector or leadership
  x.class_name                                               AS class_name,        -- VARCHAR
  h.office_code                                              AS office_code,       -- VARCHAR five characters source rows carry, or empty
  COALESCE(h.is_it_unit, FALSE)                              AS is_it_unit         -- BOOLEAN looks after the information technology of its province, or of the sector
FROM home AS h
LEFT JOIN province AS p ON p.org_code = h.province_org_code
LEFT JOIN seed.region AS g ON g.region_code = p.region_code
LEFT JOIN seed.org_kind AS k ON k.kind_code = h.tier
LEFT JOIN seed.org_class AS x ON x.class_text = h.unit_class
