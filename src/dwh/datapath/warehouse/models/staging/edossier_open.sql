-- model:    staging.edossier_open
-- kind:     full
-- grain:    month, org_code, procedure_code, field_code, channel_code, form_code, service_code, timeliness
-- owner:    vpho
-- audits:   unique(grain), not_null(org_code)
--
-- Dossiers open at the end of every month with a result: received by then, ended later or not at all. What ended nobody
-- knows when is not among them. Made whole from sums, for it is small; the fact takes the months that changed.
-- Org:      the office that received the dossier while it stands, else the one that has it: the tree of that month.
WITH months AS (
  SELECT DISTINCT f.closed_month AS month, LAST_DAY(CAST(f.closed_month || '-01' AS DATE)) AS last_day
  FROM staging.edossier_flow AS f
  WHERE f.closed_month <> 'none'
),
stays AS (
  SELECT DISTINCT m.month, m.last_day, f.received_month, f.closed_month
  FROM staging.edossier_flow AS f
  JOIN months AS m ON f.received_month <= m.month AND m.month < f.closed_month -- 'none' is later than any month
),
dossiers AS (
  SELECT
    s.month, f.procedure_code, f.field_code, f.channel_code, f.form_code, f.service_code,
    CASE WHEN f.received_org_until > s.last_day THEN f.received_org_code ELSE f.org_code END AS org_code,
    CASE WHEN f.due_month IS NULL THEN 'unknown' WHEN f.due_month <= s.month THEN 'overdue' ELSE 'within' END AS timeliness,
    f.dossiers - f.undated AS dossiers
  FROM stays AS s
  JOIN staging.edossier_flow AS f ON f.received_month = s.received_month AND f.closed_month = s.closed_month
  WHERE f.dossiers > f.undated
)
SELECT
  d.month                          AS month,          -- VARCHAR 'YYYY-MM'
  d.org_code                       AS org_code,       -- VARCHAR
  d.procedure_code                 AS procedure_code, -- VARCHAR
  d.field_code                     AS field_code,     -- VARCHAR
  d.channel_code                   AS channel_code,   -- VARCHAR
  d.form_code                      AS form_code,      -- VARCHAR
  d.service_code                   AS service_code,   -- VARCHAR
  d.timeliness                     AS timeliness,     -- VARCHAR within, overdue or unknown, at month end
  CAST(SUM(d.dossiers) AS BIGINT)  AS dossiers        -- BIGINT open
FROM dossiers AS d
GROUP BY
  d.month, d.org_code, d.procedure_code, d.field_code, d.channel_code, d.form_code, d.service_code, d.timeliness
