-- model:    core.fct_staff_movement
-- kind:     by_month(month)
-- from:     staging.stg_identity_event
-- lookup:   staging.stg_staff_decision(effective_month) by event_month
-- grain:    month, org_code, decision_kind
-- order:    org_code
-- owner:    tccb
-- audits:   unique(grain), not_negative(late_days), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- Personnel decisions by the month they took effect, and how late they were entered (D-29). Those of months before the
-- warehouse or the sign-in log begins, or still to come, stay in staging.
-- Units:    decisions; late_days are calendar days.
-- Org:      the unit the person went to, or left for good.
-- Source:   QC-DWH Điều 4.6; CV-907 R3.
WITH months AS (
  SELECT DISTINCT e.event_month AS month
  FROM staging.stg_identity_event AS e
  JOIN core.dim_month AS c ON c.month = e.event_month
  WHERE e.event_month IN (:months)
)
SELECT
  m.month                           AS month,         -- VARCHAR 'YYYY-MM'
  q.unit_org_code                   AS org_code,      -- VARCHAR
  q.decision_kind                   AS decision_kind, -- VARCHAR
  COUNT(*)                          AS decisions,     -- BIGINT decisions
  COUNT(CASE WHEN q.late_days > 0 THEN 1 END) AS late_decisions, -- BIGINT decisions entered after they took effect
  CAST(COALESCE(SUM(q.late_days), 0) AS BIGINT) AS late_days      -- BIGINT days
FROM staging.stg_staff_decision AS q
JOIN months AS m ON m.month = q.effective_month
GROUP BY m.month, q.unit_org_code, q.decision_kind
