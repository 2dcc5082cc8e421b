-- model:    staging.stg_participant
-- kind:     full
-- from:     landed.tst_nguoi_tham_gia
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(si_number), not_null(org_code)
--
-- Everyone with a mã số BHXH, as Phần mềm Thu holds them today. A name is stored composed (NFC) and without
-- control characters; a birth date that is not whole keeps its precision and gets no invented day.
-- Source:   QC-DWH Điều 4.1.
WITH r AS (
  SELECT
    p.id, p.ma_so_bhxh, p.so_ddcn, p.so_cmnd, p.ho_ten, p.gioi_tinh, p.trang_thai_ma, p.ma_chinh, p.batch_id,
    CAST(p.created_at AS DATE) AS entered_on, CAST(p.updated_at AS DATE) AS changed_on,
    TRIM(p.ngay_sinh) AS ngay_sinh,
    COALESCE(o.org_code, '00') AS org_code,
    CASE WHEN regexp_full_match(p.so_ddcn, '\d{12}') THEN p.so_ddcn END AS citizen_id
  FROM landed.tst_nguoi_tham_gia AS p
  LEFT JOIN staging.org_unit AS o ON o.office_code = p.ma_cq_bhxh
),
twice AS (
  SELECT r.citizen_id
  FROM r
  WHERE r.trang_thai_ma = '1' AND r.citizen_id IS NOT NULL
  GROUP BY r.citizen_id
  HAVING COUNT(DISTINCT r.ma_so_bhxh) > 1
),
t AS (
  SELECT
    r.id, r.ma_so_bhxh, r.so_ddcn, r.so_cmnd, r.ho_ten, r.gioi_tinh, r.trang_thai_ma, r.ma_chinh, r.batch_id,
    r.org_code, r.citizen_id, r.entered_on, r.changed_on,
    CASE WHEN regexp_full_match(r.ngay_sinh, '\d{2}/\d{2}/\d{4}')
      THEN CAST(try_strptime(r.ngay_sinh, '%d/%m/%Y') AS DATE) END AS born_on,
    CASE
      WHEN regexp_full_match(r.ngay_sinh, '\d{2}/\d{2}/\d{4}') AND try_strptime(r.ngay_sinh, '%d/%m/%Y') IS NOT NULL
        THEN 'day'
      WHEN regexp_full_match(r.ngay_sinh, '(00/)?(0[1-9]|1[0-2])/\d{4}') THEN 'month'
      WHEN regexp_full_match(r.ngay_sinh, '(00/00/)?\d{4}') THEN 'year'
      ELSE 'unknown'
    END AS birth_precision,
    CASE WHEN regexp_full_match(RIGHT(r.ngay_sinh, 4), '(19|20)\d{2}') THEN CAST(RIGHT(r.ngay_sinh, 4) AS SMALLINT) END
      AS birth_year,
    r.trang_thai_ma = '1' AND twice.citizen_id IS NOT NULL AS shares_citizen_id
  FROM r
  LEFT JOIN twice ON twice.citizen_id = r.citizen_id
)
SELECT
  t.id                                                                  AS source_id,       -- BIGINT key of the source row
  t.id                                                                  AS participant_key, -- BIGINT
  t.ma_so_bhxh                                                          AS si_number,       -- VARCHAR 10 digits
  TRIM(regexp_replace(nfc_normalize(t.ho_ten), '[[:cntrl:]]', '', 'g')) AS full_name,       -- VARCHAR NFC
  t.birth_year                                                          AS birth_year,      -- SMALLINT
  t.birth_precision                                                     AS birth_precision, -- VARCHAR day, month, year or unknown
  t.born_on                                                             AS born_on,         -- DATE when the whole day is known
  CAST(t.gioi_tinh AS VARCHAR)                                          AS sex_code,        -- VARCHAR 1 Nam, 2 Nữ, 3 chưa xác định
  t.citizen_id                                                          AS citizen_id,      -- VARCHAR 12 digits, else empty
  t.trang_thai_ma                                                       AS status_code,     -- VARCHAR 1 dùng, 2 gộp, 3 huỷ
  t.ma_chinh                                                            AS merged_into,     -- VARCHAR the number that stays
  t.entered_on                                                          AS entered_on,      -- DATE when the row was entered
  t.changed_on                                                          AS changed_on,      -- DATE when the row last changed
  t.org_code                                                            AS org_code,        -- VARCHAR office that owns the row
  t.batch_id                                                            AS batch_id         -- VARCHAR batch that brought this version
FROM t
