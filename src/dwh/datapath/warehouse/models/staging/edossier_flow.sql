-- model:     staging.edossier_flow
-- kind:      by_month(closed_month)
-- from:      staging.stg_edossier
-- grain:     closed_month, received_month, due_month, received_org_code, org_code, procedure_code, field_code, channel_code, form_code, service_code
-- owner:     vpho
-- conserves: dossiers
-- excludes:  waiting where NOT is_received
-- audits:    unique(grain), not_null(received_month)
--
-- Dossiers added up by the months of receipt, of the due date and of the result: from it come the facts. What waits to
-- be received is left out and counted. A result before its receipt, or one without a due date, is counted as untimed.
-- Units:     dossiers; working_days is a sum over the timed ones.
SELECT
  d.closed_month                             AS closed_month,       -- VARCHAR 'YYYY-MM', 'none' while open
  d.received_month                           AS received_month,     -- VARCHAR 'YYYY-MM'
  strftime(d.due_on, '%Y-%m')                AS due_month,          -- VARCHAR 'YYYY-MM', empty without a due date
  d.received_org_code                        AS received_org_code,  -- VARCHAR
  d.org_code                                 AS org_code,           -- VARCHAR
  d.procedure_code                           AS procedure_code,     -- VARCHAR
  d.field_code                               AS field_code,         -- VARCHAR
  d.channel_code                             AS channel_code,       -- VARCHAR
  d.form_code                                AS form_code,          -- VARCHAR
  d.service_code                             AS service_code,       -- VARCHAR
  MAX(d.received_org_until)                  AS received_org_until, -- DATE half open
  CAST(SUM(d.dossiers) AS BIGINT)            AS dossiers,           -- BIGINT received
  COUNT(CASE WHEN d.outcome = 'done' AND d.closed_on IS NOT NULL THEN 1 END)      AS done,      -- BIGINT with a result
  COUNT(CASE WHEN d.outcome = 'done' AND d.timeliness = 'on_time' THEN 1 END)     AS on_time,   -- BIGINT of done
  COUNT(CASE WHEN d.outcome = 'done' AND d.timeliness = 'late' THEN 1 END)        AS late,      -- BIGINT of done
  COUNT(CASE WHEN d.outcome = 'done' AND d.timeliness = 'unknown' THEN 1 END)     AS untimed,   -- BIGINT of done
  COUNT(CASE WHEN d.outcome = 'refused' AND d.closed_on IS NOT NULL THEN 1 END)   AS refused,   -- BIGINT
  COUNT(CASE WHEN d.outcome = 'withdrawn' AND d.closed_on IS NOT NULL THEN 1 END) AS withdrawn, -- BIGINT
  COUNT(CASE WHEN d.outcome IN ('done', 'refused', 'withdrawn') AND d.closed_on IS NULL THEN 1 END) AS undated, -- BIGINT ended, nobody knows when
  COUNT(CASE WHEN d.outcome = 'done' AND d.timeliness IN ('on_time', 'late') AND d.kept_promise THEN 1 END) AS kept_promise, -- BIGINT on time by the source's calendar days
  CAST(SUM(CASE WHEN d.outcome = 'done' AND d.timeliness IN ('on_time', 'late') THEN d.working_days ELSE 0 END) AS BIGINT) AS working_days -- BIGINT days
FROM staging.stg_edossier AS d
WHERE d.closed_month IN (:months) AND d.is_received
GROUP BY
  d.closed_month, d.received_month, strftime(d.due_on, '%Y-%m'), d.received_org_code, d.org_code, d.procedure_code,
  d.field_code, d.channel_code, d.form_code, d.service_code
