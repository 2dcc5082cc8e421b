-- model:    core.fct_edossier_open
-- kind:     by_month(month)
-- from:     staging.edossier_flow
-- lookup:   staging.edossier_open(month) by closed_month
-- grain:    month, org_code, procedure_code, field_code, channel_code, form_code, service_code, timeliness
-- order:    org_code
-- owner:    vpho
-- audits:   unique(grain), same_sum(dossiers, staging.edossier_open(month)), refers(org_code, core.dim_org(org_code)), refers(procedure_code, core.dim_procedure(procedure_code)), refers(month, core.dim_month(month))
--
-- The stock of dossiers in process at month end: received by then and not ended. What ended nobody knows when is not in
-- it (fct_edossier counts it as undated).
-- Units:    dossiers; never add months up.
-- Org:      the office that received the dossier while it stands, else the one that has it: the tree of that month.
-- Source:   QC-DWH Điều 4.7.
WITH begun AS (
  SELECT DISTINCT f.closed_month AS month
  FROM staging.edossier_flow AS f
  WHERE f.closed_month IN (:months)
)
SELECT
  o.month           AS month,          -- VARCHAR 'YYYY-MM'
  o.org_code        AS org_code,       -- VARCHAR
  o.procedure_code  AS procedure_code, -- VARCHAR
  o.field_code      AS field_code,     -- VARCHAR
  o.channel_code    AS channel_code,   -- VARCHAR
  o.form_code       AS form_code,      -- VARCHAR online or paper
  o.service_code    AS service_code,   -- VARCHAR full, part or none
  o.timeliness      AS timeliness,     -- VARCHAR within, overdue or unknown, at month end
  o.dossiers        AS dossiers        -- BIGINT open
FROM staging.edossier_open AS o
JOIN begun AS b ON b.month = o.month
