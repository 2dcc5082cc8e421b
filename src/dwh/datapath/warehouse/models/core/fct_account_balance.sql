-- model:     core.fct_account_balance
-- kind:      by_month(month)
-- from:      staging.stg_account_balance
-- grain:     balance_key
-- order:     org_code
-- owner:     tckt
-- conserves: rows, opening_debit_vnd, opening_credit_vnd, closing_debit_vnd, closing_credit_vnd
-- audits:    unique(grain), unique(month, org_code, account_key, fund_code), not_negative(closing_debit_vnd), not_negative(closing_credit_vnd), refers(org_code, core.dim_org(org_code)), refers(account_key, core.dim_account(account_key)), refers(month, core.dim_month(month))
--
-- The stock of every account at month end, per accounting unit and fund, as the source closed it. Over time the last
-- month counts, never a sum.
-- Units:     *_vnd are whole đồng.
-- Org:       org_code is the accounting unit (provincial BHXH or the centre), on the tree of that month.
-- Source:    QC-DWH Điều 4.4.
SELECT
  b.source_id             AS balance_key,        -- BIGINT key of the source row
  b.month                 AS month,              -- VARCHAR 'YYYY-MM'
  b.org_code              AS org_code,           -- VARCHAR
  b.account_key           AS account_key,        -- BIGINT
  b.fund_code             AS fund_code,          -- VARCHAR
  b.opening_debit_vnd     AS opening_debit_vnd,  -- BIGINT đồng
  b.opening_credit_vnd    AS opening_credit_vnd, -- BIGINT đồng
  b.closing_debit_vnd     AS closing_debit_vnd,  -- BIGINT đồng
  b.closing_credit_vnd    AS closing_credit_vnd, -- BIGINT đồng
  b.batch_id              AS last_batch_id       -- VARCHAR
FROM staging.stg_account_balance AS b
WHERE b.month IN (:months)
