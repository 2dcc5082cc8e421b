-- model:    staging.edossier_open
-- kind:     full
-- grain:    month
-- owner:    vpho
-- audits:   unique(grain)
--
-- A number per month end that changes when the stock of open dossiers of that day does: by it a build knows which
-- months of the stock to make again without comparing the stock itself, millions of rows a month.
WITH months AS (
  SELECT DISTINCT f.closed_month AS month
  FROM staging.edossier_flow AS f
  WHERE f.closed_month <> 'none'
),
pairs AS (
  SELECT DISTINCT m.month, f.received_month, f.closed_month
  FROM staging.edossier_flow AS f
  JOIN months AS m ON f.received_month <= m.month AND m.month < f.closed_month
)
SELECT
  p.month    AS month,    -- VARCHAR 'YYYY-MM'
  COUNT(*)   AS dossiers, -- BIGINT open at the end of the month, those that ended without a date among them
  CAST(BIT_XOR(hash(
    d.source_id, d.received_org_code, d.received_org_until, d.org_code, d.procedure_code, d.field_code, d.channel_code,
    d.form_code, d.service_code, d.due_on, d.outcome
  )) AS VARCHAR) AS digest -- VARCHAR
FROM pairs AS p
JOIN staging.stg_edossier AS d ON d.received_month = p.received_month AND d.closed_month = p.closed_month
GROUP BY p.month
