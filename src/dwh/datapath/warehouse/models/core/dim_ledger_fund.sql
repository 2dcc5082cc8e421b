-- model:    core.dim_ledger_fund
-- kind:     full
-- grain:    fund_code
-- owner:    tckt
-- audits:   unique(grain), has_rows
--
-- Funds as accounting keeps them: finer than BHXH, BHYT, BHTN, with the state budget and the running costs.
-- Source:   QC-DWH Điều 4.4; codes of sources.md §6.
SELECT
  f.fund_code  AS fund_code, -- VARCHAR
  f.fund_name  AS fund_name  -- VARCHAR
FROM seed.ledger_fund AS f
