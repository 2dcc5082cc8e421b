-- model:     core.fct_participation_change
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- lookup:    core.fct_participation(month) by contribution_month
-- lookup:    core.fct_participation(month) by strftime(CAST(contribution_month || '-01' AS DATE) - INTERVAL 1 MONTH, '%Y-%m')
-- grain:     month, org_code, employer_key, fund_code, scheme_code
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), not_negative(entered), not_negative(gone), refers(org_code, core.dim_org(org_code)), refers(employer_key, core.dim_employer(employer_key)), refers(month, core.dim_month(month))
--
-- Who came into a fund and who left it, month against month before (TG-11 to TG-13): a head of this month that was none
-- of the month before came, a head of the month before that is none now is gone. Over the nation entered - gone is the
-- change of the stock. Who moved between offices is in neither. The first month of the warehouse has none.
-- Units:     entered and gone are people.
-- Org:       the office of the month the person came, or was last there; after its end, the unit that took it over.
-- Source:    QC-DWH Điều 4.1.
WITH months AS (
  SELECT
    m.contribution_month AS month, LAST_DAY(CAST(m.contribution_month || '-01' AS DATE)) AS last_day,
    strftime(CAST(m.contribution_month || '-01' AS DATE) - INTERVAL 1 MONTH, '%Y-%m') AS before
  FROM staging.stg_contribution AS m
  WHERE m.contribution_month IN (:months)
  GROUP BY m.contribution_month
),
known AS (
  SELECT m.month, m.before, m.last_day
  FROM months AS m
  WHERE EXISTS (SELECT 1 FROM core.fct_participation AS e WHERE e.month = m.before)
),
events AS (
  SELECT k.month, k.last_day, n.org_code, n.employer_key, n.fund_code, n.scheme_code, 1 AS entered, 0 AS gone
  FROM known AS k
  JOIN core.fct_participation AS n ON n.month = k.month
  LEFT JOIN core.fct_participation AS b
    ON b.month = k.before AND b.participant_key = n.participant_key AND b.fund_code = n.fund_code
      AND b.scheme_code = n.scheme_code
  WHERE b.participant_key IS NULL
  UNION ALL
  SELECT k.month, k.last_day, b.org_code, b.employer_key, b.fund_code, b.scheme_code, 0 AS entered, 1 AS gone
  FROM known AS k
  JOIN core.fct_participation AS b ON b.month = k.before
  LEFT JOIN core.fct_participation AS n
    ON n.month = k.month AND n.participant_key = b.participant_key AND n.fund_code = b.fund_code
      AND n.scheme_code = b.scheme_code
  WHERE n.participant_key IS NULL
)
SELECT
  e.month                                                                      AS month,        -- VARCHAR 'YYYY-MM'
  CASE WHEN o.valid_until > e.last_day THEN o.org_code ELSE o.cur_org_code END AS org_code,     -- VARCHAR
  e.employer_key                                                               AS employer_key, -- BIGINT
  e.fund_code                                                                  AS fund_code,    -- VARCHAR si, hi or ui
  e.scheme_code                                                                AS scheme_code,  -- VARCHAR compulsory or voluntary in this fund
  CAST(SUM(e.entered) AS BIGINT)                                               AS entered,      -- BIGINT people
  CAST(SUM(e.gone) AS BIGINT)                                                  AS gone          -- BIGINT people
FROM events AS e
JOIN core.dim_org AS o ON o.org_code = e.org_code
GROUP BY
  e.month, CASE WHEN o.valid_until > e.last_day THEN o.org_code ELSE o.cur_org_code END, e.employer_key, e.fund_code,
  e.scheme_code
