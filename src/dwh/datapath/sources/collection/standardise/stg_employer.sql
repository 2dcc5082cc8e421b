-- model:    staging.stg_employer
-- kind:     full
-- from:     landed.tst_don_vi
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(employer_code), not_null(org_code)
--
-- Employers and collection agents, as Phần mềm Thu holds them today.
-- Source:   QC-DWH Điều 4.1.
WITH t AS (
  SELECT
    e.id, TRIM(e.ma_don_vi) AS ma_don_vi, e.ten_don_vi, e.khoi, e.ma_vsic, e.ma_tinh, e.ma_huyen, e.ngay_tham_gia,
    e.ngay_ngung, e.trang_thai, e.batch_id,
    COALESCE(o.org_code, '00') AS org_code,
    d.district_code IS NOT NULL AS district_is_known
  FROM landed.tst_don_vi AS e
  LEFT JOIN staging.org_unit AS o ON o.office_code = e.ma_cq_bhxh
  LEFT JOIN seed.district_old AS d ON d.province_code = e.ma_tinh AND d.district_code = e.ma_huyen
)
SELECT
  t.id                         AS source_id,     -- BIGINT key of the source row
  t.id                         AS employer_key,  -- BIGINT
  t.ma_don_vi                  AS employer_code, -- VARCHAR
  nfc_normalize(t.ten_don_vi)  AS employer_name, -- VARCHAR NFC
  t.khoi                       AS sector_code,   -- VARCHAR
  t.ma_vsic                    AS vsic_code,     -- VARCHAR level 2
  t.ngay_tham_gia              AS joined_on,     -- DATE
  t.ngay_ngung                 AS stopped_on,    -- DATE empty while active
  t.trang_thai                 AS status_code,   -- VARCHAR 1 hoạt động, 2 tạm dừng, 3 giải thể, 4 bỏ trốn, 5 chuyển tỉnh
  t.org_code                   AS org_code,      -- VARCHAR office that owns the row
  t.batch_id                   AS batch_id       -- VARCHAR
FROM t
