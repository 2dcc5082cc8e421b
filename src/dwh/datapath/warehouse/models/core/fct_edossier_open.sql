-- model:    core.fct_edossier_open
-- kind:     by_month(month)
-- from:     staging.stg_edossier
-- lookup:   staging.edossier_open(month) by closed_month
-- grain:    month, dossier_key
-- order:    org_code
-- owner:    vpho
-- audits:   unique(grain), not_null(timeliness), refers(org_code, core.dim_org(org_code)), refers(procedure_code, core.dim_procedure(procedure_code)), refers(month, core.dim_month(month))
--
-- The stock of dossiers in process at month end: received by then and not ended. What ended nobody knows when is not in
-- it (fct_edossier counts it as undated).
-- Org:      the office that received the dossier while it stands, else the one that has it: the tree of that month.
-- Source:   QC-DWH Điều 4.7.
WITH ends AS (
  SELECT o.month
  FROM staging.edossier_open AS o
  WHERE o.month IN (:months) AND o.digest IS NOT NULL AND o.dossiers > 0 -- read, so that a change of them is seen
)
SELECT
  d.source_id                                                 AS dossier_key,    -- BIGINT key of the source row
  m.month                                                     AS month,          -- VARCHAR 'YYYY-MM'
  CASE
    WHEN d.received_org_until > LAST_DAY(CAST(m.month || '-01' AS DATE)) THEN d.received_org_code
    ELSE d.org_code
  END                                                         AS org_code,       -- VARCHAR
  d.procedure_code                                            AS procedure_code, -- VARCHAR
  d.field_code                                                AS field_code,     -- VARCHAR
  d.channel_code                                              AS channel_code,   -- VARCHAR
  d.form_code                                                 AS form_code,      -- VARCHAR online or paper
  d.service_code                                              AS service_code,   -- VARCHAR full, part or none
  CASE
    WHEN d.due_on IS NULL THEN 'unknown'
    WHEN d.due_on <= LAST_DAY(CAST(m.month || '-01' AS DATE)) THEN 'overdue'
    ELSE 'within'
  END                                                         AS timeliness      -- VARCHAR within, overdue or unknown, at month end
FROM ends AS m
JOIN staging.stg_edossier AS d ON d.received_month <= m.month AND d.closed_month > m.month
WHERE d.closed_month <> 'none' OR d.outcome = 'open'
