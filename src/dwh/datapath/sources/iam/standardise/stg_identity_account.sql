-- model:    staging.stg_identity_account
-- kind:     full
-- from:     landed.iam_tai_khoan
-- grain:    source_id
-- owner:    cntt
-- audits:   unique(grain), not_null(login), not_null(org_code)
--
-- Sign-in accounts of identities.
-- Source:   QC-DWH Điều 4.8.
WITH t AS (
  SELECT
    a.id, a.ten_dang_nhap, a.dinh_danh_id, a.doi_mk_lan_cuoi, a.mfa, a.khoa, a.lan_sai, a.het_han, a.created_at,
    a.updated_at, a.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.iam_tai_khoan AS a
  LEFT JOIN staging.org_unit AS o ON o.office_code = a.ma_cq_bhxh
)
SELECT
  t.id                            AS source_id,           -- BIGINT key of the source row
  LOWER(TRIM(t.ten_dang_nhap))    AS login,               -- VARCHAR
  TRY_CAST(t.dinh_danh_id AS BIGINT) AS identity_id,      -- BIGINT key of the identity
  t.doi_mk_lan_cuoi               AS password_changed_at, -- TIMESTAMP
  t.mfa                           AS has_second_factor,   -- BOOLEAN
  t.khoa                          AS is_locked,           -- BOOLEAN
  CAST(t.lan_sai AS INTEGER)      AS failed_sign_ins,     -- INTEGER
  t.het_han                       AS expires_on,          -- DATE
  CAST(t.created_at + INTERVAL 7 HOUR AS DATE) AS created_on, -- DATE in Việt Nam
  CASE WHEN t.khoa THEN CAST(t.updated_at + INTERVAL 7 HOUR AS DATE) END AS locked_on, -- DATE of the change that left it locked
  t.org_code                      AS org_code,            -- VARCHAR
  t.batch_id                      AS batch_id             -- VARCHAR
FROM t
