-- model:    core.fct_account
-- kind:     by_month(month)
-- from:     staging.stg_identity_event
-- lookup:   staging.account_at_month_end(month) by event_month
-- grain:    month, account_key
-- order:    org_code
-- owner:    cntt
-- audits:   unique(grain), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- The stock of accounts at month end.
-- Org:      where the holder worked that day.
-- Source:   QC-DWH Điều 4.8; CV-907 R3, R4.
WITH months AS (
  SELECT DISTINCT e.event_month AS month
  FROM staging.stg_identity_event AS e
  WHERE e.event_month IN (:months)
)
SELECT
  a.account_key  AS account_key, -- BIGINT key of the source row
  a.month        AS month,       -- VARCHAR 'YYYY-MM'
  a.org_code     AS org_code,    -- VARCHAR
  a.state_code   AS state_code,  -- VARCHAR active or locked
  a.factor_code  AS factor_code, -- VARCHAR with or without a second factor
  a.holder_code  AS holder_code  -- VARCHAR working, left, or none in the personnel system
FROM staging.account_at_month_end AS a
JOIN months AS m ON m.month = a.month
