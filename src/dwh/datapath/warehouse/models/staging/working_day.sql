-- model:    staging.working_day
-- kind:     full
-- grain:    day
-- owner:    cntt
-- audits:   unique(grain), has_rows
--
-- Every day of 2015-2030 with its number in the row of working days: n working days after a day is the working day whose
-- number is n higher, one join. A free day has the number of the working day before it.
-- Source:   legal_calendar.md §5; the same days as kernel/calendar.py, a test compares them.
WITH days AS (
  SELECT CAST(UNNEST(generate_series(TIMESTAMP '2015-01-01', TIMESTAMP '2030-12-31', INTERVAL 1 DAY)) AS DATE) AS day
),
marked AS (
  SELECT d.day, COALESCE(s.is_working = '1', isodow(d.day) <= 5) AS is_working
  FROM days AS d
  LEFT JOIN seed.special_day AS s ON CAST(s.day AS DATE) = d.day
)
SELECT
  m.day         AS day,        -- DATE
  m.is_working  AS is_working, -- BOOLEAN
  CAST(SUM(CASE WHEN m.is_working THEN 1 ELSE 0 END) OVER (ORDER BY m.day) AS INTEGER) AS day_no -- INTEGER working days up to and with this one
FROM marked AS m
