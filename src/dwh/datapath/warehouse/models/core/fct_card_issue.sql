-- model:     core.fct_card_issue
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- lookup:    staging.stg_hi_card(valid_month) by contribution_month
-- grain:     month, org_code, object_code, reason_code
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), one_of(reason_code, new, renewed, reissued, changed, other), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- Health-insurance cards by the month their validity begins and why they were issued (ST-05, rows of form D10a-TS). The
-- source does not say when a card was handed over. Cards that began before the first month of the warehouse stay out.
-- Units:     cards is a whole number.
-- Org:       org_code is the issuing office, or after a reform the unit that took it over.
-- Source:    QC-DWH Điều 4.1.
WITH months AS (
  SELECT m.contribution_month AS month, LAST_DAY(CAST(m.contribution_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_contribution AS m
  WHERE m.contribution_month IN (:months)
  GROUP BY m.contribution_month
)
SELECT
  m.month                                                                      AS month,       -- VARCHAR 'YYYY-MM'
  CASE WHEN o.valid_until > m.last_day THEN o.org_code ELSE o.cur_org_code END AS org_code,    -- VARCHAR
  c.object_code                                                                AS object_code, -- VARCHAR
  MAX(k.group_code)                                                            AS group_code,  -- VARCHAR I to V, empty for an unknown object
  c.reason_code                                                                AS reason_code, -- VARCHAR new, renewed, reissued, changed or other
  COUNT(*)                                                                     AS cards        -- BIGINT cards
FROM months AS m
JOIN staging.stg_hi_card AS c ON c.valid_month = m.month
JOIN core.dim_org AS o ON o.org_code = c.org_code
LEFT JOIN seed.hi_object AS k ON k.object_code = c.object_code
GROUP BY m.month, CASE WHEN o.valid_until > m.last_day THEN o.org_code ELSE o.cur_org_code END, c.object_code, c.reason_code
