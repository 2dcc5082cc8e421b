-- model:     core.fct_budget_execution
-- kind:      by_month(accounting_month)
-- from:      staging.stg_ledger_entry
-- grain:     accounting_month, org_code, item_code, fund_code
-- order:     org_code
-- owner:     tckt
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(item_code, core.dim_budget_item(item_code)), refers(accounting_month, core.dim_month(month))
--
-- What the ledger executed of each budget item: income credited to accounts of income, spending debited to accounts of
-- spending, corrections netted. Transfers and closings of a year belong to no item.
-- Units:     executed_vnd is whole đồng.
-- Org:       org_code is the office that wrote the document, on the tree of that month.
-- Source:    QC-DWH Điều 4.4; items by activity and fund (seed ledger_use).
WITH sides AS (
  SELECT
    e.accounting_month, e.org_code, e.activity_code, e.fund_code, e.debit_key AS account_key, e.debit_vnd AS debit_vnd,
    0 AS credit_vnd
  FROM staging.stg_ledger_entry AS e
  WHERE e.accounting_month IN (:months) AND e.is_booked
  UNION ALL
  SELECT
    e.accounting_month, e.org_code, e.activity_code, e.fund_code, e.credit_key AS account_key, 0 AS debit_vnd,
    e.credit_vnd AS credit_vnd
  FROM staging.stg_ledger_entry AS e
  WHERE e.accounting_month IN (:months) AND e.is_booked
)
SELECT
  s.accounting_month        AS accounting_month, -- VARCHAR 'YYYY-MM'
  s.org_code                AS org_code,         -- VARCHAR
  u.item_code               AS item_code,        -- VARCHAR
  MAX(i.kind_code)          AS item_kind,        -- VARCHAR revenue or expenditure
  s.fund_code               AS fund_code,        -- VARCHAR
  CAST(SUM(CASE WHEN i.kind_code = 'revenue' THEN s.credit_vnd - s.debit_vnd ELSE s.debit_vnd - s.credit_vnd END) AS BIGINT)
                            AS executed_vnd      -- BIGINT đồng
FROM sides AS s
JOIN seed.ledger_use AS u ON u.activity_code = s.activity_code AND u.fund_code = s.fund_code
JOIN seed.budget_item AS i ON i.item_code = u.item_code
JOIN core.dim_account AS a ON a.account_key = s.account_key AND a.kind_code = i.kind_code
GROUP BY s.accounting_month, s.org_code, u.item_code, s.fund_code
