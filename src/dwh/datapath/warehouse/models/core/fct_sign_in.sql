-- model:     core.fct_sign_in
-- kind:      by_month(month)
-- from:      staging.stg_identity_event
-- lookup:    core.dim_application(application_code) by application_code
-- lookup:    core.dim_month(month) by event_month
-- grain:     month, day, org_code, application_code, event_code
-- order:     org_code
-- owner:     cntt
-- audits:    unique(grain), same_sum(events, staging.stg_identity_event(event_month)), refers(org_code, core.dim_org(org_code)), refers(application_code, core.dim_application(application_code)), refers(month, core.dim_month(month))
--
-- What happened at the door, added up by day, unit and application. Nobody can be told from it. A log runs ahead of
-- the figures: its newest month waits in staging until the warehouse has figures of that month.
-- Units:     events.
-- Org:       the office the account belonged to that day.
-- Source:    QC-DWH Điều 4.8.
SELECT
  c.month                                  AS month,            -- VARCHAR 'YYYY-MM'
  strftime(e.happened_on, '%Y-%m-%d')      AS day,              -- VARCHAR 'YYYY-MM-DD'
  e.org_code                               AS org_code,         -- VARCHAR
  a.application_code                       AS application_code, -- VARCHAR empty when IAM does not list it
  e.event_code                             AS event_code,       -- VARCHAR sign_in, failure, password, lock, otp or other
  CAST(SUM(e.events) AS BIGINT)            AS events            -- BIGINT events
FROM staging.stg_identity_event AS e
JOIN core.dim_month AS c ON c.month = e.event_month
LEFT JOIN core.dim_application AS a ON a.application_code = e.application_code
WHERE e.event_month IN (:months)
GROUP BY c.month, strftime(e.happened_on, '%Y-%m-%d'), e.org_code, a.application_code, e.event_code
