-- model:    staging.edossier_entry
-- kind:     full
-- grain:    month, org_code, procedure_code, field_code, channel_code, form_code, service_code
-- owner:    vpho
-- audits:   unique(grain), not_null(month), not_null(org_code)
--
-- What came in and what fell due in each month, whenever its result was given.
-- Org:      the office that received the dossier; of a due date after its end, the one that has the dossier.
WITH events AS (
  SELECT
    f.received_month AS month, f.received_org_code AS org_code, f.procedure_code, f.field_code, f.channel_code,
    f.form_code, f.service_code, f.dossiers AS received, f.undated, 0 AS due
  FROM staging.edossier_flow AS f
  UNION ALL
  SELECT
    f.due_month,
    CASE WHEN f.received_org_until > LAST_DAY(CAST(f.due_month || '-01' AS DATE)) THEN f.received_org_code ELSE f.org_code END,
    f.procedure_code, f.field_code, f.channel_code, f.form_code, f.service_code, 0, 0, f.dossiers
  FROM staging.edossier_flow AS f
  WHERE f.due_month IS NOT NULL
)
SELECT
  e.month                          AS month,          -- VARCHAR 'YYYY-MM'
  e.org_code                       AS org_code,       -- VARCHAR
  e.procedure_code                 AS procedure_code, -- VARCHAR
  e.field_code                     AS field_code,     -- VARCHAR
  e.channel_code                   AS channel_code,   -- VARCHAR
  e.form_code                      AS form_code,      -- VARCHAR
  e.service_code                   AS service_code,   -- VARCHAR
  CAST(SUM(e.received) AS BIGINT)  AS received,       -- BIGINT dossiers
  CAST(SUM(e.due) AS BIGINT)       AS due,            -- BIGINT dossiers
  CAST(SUM(e.undated) AS BIGINT)   AS undated         -- BIGINT dossiers of the month of receipt that ended nobody knows when
FROM events AS e
GROUP BY e.month, e.org_code, e.procedure_code, e.field_code, e.channel_code, e.form_code, e.service_code
