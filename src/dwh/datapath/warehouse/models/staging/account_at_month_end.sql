-- model:    staging.account_at_month_end
-- kind:     full
-- grain:    month, account_key
-- owner:    cntt
-- audits:   unique(grain), not_null(org_code), one_of(state_code, active, locked)
--
-- The accounts of each month end: those opened by then, locked ones too. The unit is where the holder worked that day.
-- IAM keeps the second factor without dates: it is as it is today. Where no closing day of the identity is known, an
-- account counts as locked from the change that left it so.
WITH ends AS (
  SELECT c.month, c.last_day
  FROM core.dim_month AS c
),
accounts AS (
  SELECT
    a.source_id, i.staff_code, COALESCE(i.org_code, a.org_code) AS org_code, a.has_second_factor,
    COALESCE(i.created_on, a.created_on) AS opened_on, COALESCE(i.closed_on, a.locked_on) AS ended_on
  FROM staging.stg_identity_account AS a
  LEFT JOIN staging.stg_identity AS i ON i.source_id = a.identity_id
),
staff AS (
  SELECT s.staff_code, BOOL_OR(s.is_working) AS is_working, MAX(s.left_on) AS left_on
  FROM staging.stg_staff AS s
  GROUP BY s.staff_code
),
places AS (
  SELECT w.month, w.staff_code, MIN(w.org_code) AS org_code
  FROM staging.staff_at_month_end AS w
  GROUP BY w.month, w.staff_code
)
SELECT
  a.source_id                                                              AS account_key,  -- BIGINT key of the source row
  m.month                                                                  AS month,        -- VARCHAR 'YYYY-MM'
  COALESCE(w.org_code, a.org_code)                                         AS org_code,     -- VARCHAR unit of the holder
  CASE WHEN a.ended_on <= m.last_day THEN 'locked' ELSE 'active' END       AS state_code,   -- VARCHAR active or locked
  CASE WHEN a.has_second_factor THEN 'with' ELSE 'without' END             AS factor_code,  -- VARCHAR with or without a second factor
  CASE
    WHEN s.staff_code IS NULL THEN 'none'
    WHEN w.staff_code IS NOT NULL THEN 'working'
    WHEN COALESCE(s.left_on <= m.last_day, NOT s.is_working) THEN 'left'
    ELSE 'working'
  END                                                                      AS holder_code   -- VARCHAR working, left, or none in the personnel system
FROM ends AS m
JOIN accounts AS a ON COALESCE(a.opened_on, m.last_day) <= m.last_day
LEFT JOIN staff AS s ON s.staff_code = a.staff_code
LEFT JOIN places AS w ON w.month = m.month AND w.staff_code = a.staff_code
