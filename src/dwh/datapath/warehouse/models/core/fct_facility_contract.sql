-- model:     core.fct_facility_contract
-- kind:      by_month(month)
-- from:      staging.stg_claim
-- grain:     month, facility_key
-- order:     org_code
-- owner:     giamdinh
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(facility_key, core.dim_facility(facility_key)), refers(month, core.dim_month(month))
--
-- The stock of health facilities under contract on the last day of each month that has claims (YT-24). A facility that
-- signed a new contract is a new row of the source with the same number: facility_code counts it once.
-- Units:     rows are contracts in force.
-- Org:       org_code is the office in charge, or after a reform the unit that took it over.
-- Source:    QC-DWH Điều 4.3.
WITH months AS (
  SELECT v.visit_month AS month, LAST_DAY(CAST(v.visit_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_claim AS v
  WHERE v.visit_month IN (:months)
  GROUP BY v.visit_month
)
SELECT
  m.month                                                                      AS month,         -- VARCHAR 'YYYY-MM'
  CASE WHEN o.valid_until > m.last_day THEN o.org_code ELSE o.cur_org_code END AS org_code,      -- VARCHAR
  f.facility_key                                                               AS facility_key,  -- BIGINT
  f.facility_code                                                              AS facility_code  -- VARCHAR
FROM months AS m
JOIN staging.stg_facility AS f ON f.contract_from <= m.last_day AND m.last_day <= f.contract_to
JOIN core.dim_org AS o ON o.org_code = f.org_code
