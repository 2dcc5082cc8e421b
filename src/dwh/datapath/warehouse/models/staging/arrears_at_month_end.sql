-- model:    staging.arrears_at_month_end
-- kind:     full
-- grain:    month, org_code, employer_key, component_code, age_code
-- owner:    thu
-- audits:   unique(grain), not_negative(arrears_vnd), one_of(age_code, current, short, long, hard)
--
-- What employers still owe at each month end: of every month until then, what was due and has not been collected by the
-- day the data were read. Phần mềm Thu holds no day of payment: money that came later has left the stock of all months.
-- What was paid too much for one month or fund does not lower another.
-- Ages:     current under 1 month, short 1 to under 3, long from 3; hard when the employer was dissolved or gone by then.
-- Org:      the office of the month it was due; after its end, the unit that took it over.
WITH unpaid AS (
  SELECT
    c.contribution_month, c.org_code, c.employer_key, c.component_code, SUM(c.due_vnd) - SUM(c.collected_vnd) AS arrears_vnd
  FROM staging.stg_contribution AS c
  GROUP BY c.contribution_month, c.org_code, c.employer_key, c.component_code
  HAVING SUM(c.due_vnd) > SUM(c.collected_vnd)
),
ends AS (
  SELECT DISTINCT
    m.contribution_month AS month, LAST_DAY(CAST(m.contribution_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_contribution AS m
),
owed AS (
  SELECT
    t.month, CASE WHEN o.valid_until > t.last_day THEN o.org_code ELSE o.cur_org_code END AS org_code, u.employer_key,
    u.component_code, u.arrears_vnd,
    CASE
      WHEN e.status_code IN ('3', '4') AND COALESCE(e.stopped_on <= t.last_day, TRUE) THEN 'hard'
      WHEN u.contribution_month = t.month THEN 'current'
      WHEN date_diff('month', CAST(u.contribution_month || '-01' AS DATE), t.last_day) < 3 THEN 'short'
      ELSE 'long'
    END AS age_code
  FROM ends AS t
  JOIN unpaid AS u ON u.contribution_month <= t.month
  JOIN core.dim_org AS o ON o.org_code = u.org_code
  LEFT JOIN staging.stg_employer AS e ON e.employer_key = u.employer_key
)
SELECT
  w.month                              AS month,          -- VARCHAR 'YYYY-MM'
  w.org_code                           AS org_code,       -- VARCHAR
  w.employer_key                       AS employer_key,   -- BIGINT
  w.component_code                     AS component_code, -- VARCHAR quỹ thành phần
  w.age_code                           AS age_code,       -- VARCHAR current, short, long or hard
  CAST(SUM(w.arrears_vnd) AS BIGINT)   AS arrears_vnd     -- BIGINT đồng
FROM owed AS w
GROUP BY w.month, w.org_code, w.employer_key, w.component_code, w.age_code
