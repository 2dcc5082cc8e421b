-- model:    core.dim_budget_item
-- kind:     full
-- grain:    item_code
-- owner:    tckt
-- audits:   unique(grain), has_rows, one_of(kind_code, revenue, expenditure)
--
-- What a budget is assigned for. Codes are invented configuration of the demonstration.
-- Source:   QC-DWH Điều 4.4.
SELECT
  i.item_code  AS item_code, -- VARCHAR
  i.item_name  AS item_name, -- VARCHAR
  i.kind_code  AS kind_code, -- VARCHAR revenue or expenditure
  i.kind_name  AS kind_name  -- VARCHAR
FROM seed.budget_item AS i
