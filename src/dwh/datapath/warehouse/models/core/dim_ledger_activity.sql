-- model:    core.dim_ledger_activity
-- kind:     full
-- grain:    activity_code
-- owner:    tckt
-- audits:   unique(grain), has_rows, one_of(kind_code, waiting, revenue, benefit, running, transfer, closing)
--
-- Activities of accounting entries. Codes are invented configuration of the demonstration.
-- Source:   QC-DWH Điều 4.4.
SELECT
  a.activity_code  AS activity_code, -- VARCHAR
  a.activity_name  AS activity_name, -- VARCHAR
  a.kind_code      AS kind_code,     -- VARCHAR waiting, revenue, benefit, running, transfer or closing
  a.kind_name      AS kind_name      -- VARCHAR
FROM seed.ledger_activity AS a
