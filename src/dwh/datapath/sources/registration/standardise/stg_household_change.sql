-- model:    staging.stg_household_change
-- kind:     full
-- from:     landed.hgd_bien_dong
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(changed_on), not_null(org_code)
--
-- The log of changes of households. Only the old values of the office and of the province are taken over: they place
-- a household in the months before the change. Names and other values stay behind.
-- Source:   QC-DWH Điều 4.5.
WITH t AS (
  SELECT
    b.id, TRIM(b.ma_ho) AS ma_ho, b.loai, b.truong, b.gia_tri_cu, b.ngay_bien_dong, b.batch_id,
    COALESCE(o.org_code, '00') AS org_code,
    w.org_code AS old_org_code
  FROM landed.hgd_bien_dong AS b
  LEFT JOIN staging.org_unit AS o ON o.office_code = b.ma_cq_bhxh
  LEFT JOIN staging.org_unit AS w ON b.truong = 'ma_cq_bhxh' AND w.office_code = TRIM(b.gia_tri_cu)
)
SELECT
  t.id              AS source_id,      -- BIGINT key of the source row
  t.ma_ho           AS household_code, -- VARCHAR
  t.loai            AS change_code,    -- VARCHAR thêm, bớt, tách hộ, chuyển hộ, sửa thông tin
  CASE t.truong WHEN 'ma_cq_bhxh' THEN 'org' WHEN 'ma_tinh' THEN 'province' ELSE 'other' END AS field, -- VARCHAR org, province or other
  CASE t.truong WHEN 'ma_cq_bhxh' THEN COALESCE(t.old_org_code, '00') WHEN 'ma_tinh' THEN TRIM(t.gia_tri_cu) END AS old_value, -- VARCHAR org_code or number of a province
  t.ngay_bien_dong  AS changed_on,     -- DATE first day of the new value
  t.org_code        AS org_code,       -- VARCHAR
  t.batch_id        AS batch_id        -- VARCHAR
FROM t
