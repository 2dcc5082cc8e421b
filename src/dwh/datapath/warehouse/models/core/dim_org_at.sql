-- model:    core.dim_org_at
-- kind:     full
-- grain:    org_code, valid_from
-- owner:    tccb
-- audits:   unique(grain), not_null(cur_unit_code), has_rows
--
-- For every unit and every stretch of time, who stands for it on the tree of that time: itself while it exists; after its
-- end those who took it over; before its beginning those it came from; where none of them stood then, the last known of
-- them, which may be itself.
-- Several that cannot be told apart are one joint member, its code and name made of theirs: no figure is divided by an
-- estimate, so the total of the nation is the same on every tree. cur_* bear the names of core.dim_org, where they are
-- those of the last stretch.
-- Source:   organisation.md 4; docs/adr/0017.
WITH RECURSIVE edge AS (
  SELECT s.from_code, s.to_code
  FROM core.org_succession AS s
  JOIN staging.org_home AS a ON a.org_code = s.from_code
  JOIN staging.org_home AS b ON b.org_code = s.to_code
),
later AS (
  SELECT u.org_code, u.org_code AS reached, 0 AS steps
  FROM staging.org_home AS u
  UNION
  SELECT l.org_code, s.to_code AS reached, l.steps + 1 AS steps
  FROM later AS l
  JOIN edge AS s ON s.from_code = l.reached
  WHERE l.steps < 12
),
earlier AS (
  SELECT u.org_code, u.org_code AS reached, 0 AS steps
  FROM staging.org_home AS u
  UNION
  SELECT e.org_code, s.from_code AS reached, e.steps + 1 AS steps
  FROM earlier AS e
  JOIN edge AS s ON s.to_code = e.reached
  WHERE e.steps < 12
),
moments AS (
  SELECT DATE '0001-01-01' AS moment
  UNION
  SELECT n.valid_from AS moment
  FROM core.org_name AS n
  UNION
  SELECT h.valid_until AS moment
  FROM staging.org_home AS h
  WHERE h.valid_until < DATE '9999-12-31'
),
stretches AS (
  SELECT m.moment AS valid_from, COALESCE(LEAD(m.moment) OVER (ORDER BY m.moment), DATE '9999-12-31') AS valid_until
  FROM moments AS m
),
found AS (
  SELECT DISTINCT h.org_code, t.valid_from, t.valid_until, v.org_code AS stands
  FROM staging.org_home AS h
  JOIN stretches AS t ON TRUE
  JOIN later AS l ON l.org_code = h.org_code AND h.valid_from <= t.valid_from
  JOIN staging.org_home AS v
    ON v.org_code = l.reached AND v.valid_from <= t.valid_from AND t.valid_from < v.valid_until
    AND (l.steps = 0 OR h.valid_until <= t.valid_from)
  UNION
  SELECT DISTINCT h.org_code, t.valid_from, t.valid_until, v.org_code AS stands
  FROM staging.org_home AS h
  JOIN stretches AS t ON h.valid_from > t.valid_from
  JOIN earlier AS e ON e.org_code = h.org_code
  JOIN staging.org_home AS v
    ON v.org_code = e.reached AND v.valid_from <= t.valid_from AND t.valid_from < v.valid_until
),
ends AS (
  SELECT l.org_code, l.reached, 'later' AS way
  FROM later AS l
  WHERE l.reached NOT IN (SELECT e.from_code FROM edge AS e)
  UNION
  SELECT e.org_code, e.reached, 'earlier' AS way
  FROM earlier AS e
  WHERE e.reached NOT IN (SELECT n.to_code FROM edge AS n)
),
stands AS (
  SELECT f.org_code, f.valid_from, f.valid_until, f.stands
  FROM found AS f
  UNION ALL
  SELECT h.org_code, t.valid_from, t.valid_until, n.reached AS stands
  FROM staging.org_home AS h
  JOIN stretches AS t ON TRUE
  JOIN ends AS n
    ON n.org_code = h.org_code AND n.way = CASE WHEN h.valid_from > t.valid_from THEN 'earlier' ELSE 'later' END
  ANTI JOIN found AS f ON f.org_code = h.org_code AND f.valid_from = t.valid_from
),
sized AS (
  SELECT s.org_code, s.valid_from, s.valid_until, s.stands, COUNT(*) OVER (PARTITION BY s.org_code, s.valid_from) AS units
  FROM stands AS s
),
named AS (
  SELECT
    s.org_code, s.valid_from, s.valid_until, s.units, v.org_code AS unit_code, COALESCE(n.org_name, v.org_name) AS unit_name,
    v.region_code, v.region_name, v.province_org_code,
    CASE WHEN v.province_org_code = v.org_code AND n.org_name IS DISTINCT FROM v.org_name AND n.org_name IS NOT NULL
      THEN regexp_replace(n.org_name, '^BHXH (tỉnh |thành phố )?', '') ELSE v.province_name END AS province_name,
    CASE WHEN s.units > 1 THEN COALESCE(v.office_org_code, v.org_code) ELSE v.office_org_code END AS office_org_code,
    CASE WHEN s.units > 1 OR v.office_org_code IS NOT NULL THEN COALESCE(n.org_name, v.org_name) END AS office_name,
    v.class_code, v.class_name
  FROM sized AS s
  JOIN staging.org_home AS v ON v.org_code = s.stands
  LEFT JOIN core.org_name AS n
    ON n.org_code = v.org_code AND n.valid_from <= s.valid_from AND s.valid_from < n.valid_until
),
pieces AS (
  SELECT DISTINCT n.org_code, n.valid_from, n.valid_until, p.level, p.code, p.name
  FROM named AS n, UNNEST([
    {'level': 'unit', 'code': n.unit_code, 'name': n.unit_name},
    {'level': 'office', 'code': n.office_org_code, 'name': n.office_name},
    {'level': 'province', 'code': n.province_org_code, 'name': n.province_name},
    {'level': 'region', 'code': n.region_code, 'name': n.region_name},
    {'level': 'class', 'code': n.class_code, 'name': n.class_name}
  ]) AS t(p)
),
joined AS (
  SELECT
    p.org_code, p.valid_from, p.valid_until, p.level, STRING_AGG(p.code, '+' ORDER BY p.code) AS code,
    array_to_string(list_slice(LIST(p.name ORDER BY p.code), 1, 4), ' + ')
      || CASE WHEN COUNT(*) > 4 THEN ' và ' || (COUNT(*) - 4) || ' đơn vị khác' ELSE '' END AS name
  FROM pieces AS p
  WHERE p.code IS NOT NULL
  GROUP BY p.org_code, p.valid_from, p.valid_until, p.level
)
SELECT
  j.org_code                                           AS org_code,              -- VARCHAR
  j.valid_from                                         AS valid_from,            -- DATE the stretch: from
  j.valid_until                                        AS valid_until,           -- DATE half open, 9999-12-31 the last one
  MAX(CASE WHEN j.level = 'unit' THEN j.code END)      AS cur_unit_code,         -- VARCHAR codes joined by '+'
  MAX(CASE WHEN j.level = 'unit' THEN j.name END)      AS cur_unit_name,         -- VARCHAR
  MAX(CASE WHEN j.level = 'office' THEN j.code END)    AS cur_office_org_code,   -- VARCHAR
  MAX(CASE WHEN j.level = 'office' THEN j.name END)    AS cur_office_name,       -- VARCHAR
  MAX(CASE WHEN j.level = 'province' THEN j.code END)  AS cur_province_org_code, -- VARCHAR
  MAX(CASE WHEN j.level = 'province' THEN j.name END)  AS cur_province_name,     -- VARCHAR
  MAX(CASE WHEN j.level = 'region' THEN j.code END)    AS cur_region_code,       -- VARCHAR V01 to V06
  MAX(CASE WHEN j.level = 'region' THEN j.name END)    AS cur_region_name,       -- VARCHAR
  MAX(CASE WHEN j.level = 'class' THEN j.code END)     AS cur_class_code,        -- VARCHAR
  MAX(CASE WHEN j.level = 'class' THEN j.name END)     AS cur_class_name         -- VARCHAR
FROM joined AS j
GROUP BY j.org_code, j.valid_from, j.valid_until
