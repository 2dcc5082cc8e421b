-- model:    staging.stg_number_pair
-- kind:     full
-- from:     landed.hgd_trung_ma
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(main_number), not_null(other_number), one_of(status_code, suspected, confirmed, joined, distinct)
--
-- Two numbers that may be one person, and what the source decided of them: what the golden person is made from.
-- Source:   QC-DWH Điều 4.5; QĐ 1864/QĐ-BHXH.
WITH t AS (
  SELECT
    p.id, TRIM(p.ma_chinh) AS ma_chinh, TRIM(p.ma_phu) AS ma_phu, p.tieu_chi, p.ngay_xu_ly, p.created_at, p.batch_id,
    COALESCE(o.org_code, '00') AS org_code,
    CASE nfc_normalize(TRIM(p.trang_thai))
      WHEN 'nghi trùng' THEN 'suspected'
      WHEN 'xác nhận' THEN 'confirmed'
      WHEN 'đã gộp' THEN 'joined'
      WHEN 'không trùng' THEN 'distinct'
      ELSE 'unknown'
    END AS status_code
  FROM landed.hgd_trung_ma AS p
  LEFT JOIN staging.org_unit AS o ON o.office_code = p.ma_cq_bhxh
)
SELECT
  t.id           AS source_id,    -- BIGINT key of the source row
  t.ma_chinh     AS main_number,  -- VARCHAR 10 digits, the number that stays
  t.ma_phu       AS other_number, -- VARCHAR 10 digits
  t.tieu_chi     AS criteria,     -- VARCHAR what the source compared
  t.status_code  AS status_code,  -- VARCHAR suspected, confirmed, joined or distinct
  COALESCE(t.ngay_xu_ly, CAST(t.created_at AS DATE)) AS decided_on, -- DATE of the decision, of the entry while there is none
  t.org_code     AS org_code,     -- VARCHAR
  t.batch_id     AS batch_id      -- VARCHAR
FROM t
