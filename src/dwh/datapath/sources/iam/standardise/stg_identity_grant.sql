-- model:    staging.stg_identity_grant
-- kind:     full
-- from:     landed.iam_gan_vai_tro
-- grain:    source_id
-- owner:    cntt
-- audits:   unique(grain), not_null(login), not_null(org_code)
--
-- Roles given to accounts; both days included, an open end is 9999-12-31.
-- Source:   QC-DWH Điều 4.8.
WITH t AS (
  SELECT
    g.id, g.ten_dang_nhap, g.ma_vai_tro, g.tu, g.den, g.nguoi_cap, g.so_de_nghi, g.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.iam_gan_vai_tro AS g
  LEFT JOIN staging.org_unit AS o ON o.office_code = g.ma_cq_bhxh
)
SELECT
  t.id                                   AS source_id,   -- BIGINT key of the source row
  LOWER(TRIM(t.ten_dang_nhap))           AS login,       -- VARCHAR
  t.ma_vai_tro                           AS role_code,   -- VARCHAR
  t.tu                                   AS valid_from,  -- DATE
  COALESCE(t.den, DATE '9999-12-31')     AS valid_to,    -- DATE last day
  t.nguoi_cap                            AS granted_by,  -- VARCHAR
  t.so_de_nghi                           AS document_no, -- VARCHAR
  t.org_code                             AS org_code,    -- VARCHAR
  t.batch_id                             AS batch_id     -- VARCHAR
FROM t
