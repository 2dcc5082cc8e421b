-- model:    staging.procedure_limit
-- kind:     full
-- grain:    procedure_code, valid_from
-- owner:    vpho
-- audits:   unique(grain), not_null(current_code)
--
-- The time limit of every code on every day, with the procedure of today it belongs to. After an old code has ended it
-- has the limits of its successor, for offices go on filing under it for a while (D-42); is_in_force says so.
-- Source:   QC-DWH Điều 4.7; seed procedure_successor.
WITH versions AS (
  SELECT
    p.procedure_code, p.valid_from, p.valid_until, p.limit_days, p.in_working_days,
    ROW_NUMBER() OVER (PARTITION BY p.procedure_code, p.valid_from ORDER BY p.source_id DESC) AS place
  FROM staging.stg_procedure AS p
),
spans AS (
  SELECT
    v.procedure_code, v.valid_from, v.limit_days, v.in_working_days,
    LEAST(v.valid_until, LEAD(v.valid_from, 1, DATE '9999-12-31') OVER (
      PARTITION BY v.procedure_code ORDER BY v.valid_from
    )) AS valid_until
  FROM versions AS v
  WHERE v.place = 1
),
ends AS (
  SELECT s.procedure_code, MAX(s.valid_until) AS ended_on
  FROM spans AS s
  GROUP BY s.procedure_code
),
limits AS (
  SELECT
    s.procedure_code, COALESCE(m.new_code, s.procedure_code) AS current_code, s.valid_from, s.valid_until,
    s.limit_days, s.in_working_days, TRUE AS is_in_force
  FROM spans AS s
  LEFT JOIN seed.procedure_successor AS m ON m.old_code = s.procedure_code
  UNION ALL
  SELECT
    m.old_code, m.new_code, GREATEST(n.valid_from, e.ended_on), n.valid_until, n.limit_days, n.in_working_days, FALSE
  FROM seed.procedure_successor AS m
  JOIN ends AS e ON e.procedure_code = m.old_code
  JOIN spans AS n ON n.procedure_code = m.new_code AND n.valid_until > e.ended_on
)
SELECT
  l.procedure_code   AS procedure_code,  -- VARCHAR as filed
  l.current_code     AS current_code,    -- VARCHAR the procedure of today
  l.valid_from       AS valid_from,      -- DATE
  l.valid_until      AS valid_until,     -- DATE half open
  l.limit_days       AS limit_days,      -- INTEGER
  l.in_working_days  AS in_working_days, -- BOOLEAN else calendar days
  l.is_in_force      AS is_in_force      -- BOOLEAN the code itself, not its successor
FROM limits AS l
