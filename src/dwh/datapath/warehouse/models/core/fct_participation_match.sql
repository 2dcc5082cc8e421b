-- model:     core.fct_participation_match
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- lookup:    core.fct_participation(month) by contribution_month
-- lookup:    staging.number_match(participant_key) by participant_key
-- grain:     month, org_code, fund_code, scheme_code
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), not_negative(numbers), not_negative(matched_numbers), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- The stock of participants at month end by whether the national population database has confirmed their number by then
-- (ST-09). A number is one head of a fund; it may stand in several funds.
-- Units:     numbers and matched_numbers are whole numbers. Over time the last month counts, never a sum.
-- Org:       org_code is the office of the main employer's line.
-- Source:    QC-DWH Điều 4.1, 4.5.
WITH months AS (
  SELECT c.contribution_month AS month, LAST_DAY(CAST(c.contribution_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_contribution AS c
  WHERE c.contribution_month IN (:months)
  GROUP BY c.contribution_month
)
SELECT
  p.month                                                                  AS month,           -- VARCHAR 'YYYY-MM'
  p.org_code                                                               AS org_code,        -- VARCHAR
  p.fund_code                                                              AS fund_code,       -- VARCHAR si, hi or ui
  p.scheme_code                                                            AS scheme_code,     -- VARCHAR compulsory or voluntary in this fund
  COUNT(*)                                                                 AS numbers,         -- BIGINT numbers that take part
  COUNT(CASE WHEN m.matched_on <= t.last_day THEN 1 END)                   AS matched_numbers -- BIGINT of them, those confirmed by the last day
FROM months AS t
JOIN core.fct_participation AS p ON p.month = t.month
LEFT JOIN staging.number_match AS m ON m.participant_key = p.participant_key
GROUP BY p.month, p.org_code, p.fund_code, p.scheme_code
