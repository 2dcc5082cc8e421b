-- model:    staging.stg_identity
-- kind:     full
-- from:     landed.iam_dinh_danh
-- grain:    source_id
-- owner:    cntt
-- audits:   unique(grain), not_null(org_code)
--
-- Identities as IAM holds them today.
-- Source:   QC-DWH Điều 4.8.
WITH staff AS (
  SELECT s.staff_code, BOOL_OR(s.is_working) AS is_working
  FROM staging.stg_staff AS s
  GROUP BY s.staff_code
),
t AS (
  SELECT
    i.id, i.loai, i.ma_nv, i.email_nganh, i.ho_ten, i.ma_dv, i.trang_thai, i.ngay_tao, i.ngay_khoa, i.batch_id,
    COALESCE(u.org_code, o.org_code, '00') AS org_code,
    COALESCE(i.trang_thai, '') = 'hoạt động' AS is_active,
    staff.is_working AS staff_is_working
  FROM landed.iam_dinh_danh AS i
  LEFT JOIN staff ON staff.staff_code = i.ma_nv
  LEFT JOIN staging.org_unit AS u ON u.org_code = CASE WHEN i.ma_dv = '00' THEN '00' ELSE '00.' || i.ma_dv END
  LEFT JOIN staging.org_unit AS o ON o.office_code = i.ma_cq_bhxh
)
SELECT
  t.id                         AS source_id,     -- BIGINT key of the source row
  t.loai                       AS identity_kind, -- VARCHAR
  t.ma_nv                      AS staff_code,    -- VARCHAR
  LOWER(TRIM(t.email_nganh))   AS email,         -- VARCHAR
  nfc_normalize(t.ho_ten)      AS full_name,     -- VARCHAR NFC
  t.is_active                  AS is_active,     -- BOOLEAN
  t.ngay_tao                   AS created_on,    -- DATE
  t.ngay_khoa                  AS closed_on,     -- DATE
  t.org_code                   AS org_code,      -- VARCHAR
  t.batch_id                   AS batch_id       -- VARCHAR
FROM t
