-- model:    core.dim_month
-- kind:     full
-- grain:    month
-- owner:    cntt
-- audits:   unique(grain), not_null(quarter)
--
-- Every month from the first to the last with figures, without holes.
WITH seen AS (
  SELECT c.contribution_month AS month FROM staging.stg_contribution AS c
  UNION
  SELECT v.visit_month AS month FROM staging.stg_claim AS v
  UNION
  SELECT d.closed_month AS month FROM staging.edossier_flow AS d WHERE d.closed_month <> 'none'
),
span AS (
  SELECT MIN(s.month) AS first_month, MAX(s.month) AS last_month
  FROM seen AS s
),
days AS (
  SELECT UNNEST(generate_series(
    CAST(s.first_month || '-01' AS TIMESTAMP), CAST(s.last_month || '-01' AS TIMESTAMP), INTERVAL 1 MONTH
  )) AS first_day
  FROM span AS s
)
SELECT
  strftime(d.first_day, '%Y-%m')                                             AS month,         -- VARCHAR 'YYYY-MM'
  strftime(d.first_day, '%-m/%Y')                                            AS month_label,   -- VARCHAR '9/2025'
  strftime(d.first_day, '%Y') || '-Q' || CAST(QUARTER(d.first_day) AS VARCHAR) AS quarter,     -- VARCHAR '2025-Q3'
  'Quý ' || ['I', 'II', 'III', 'IV'][QUARTER(d.first_day)] || '/' || strftime(d.first_day, '%Y') AS quarter_label, -- VARCHAR
  strftime(d.first_day, '%Y')                                                AS year,          -- VARCHAR
  'Năm ' || strftime(d.first_day, '%Y')                                      AS year_label,    -- VARCHAR
  CAST(d.first_day AS DATE)                                                  AS first_day,     -- DATE
  LAST_DAY(CAST(d.first_day AS DATE))                                        AS last_day       -- DATE
FROM days AS d
