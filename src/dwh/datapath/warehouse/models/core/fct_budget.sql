-- model:     core.fct_budget
-- kind:      by_month(month)
-- from:      staging.stg_budget
-- grain:     decision_key
-- order:     org_code
-- owner:     tckt
-- conserves: assigned_vnd, supplement_vnd, adjustment_vnd
-- excludes:  ahead where is_ahead
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(item_code, core.dim_budget_item(item_code)), refers(month, core.dim_month(month))
--
-- Budget decisions: what was assigned for a year, added to it and moved. The months of a year add up to its budget.
-- Decisions for months the ledger has not reached wait and are counted.
-- Units:     *_vnd are whole đồng.
-- Org:       org_code is the unit the budget was assigned to, on the tree of that month.
-- Source:    QC-DWH Điều 4.4.
SELECT
  b.source_id       AS decision_key,   -- BIGINT key of the source row
  b.month           AS month,          -- VARCHAR 'YYYY-MM' within the budget year
  b.org_code        AS org_code,       -- VARCHAR
  b.item_code       AS item_code,      -- VARCHAR
  i.kind_code       AS item_kind,      -- VARCHAR revenue or expenditure
  b.assigned_vnd    AS assigned_vnd,   -- BIGINT đồng, at the beginning of the year
  b.supplement_vnd  AS supplement_vnd, -- BIGINT đồng
  b.adjustment_vnd  AS adjustment_vnd, -- BIGINT đồng
  b.assigned_vnd + b.supplement_vnd + b.adjustment_vnd AS budget_vnd, -- BIGINT đồng, all three
  b.batch_id        AS last_batch_id   -- VARCHAR
FROM staging.stg_budget AS b
JOIN seed.budget_item AS i ON i.item_code = b.item_code
WHERE b.month IN (:months) AND NOT b.is_ahead
