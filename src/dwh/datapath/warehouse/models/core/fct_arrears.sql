-- model:     core.fct_arrears
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- lookup:    staging.arrears_at_month_end(month) by contribution_month
-- grain:     month, org_code, employer_key, component_code, age_code
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), not_negative(arrears_vnd), same_sum(arrears_vnd, staging.arrears_at_month_end(month)), refers(org_code, core.dim_org(org_code)), refers(employer_key, core.dim_employer(employer_key)), refers(month, core.dim_month(month))
--
-- The stock of late payment at month end, by employer, fund and age of the debt (NO-01, NO-02, NO-04, NO-08).
-- Units:     arrears_vnd is whole đồng. Over time the last month counts, never a sum.
-- Org:       org_code is the office that has to collect it at that month end.
-- Source:    QC-DWH Điều 4.1; QĐ 595/QĐ-BHXH (groups of late payment).
WITH months AS (
  SELECT DISTINCT m.contribution_month AS month
  FROM staging.stg_contribution AS m
  WHERE m.contribution_month IN (:months)
)
SELECT
  a.month           AS month,          -- VARCHAR 'YYYY-MM'
  a.org_code        AS org_code,       -- VARCHAR
  a.employer_key    AS employer_key,   -- BIGINT
  a.component_code  AS component_code, -- VARCHAR quỹ thành phần
  f.fund_code       AS fund_code,      -- VARCHAR si, hi or ui
  a.age_code        AS age_code,       -- VARCHAR current, short, long or hard
  a.arrears_vnd     AS arrears_vnd     -- BIGINT đồng
FROM staging.arrears_at_month_end AS a
JOIN months AS m ON m.month = a.month
LEFT JOIN seed.fund AS f ON f.component_code = a.component_code
