-- model:     staging.stg_benefit_dossier
-- kind:      by_month(decision_month)
-- from:      landed.tcs_ho_so_huong
-- partition: CASE WHEN ngay_quyet_dinh >= DATE '2024-11-01' THEN strftime(ngay_quyet_dinh, '%Y-%m') END
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.org_unit(office_code) by COALESCE(ma_cq_duyet, ma_cq_bhxh)
-- grain:     source_id
-- owner:     csxh
-- amounts:   level_vnd = COALESCE(muc_huong, 0)
-- audits:    unique(grain), not_null(decision_month), not_null(si_number), not_null(org_code)
--
-- Every dossier of a monthly benefit. Decisions from before the warehouse's first month (the date in `partition`) are
-- staged in the part «none»: their payments are in the figures, their decisions belong to no month of the warehouse.
-- Two names are compared without marks and capitals, two births by their year; a damaged name is not compared.
-- Units:     level_vnd is whole đồng: the monthly level at the decision.
-- Org:       org_code is the office that decided, on the tree of that day.
-- Source:    QC-DWH Điều 4.2; sources.md §4.
WITH people AS (
  SELECT
    p.si_number, MIN(p.participant_key) AS participant_key, ARG_MIN(p.full_name, p.participant_key) AS full_name,
    ARG_MIN(p.birth_year, p.participant_key) AS birth_year
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
r AS (
  SELECT
    d.id, d.landed_month, d.so_ho_so, d.ma_so_bhxh, d.ho_ten, d.loai_che_do, d.nguon, d.ngay_huong, d.ngay_quyet_dinh,
    d.muc_huong, d.trang_thai, d.created_at, d.batch_id,
    COALESCE(d.so_nam_dong, 0) * 12 + COALESCE(d.so_thang_dong, 0) AS contributed_months,
    COALESCE(TRY_CAST(regexp_extract(d.tuoi_nghi_huu, '(\d+) tuổi', 1) AS INTEGER), 0) * 12
      + COALESCE(TRY_CAST(regexp_extract(d.tuoi_nghi_huu, '(\d+) tháng', 1) AS INTEGER), 0) AS retired_at_months,
    COALESCE(o.org_code, '00') AS org_code, p.participant_key, p.full_name AS known_name, p.birth_year AS known_year,
    TRIM(regexp_replace(nfc_normalize(d.ho_ten), '[[:cntrl:]]', '', 'g')) AS full_name,
    TRY_CAST(regexp_extract(TRIM(d.ngay_sinh), '((19|20)\d{2})$', 1) AS SMALLINT) AS birth_year,
    b.benefit_code, b.frequency_code, b.group_code,
    COALESCE(f.fund_source_code, CASE WHEN d.nguon = 'QBB' THEN b.component_code END) AS fund_source_code
  FROM landed.tcs_ho_so_huong AS d
  LEFT JOIN people AS p ON p.si_number = d.ma_so_bhxh
  LEFT JOIN staging.org_unit AS o ON o.office_code = COALESCE(d.ma_cq_duyet, d.ma_cq_bhxh)
  LEFT JOIN seed.benefit AS b ON b.benefit_code = d.loai_che_do
  LEFT JOIN seed.fund_source AS f ON f.fund_source_code = d.nguon
  WHERE d.landed_month IN (:months)
),
t AS (
  SELECT
    r.id, r.landed_month, r.so_ho_so, r.ma_so_bhxh, r.ho_ten, r.ngay_huong, r.ngay_quyet_dinh, r.muc_huong,
    r.trang_thai, r.created_at, r.batch_id, r.contributed_months, r.retired_at_months, r.org_code, r.participant_key,
    r.benefit_code, r.frequency_code, r.group_code, r.fund_source_code,
    NOT regexp_matches(r.full_name, '[¸µ¶·¹¨©ª«¬®]') AS name_is_readable,
    COALESCE(
      NOT regexp_matches(r.full_name || r.known_name, '[¸µ¶·¹¨©ª«¬®]')
        AND strip_accents(LOWER(r.full_name)) <> strip_accents(LOWER(r.known_name)),
      FALSE
    ) AS name_differs,
    COALESCE(r.birth_year <> r.known_year, FALSE) AS birth_differs
  FROM r
)
SELECT
  t.id                                   AS source_id,         -- BIGINT key of the source row
  t.landed_month                         AS decision_month,    -- VARCHAR 'YYYY-MM', or 'none' before the first month
  t.so_ho_so                             AS dossier_no,        -- VARCHAR
  t.participant_key                      AS beneficiary_key,   -- BIGINT empty when not in the register
  t.ma_so_bhxh                           AS si_number,         -- VARCHAR 10 digits
  t.benefit_code                         AS benefit_code,      -- VARCHAR
  t.group_code                           AS group_code,        -- VARCHAR of the benefit
  t.frequency_code                       AS frequency_code,    -- VARCHAR monthly or once
  t.fund_source_code                     AS fund_source_code,  -- VARCHAR who pays
  t.ngay_quyet_dinh                      AS decided_on,        -- DATE
  t.ngay_huong                           AS entitled_from,     -- DATE
  CAST(t.contributed_months AS INTEGER)      AS contributed_months,    -- INTEGER 0 where the benefit does not rest on them
  CAST(t.retired_at_months AS INTEGER)   AS retired_at_months, -- INTEGER age at retirement in months, 0 without one
  t.trang_thai                           AS status_name,       -- VARCHAR as the source writes it
  COALESCE(t.muc_huong, 0)               AS level_vnd,         -- BIGINT đồng a month at the decision
  t.org_code                             AS org_code,          -- VARCHAR office that decided
  t.batch_id                             AS batch_id           -- VARCHAR
FROM t
