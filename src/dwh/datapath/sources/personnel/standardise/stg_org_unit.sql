-- model:    staging.stg_org_unit
-- kind:     full
-- from:     landed.ns_don_vi
-- grain:    source_id
-- owner:    tccb
-- audits:   unique(grain), unique(org_code), not_null(org_code), has_rows, unique_when_known(office_code)
--
-- Every version of every unit. org_code is '00' for the nation, else '00.' and the unit's code: it never means two
-- units, while a province number does (15, 24, 44, 52, 80, 82, 91 were given anew on 01/07/2025).
-- office_code is the five characters source rows carry (ma_cq_bhxh); only a province or an office answers to one.
-- is_it_unit: Trung tâm CNTT, Phòng Thống kê - Tin học, Phòng Công nghệ thông tin (- Hồ sơ): the source has no mark for
-- them, so the name says it.
-- Source:   QC-DWH Điều 4.6; QĐ-3582 I.2.
WITH t AS (
  SELECT
    u.id, u.ma_dv, u.ten, u.cap, u.ma_cha, u.loai, u.ma_tinh, u.hieu_luc_tu, u.hieu_luc_den, u.tien_than, u.ma_cq_bhxh,
    u.batch_id,
    CASE WHEN u.ma_dv = '00' THEN '00' ELSE '00.' || u.ma_dv END AS org_code,
    CASE WHEN u.ma_cha IS NOT NULL THEN CASE WHEN u.ma_cha = '00' THEN '00' ELSE '00.' || u.ma_cha END END AS parent_code
  FROM landed.ns_don_vi AS u
)
SELECT
  t.id                                           AS source_id,       -- BIGINT key of the source row
  t.org_code                                     AS org_code,        -- VARCHAR
  nfc_normalize(t.ten)                           AS org_name,        -- VARCHAR NFC
  CASE
    WHEN t.cap = 1 THEN 'central'
    WHEN t.cap = 2 THEN 'province'
    WHEN t.cap = 3 THEN 'office'
    ELSE 'department'
  END                                            AS tier,            -- VARCHAR central, province, office or department
  t.parent_code                                  AS parent_code,     -- VARCHAR
  t.ma_tinh                                      AS province_code,   -- VARCHAR number of the province of that time
  COALESCE(t.hieu_luc_tu, DATE '1995-02-16')     AS valid_from,      -- DATE
  COALESCE(t.hieu_luc_den, DATE '9999-12-31')    AS valid_until,     -- DATE half open
  t.tien_than                                    AS predecessors,    -- VARCHAR unit codes separated by ';'
  CASE WHEN t.cap IN (2, 3) OR t.org_code = '00' THEN t.ma_cq_bhxh END AS office_code, -- VARCHAR five characters, or empty
  TRIM(t.loai)                                   AS unit_class,      -- VARCHAR as the source writes it
  regexp_matches(LOWER(nfc_normalize(t.ten)), '^(trung tâm|phòng).*(công nghệ thông tin|tin học|cntt)') AS is_it_unit, -- BOOLEAN
  t.batch_id                                     AS batch_id         -- VARCHAR
FROM t
