-- model:     core.fct_edossier
-- kind:      by_month(month)
-- from:      staging.edossier_flow
-- lookup:    staging.edossier_entry(month) by closed_month
-- grain:     month, org_code, procedure_code, field_code, channel_code, form_code, service_code
-- order:     org_code
-- owner:     vpho
-- conserves: done, refused, withdrawn
-- audits:    unique(grain), not_negative(working_days), same_sum(received, staging.edossier_entry(month)), refers(org_code, core.dim_org(org_code)), refers(procedure_code, core.dim_procedure(procedure_code)), refers(month, core.dim_month(month))
--
-- What happened to dossiers in a month: received, fallen due, ended, and how. Each is counted in the month it happened,
-- so a month is finished when it is over. done = on_time + late + untimed. A month begins with its first result.
-- Units:     dossiers; working_days are days. On time is recomputed in working days (D-37).
-- Org:       the office that received it, for what came in; the one that gave the result, for what ended.
-- Source:    QC-DWH Điều 4.7; QĐ 88/QĐ-BHXH (2022) Điều 30.
WITH begun AS (
  SELECT DISTINCT f.closed_month AS month
  FROM staging.edossier_flow AS f
  WHERE f.closed_month IN (:months) AND f.closed_month <> 'none'
),
events AS (
  SELECT
    e.month, e.org_code, e.procedure_code, e.field_code, e.channel_code, e.form_code, e.service_code, e.received, e.due,
    e.undated, 0 AS done, 0 AS on_time, 0 AS late, 0 AS untimed, 0 AS refused, 0 AS withdrawn, 0 AS kept_promise,
    0 AS working_days
  FROM staging.edossier_entry AS e
  WHERE e.month IN (SELECT b.month FROM begun AS b)
  UNION ALL
  SELECT
    f.closed_month, f.org_code, f.procedure_code, f.field_code, f.channel_code, f.form_code, f.service_code, 0, 0, 0,
    f.done, f.on_time, f.late, f.untimed, f.refused, f.withdrawn, f.kept_promise, f.working_days
  FROM staging.edossier_flow AS f
  WHERE f.closed_month IN (:months) AND f.closed_month <> 'none'
)
SELECT
  e.month                              AS month,          -- VARCHAR 'YYYY-MM'
  e.org_code                           AS org_code,       -- VARCHAR
  e.procedure_code                     AS procedure_code, -- VARCHAR
  e.field_code                         AS field_code,     -- VARCHAR
  e.channel_code                       AS channel_code,   -- VARCHAR
  e.form_code                          AS form_code,      -- VARCHAR online or paper
  e.service_code                       AS service_code,   -- VARCHAR full, part or none
  CAST(SUM(e.received) AS BIGINT)      AS received,       -- BIGINT dossiers
  CAST(SUM(e.due) AS BIGINT)           AS due,            -- BIGINT dossiers whose due date lies in the month
  CAST(SUM(e.done) AS BIGINT)          AS done,           -- BIGINT dossiers with a result
  CAST(SUM(e.on_time) AS BIGINT)       AS on_time,        -- BIGINT of done
  CAST(SUM(e.late) AS BIGINT)          AS late,           -- BIGINT of done
  CAST(SUM(e.untimed) AS BIGINT)       AS untimed,        -- BIGINT of done
  CAST(SUM(e.refused) AS BIGINT)       AS refused,        -- BIGINT dossiers
  CAST(SUM(e.withdrawn) AS BIGINT)     AS withdrawn,      -- BIGINT dossiers
  CAST(SUM(e.undated) AS BIGINT)       AS undated,        -- BIGINT dossiers received in the month that ended nobody knows when
  CAST(SUM(e.kept_promise) AS BIGINT)  AS kept_promise,   -- BIGINT on time by the day the source promised
  CAST(SUM(e.working_days) AS BIGINT)  AS working_days    -- BIGINT days from receipt to result of on_time + late
FROM events AS e
GROUP BY e.month, e.org_code, e.procedure_code, e.field_code, e.channel_code, e.form_code, e.service_code
