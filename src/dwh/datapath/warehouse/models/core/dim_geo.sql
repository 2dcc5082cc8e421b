-- model:    core.dim_geo
-- kind:     full
-- grain:    geo_key
-- owner:    cntt
-- audits:   unique(grain), has_rows, one_of(level, province, district), refers(successor_geo_key, core.dim_geo(geo_key))
--
-- Provinces and districts as dated places: 63 provinces and 696 districts until 30/06/2025, 34 provinces since.
-- geo_key is the number and the year it was given, because seven numbers now mean another province.
-- Source:   GSO lists of 2025 (organisation.md §3).
WITH places AS (
  SELECT
    'P' || o.province_code || '-1995' AS geo_key, 'province' AS level, o.province_code AS geo_code,
    o.province_name AS geo_name, NULL AS parent_geo_key, DATE '1995-02-16' AS valid_from,
    DATE '2025-07-01' AS valid_until, 'P' || o.successor_code || '-2025' AS successor_geo_key
  FROM seed.province_old AS o
  UNION ALL
  SELECT
    'P' || n.province_code || '-2025', 'province', n.province_code, n.province_name, NULL, DATE '2025-07-01',
    DATE '9999-12-31', NULL
  FROM seed.province_new AS n
  UNION ALL
  SELECT
    'D' || d.province_code || d.district_code || '-1995', 'district', d.district_code, d.district_name,
    'P' || d.province_code || '-1995', DATE '1995-02-16', DATE '2025-07-01', NULL
  FROM seed.district_old AS d
)
SELECT
  p.geo_key            AS geo_key,           -- VARCHAR
  p.level              AS level,             -- VARCHAR province or district
  p.geo_code           AS geo_code,          -- VARCHAR
  p.geo_name           AS geo_name,          -- VARCHAR
  p.parent_geo_key     AS parent_geo_key,    -- VARCHAR
  p.valid_from         AS valid_from,        -- DATE
  p.valid_until        AS valid_until,       -- DATE half open
  p.successor_geo_key  AS successor_geo_key  -- VARCHAR
FROM places AS p
