-- model:    core.dim_fund_source
-- kind:     full
-- grain:    fund_source_code
-- owner:    csxh
-- audits:   unique(grain), has_rows, one_of(payer_code, budget, si, voluntary, ui)
--
-- Where the money of a benefit comes from: the state budget or a fund.
-- Source:   forms 002.N/BCB-BHXH, 03T/BCN-TCKT.
SELECT
  s.fund_source_code  AS fund_source_code, -- VARCHAR
  s.fund_source_name  AS fund_source_name, -- VARCHAR
  s.payer_code        AS payer_code,       -- VARCHAR budget, si, voluntary or ui
  s.payer_name        AS payer_name        -- VARCHAR
FROM seed.fund_source AS s
