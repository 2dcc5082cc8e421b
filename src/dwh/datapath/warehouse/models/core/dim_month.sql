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
  SELECT p.pay_month AS month FROM staging.stg_benefit_payment AS p
  UNION
  SELECT d.decision_month AS month FROM staging.stg_benefit_dossier AS d WHERE d.decision_month <> 'none'
  UNION
  SELECT n.approved_month AS month FROM staging.stg_benefit_turn AS n WHERE n.approved_month <> 'none'
  UNION
  SELECT m.decision_month AS month FROM staging.stg_lump_sum AS m WHERE m.decision_month <> 'none'
  UNION
  SELECT u.start_month AS month FROM staging.stg_ui_award AS u WHERE u.start_month <> 'none'
  UNION
  SELECT h.paid_month AS month FROM staging.stg_household_premium AS h
  UNION
  SELECT e.accounting_month AS month FROM staging.stg_ledger_entry AS e
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
