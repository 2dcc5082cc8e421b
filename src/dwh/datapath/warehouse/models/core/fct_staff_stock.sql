-- model:    core.fct_staff_stock
-- kind:     by_month(month)
-- from:     staging.stg_identity_event
-- lookup:   staging.staff_at_month_end(month) by event_month
-- grain:    month, staff_key
-- order:    org_code
-- owner:    tccb
-- audits:   unique(grain), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- The stock of staff at month end: one row per person.
-- Org:      the unit the person worked in that day.
-- Source:   QC-DWH Điều 4.6.
WITH months AS (
  SELECT DISTINCT e.event_month AS month
  FROM staging.stg_identity_event AS e
  WHERE e.event_month IN (:months)
)
SELECT
  s.staff_key     AS staff_key,    -- BIGINT key of the source row
  s.month         AS month,        -- VARCHAR 'YYYY-MM'
  s.org_code      AS org_code,     -- VARCHAR
  s.staff_kind    AS staff_kind,   -- VARCHAR
  s.sex_code      AS sex_code,     -- VARCHAR
  s.title         AS title,        -- VARCHAR
  s.post_code     AS post_code,    -- VARCHAR leader or staff
  s.mailbox_code  AS mailbox_code  -- VARCHAR with or without a mailbox
FROM staging.staff_at_month_end AS s
JOIN months AS m ON m.month = s.month
