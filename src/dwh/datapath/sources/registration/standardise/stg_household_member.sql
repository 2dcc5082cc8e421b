-- model:    staging.stg_household_member
-- kind:     full
-- from:     landed.hgd_thanh_vien
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(household_key), not_null(org_code), not_null(valid_from), not_null(valid_to)
--
-- One row per stay of a person in a household, both days included. Since 01/08/2025 the personal number (12 digits)
-- may stand where the mã số stood: both are looked up in the register. A member without a known number is a person of
-- whom we know this row only.
-- Source:   QC-DWH Điều 4.5; form TK1-TS; CV 1804/BHXH-QLT (2025).
WITH people AS (
  SELECT p.si_number AS code, p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
  UNION ALL
  SELECT q.citizen_id AS code, MIN_BY(q.si_number, q.participant_key) AS si_number, MIN(q.participant_key)
  FROM staging.stg_participant AS q
  WHERE q.citizen_id IS NOT NULL
  GROUP BY q.citizen_id
),
twice AS (
  SELECT a.ma_so_bhxh
  FROM landed.hgd_thanh_vien AS a
  WHERE a.den_ngay IS NULL AND a.ma_so_bhxh IS NOT NULL
  GROUP BY a.ma_so_bhxh
  HAVING COUNT(*) > 1
),
homes AS (
  SELECT h.household_code, MIN(h.household_key) AS household_key
  FROM staging.stg_household AS h
  GROUP BY h.household_code
),
t AS (
  SELECT
    m.id, m.ma_so_bhxh, m.ho_ten, m.so_ddcn, m.gioi_tinh, m.quan_he_chu_ho, m.tu_ngay, m.den_ngay, m.batch_id,
    homes.household_key, people.si_number, people.participant_key,
    COALESCE(o.org_code, '00') AS org_code,
    CASE WHEN regexp_full_match(m.so_ddcn, '\d{12}') THEN m.so_ddcn END AS citizen_id,
    m.den_ngay IS NULL AND twice.ma_so_bhxh IS NOT NULL AS lives_twice,
    CASE WHEN regexp_full_match(RIGHT(TRIM(m.ngay_sinh), 4), '(19|20)\d{2}')
      THEN CAST(RIGHT(TRIM(m.ngay_sinh), 4) AS SMALLINT) END AS birth_year,
    CASE
      WHEN regexp_full_match(TRIM(m.ngay_sinh), '\d{2}/\d{2}/\d{4}')
        AND try_strptime(TRIM(m.ngay_sinh), '%d/%m/%Y') IS NOT NULL THEN 'day'
      WHEN regexp_full_match(TRIM(m.ngay_sinh), '(00/)?(0[1-9]|1[0-2])/\d{4}') THEN 'month'
      WHEN regexp_full_match(TRIM(m.ngay_sinh), '(00/00/)?\d{4}') THEN 'year'
      ELSE 'unknown'
    END AS birth_precision
  FROM landed.hgd_thanh_vien AS m
  LEFT JOIN homes ON homes.household_code = TRIM(m.ma_ho)
  LEFT JOIN people ON people.code = m.ma_so_bhxh
  LEFT JOIN twice ON twice.ma_so_bhxh = m.ma_so_bhxh
  LEFT JOIN staging.org_unit AS o ON o.office_code = m.ma_cq_bhxh
)
SELECT
  t.id                                                                  AS source_id,       -- BIGINT key of the source row
  t.household_key                                                       AS household_key,   -- BIGINT
  t.participant_key                                                     AS participant_key, -- BIGINT empty when not in the register
  t.si_number                                                           AS si_number,       -- VARCHAR 10 digits, as the register has it
  t.ma_so_bhxh IS NOT NULL                                              AS has_number,      -- BOOLEAN the household list names a number
  TRIM(regexp_replace(nfc_normalize(t.ho_ten), '[[:cntrl:]]', '', 'g')) AS full_name,       -- VARCHAR NFC
  t.citizen_id                                                          AS citizen_id,      -- VARCHAR 12 digits, else empty
  t.birth_year                                                          AS birth_year,      -- SMALLINT
  t.birth_precision                                                     AS birth_precision, -- VARCHAR day, month, year or unknown
  CAST(t.gioi_tinh AS VARCHAR)                                          AS sex_code,        -- VARCHAR 1 Nam, 2 Nữ, 3 chưa xác định
  t.quan_he_chu_ho                                                      AS relation_code,   -- VARCHAR 00 chủ hộ
  COALESCE(t.tu_ngay, DATE '1995-02-16')                                AS valid_from,      -- DATE first day in the household
  COALESCE(t.den_ngay, DATE '9999-12-31')                               AS valid_to,        -- DATE last day in the household
  t.org_code                                                            AS org_code,        -- VARCHAR office that owns the row today
  t.batch_id                                                            AS batch_id         -- VARCHAR
FROM t
