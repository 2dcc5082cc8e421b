-- model:    core.dim_account
-- kind:     full
-- grain:    account_key
-- owner:    tckt
-- audits:   unique(grain), not_null(account_code), not_null(group_code), one_of(kind_code, asset, liability, fund, revenue, expenditure, unknown)
--
-- Accounts of both charts. A group holds the accounts of either chart that are for the same thing, so that a year on
-- one side of the change compares with a year on the other.
-- Source:   QC-DWH Điều 4.4; groups are ours (seed account_group).
SELECT
  a.account_key                                AS account_key,  -- BIGINT key of the source row
  a.account_code                               AS account_code, -- VARCHAR number in its chart
  a.account_name                               AS account_name, -- VARCHAR
  a.chart_name                                 AS chart_name,   -- VARCHAR the circular
  COALESCE(g.group_code, 'other')              AS group_code,   -- VARCHAR the same in both charts
  COALESCE(g.group_name, 'Chưa xếp nhóm')      AS group_name,   -- VARCHAR
  COALESCE(g.kind_code, 'unknown')             AS kind_code,    -- VARCHAR asset, liability, fund, revenue or expenditure
  COALESCE(g.kind_name, 'Chưa phân loại')      AS kind_name     -- VARCHAR
FROM staging.stg_account AS a
LEFT JOIN seed.account_group AS g ON g.account_code = a.account_code
