-- model:    staging.stg_staff
-- kind:     full
-- from:     landed.ns_nhan_vien
-- grain:    source_id
-- owner:    tccb
-- audits:   unique(grain), not_null(staff_code), not_null(org_code)
--
-- Staff of the sector, as Quản lý nhân sự holds them today.
-- Source:   QC-DWH Điều 4.6.
WITH t AS (
  SELECT
    s.id, s.ma_nv, s.ho_ten, s.gioi_tinh, s.email_nganh, s.loai, s.ngay_vao, s.ngay_nghi, s.trang_thai, s.batch_id,
    COALESCE(o.org_code, '00') AS org_code,
    COALESCE(s.trang_thai, '') NOT IN ('nghỉ hưu', 'thôi việc') AS is_working
  FROM landed.ns_nhan_vien AS s
  LEFT JOIN staging.org_unit AS o ON o.office_code = s.ma_cq_bhxh
)
SELECT
  t.id                         AS source_id,   -- BIGINT key of the source row
  t.ma_nv                      AS staff_code,  -- VARCHAR
  nfc_normalize(t.ho_ten)      AS full_name,   -- VARCHAR NFC
  CAST(t.gioi_tinh AS VARCHAR) AS sex_code,    -- VARCHAR 1 Nam, 2 Nữ
  NULLIF(LOWER(TRIM(t.email_nganh)), '') AS email, -- VARCHAR sector mailbox
  t.loai                       AS staff_kind,  -- VARCHAR
  t.ngay_vao                   AS joined_on,   -- DATE
  t.ngay_nghi                  AS left_on,     -- DATE empty while working
  t.trang_thai                 AS status,      -- VARCHAR
  t.is_working                 AS is_working,  -- BOOLEAN still belongs to the sector
  t.org_code                   AS org_code,    -- VARCHAR office that owns the row
  t.batch_id                   AS batch_id     -- VARCHAR
FROM t
