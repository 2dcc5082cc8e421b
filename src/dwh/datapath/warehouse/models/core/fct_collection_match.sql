-- model:     core.fct_collection_match
-- kind:      by_month(due_month)
-- from:      staging.stg_contribution
-- lookup:    staging.stg_ledger_entry(due_month) by contribution_month
-- grain:     due_month, org_code, component_code
-- order:     org_code
-- owner:     tckt
-- conserves: collected_vnd
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(due_month, core.dim_month(month))
--
-- The collection system beside the ledger: what was collected for a month by either. They differ where a receipt was not
-- allocated or allocated two times (D-13), and where either system holds rows in error. Months of which the collection
-- system has no line are not compared. Money for a month before the reform that came after it stands at the new office
-- in the ledger: compare over today's units.
-- Units:     *_vnd are whole đồng.
-- Org:       org_code is the office of each system's own row.
-- Source:    QC-DWH Điều 4.1, 4.4; Điều 10.5 (reasonableness of the data).
WITH booked AS (
  SELECT e.due_month, e.org_code, u.component_code, SUM(e.credit_vnd) AS booked_vnd
  FROM staging.stg_ledger_entry AS e
  JOIN seed.ledger_use AS u ON u.activity_code = e.activity_code AND u.fund_code = e.fund_code
  JOIN core.dim_account AS a ON a.account_key = e.credit_key AND a.kind_code = 'revenue'
  WHERE e.due_month IN (:months) AND e.is_booked AND u.component_code IS NOT NULL
  GROUP BY e.due_month, e.org_code, u.component_code
),
both_systems AS (
  SELECT c.contribution_month AS due_month, c.org_code, c.component_code, c.collected_vnd, 0 AS booked_vnd
  FROM staging.stg_contribution AS c
  WHERE c.contribution_month IN (:months)
  UNION ALL
  SELECT b.due_month, b.org_code, b.component_code, 0 AS collected_vnd, b.booked_vnd
  FROM booked AS b
)
SELECT
  m.due_month                               AS due_month,      -- VARCHAR 'YYYY-MM' the money was due for
  m.org_code                                AS org_code,       -- VARCHAR
  m.component_code                          AS component_code, -- VARCHAR quỹ thành phần
  MAX(f.fund_code)                          AS fund_code,      -- VARCHAR si, hi or ui
  CAST(SUM(m.collected_vnd) AS BIGINT)      AS collected_vnd,  -- BIGINT đồng, Phần mềm Thu
  CAST(SUM(m.booked_vnd) AS BIGINT)         AS booked_vnd      -- BIGINT đồng, Kế toán tập trung
FROM both_systems AS m
LEFT JOIN seed.fund AS f ON f.component_code = m.component_code
GROUP BY m.due_month, m.org_code, m.component_code
