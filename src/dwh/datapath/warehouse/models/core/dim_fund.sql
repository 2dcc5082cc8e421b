-- model:    core.dim_fund
-- kind:     full
-- grain:    component_code
-- owner:    thu
-- audits:   unique(grain), one_of(fund_code, si, hi, ui)
--
-- Component funds and the fund they belong to: BHXH (si), BHYT (hi), BHTN (ui).
SELECT
  f.component_code  AS component_code, -- VARCHAR
  f.component_name  AS component_name, -- VARCHAR
  f.fund_code       AS fund_code,      -- VARCHAR si, hi or ui
  f.fund_name       AS fund_name       -- VARCHAR
FROM seed.fund AS f
