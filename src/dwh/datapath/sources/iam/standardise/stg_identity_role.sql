-- model:    staging.stg_identity_role
-- kind:     full
-- from:     landed.iam_vai_tro
-- grain:    source_id
-- owner:    cntt
-- audits:   unique(grain), not_null(role_code)
--
-- Roles of applications.
-- Source:   QC-DWH Điều 4.8.
WITH t AS (
  SELECT r.id, r.ma_vai_tro, r.ma_ung_dung, r.ten, r.batch_id, '00' AS org_code
  FROM landed.iam_vai_tro AS r
)
SELECT
  t.id               AS source_id,        -- BIGINT key of the source row
  t.ma_vai_tro       AS role_code,        -- VARCHAR
  t.ma_ung_dung      AS application_code, -- VARCHAR
  t.ten              AS role_name,        -- VARCHAR
  t.org_code         AS org_code,         -- VARCHAR
  t.batch_id         AS batch_id          -- VARCHAR
FROM t
