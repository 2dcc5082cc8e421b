-- model:    core.dim_application
-- kind:     full
-- grain:    application_code
-- owner:    cntt
-- audits:   unique(grain)
--
-- Applications people sign in to through IAM.
-- Source:   QC-DWH Điều 4.8.
SELECT
  a.application_code         AS application_code, -- VARCHAR
  MAX(a.application_name)    AS application_name, -- VARCHAR
  MAX(a.owner_unit)          AS owner_unit        -- VARCHAR
FROM staging.stg_identity_app AS a
GROUP BY a.application_code
