-- model:    staging.household_history
-- kind:     full
-- grain:    household_code, field, valid_from
-- owner:    thu
-- audits:   unique(grain), one_of(field, org, province), not_null(value)
--
-- Which office and which province a household belonged to, day by day: the source keeps today's values and a log, so
-- the value before a change is the old value of the log. A row that still names the old province says itself what it
-- was until 01/07/2025.
-- Source:   organisation.md §3.
WITH logged AS (
  SELECT c.household_code, c.field, c.old_value, c.changed_on, c.source_id
  FROM staging.stg_household_change AS c
  WHERE c.field IN ('org', 'province') AND c.old_value IS NOT NULL
),
moves AS (
  SELECT l.household_code, l.field, l.old_value, l.changed_on, l.source_id
  FROM logged AS l
  UNION ALL
  SELECT h.household_code, 'province' AS field, h.province_code_before AS old_value, DATE '2025-07-01' AS changed_on,
    h.source_id
  FROM staging.stg_household AS h
  WHERE h.province_code_before IS NOT NULL
    AND h.household_code NOT IN (SELECT l.household_code FROM logged AS l WHERE l.field = 'province')
),
today AS (
  SELECT h.household_code, f.field, MIN(CASE f.field WHEN 'org' THEN h.org_code ELSE h.province_code END) AS value
  FROM staging.stg_household AS h
  CROSS JOIN (VALUES ('org'), ('province')) AS f(field)
  GROUP BY h.household_code, f.field
),
last_moves AS (
  SELECT m.household_code, m.field, MAX(m.changed_on) AS changed_on
  FROM moves AS m
  GROUP BY m.household_code, m.field
),
spans AS (
  SELECT
    m.household_code, m.field, m.old_value AS value,
    COALESCE(LAG(m.changed_on) OVER (
      PARTITION BY m.household_code, m.field ORDER BY m.changed_on, m.source_id
    ), DATE '1995-02-16') AS valid_from,
    m.changed_on AS valid_until
  FROM moves AS m
  UNION ALL
  SELECT
    t.household_code, t.field, t.value, COALESCE(l.changed_on, DATE '1995-02-16') AS valid_from,
    DATE '9999-12-31' AS valid_until
  FROM today AS t
  LEFT JOIN last_moves AS l ON l.household_code = t.household_code AND l.field = t.field
)
SELECT
  s.household_code  AS household_code, -- VARCHAR
  s.field           AS field,          -- VARCHAR org or province
  s.value           AS value,          -- VARCHAR org_code, or number of the province
  s.valid_from      AS valid_from,     -- DATE
  s.valid_until     AS valid_until     -- DATE half open
FROM spans AS s
WHERE s.valid_from < s.valid_until
