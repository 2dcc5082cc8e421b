-- model:    staging.stg_identity_app
-- kind:     full
-- from:     landed.iam_ung_dung
-- grain:    source_id
-- owner:    cntt
-- audits:   unique(grain), not_null(application_code)
--
-- Applications that sign in through IAM.
-- Source:   QC-DWH Điều 4.8.
WITH t AS (
  SELECT a.id, a.ma_ung_dung, a.ten, a.chu_quan, a.trang_thai, a.batch_id, '00' AS org_code
  FROM landed.iam_ung_dung AS a
)
SELECT
  t.id               AS source_id,        -- BIGINT key of the source row
  t.ma_ung_dung      AS application_code, -- VARCHAR
  t.ten              AS application_name, -- VARCHAR
  t.chu_quan         AS owner_unit,       -- VARCHAR
  t.trang_thai       AS status,           -- VARCHAR
  t.org_code         AS org_code,         -- VARCHAR
  t.batch_id         AS batch_id          -- VARCHAR
FROM t
