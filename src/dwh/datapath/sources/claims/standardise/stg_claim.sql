-- model:     staging.stg_claim
-- kind:      by_month(visit_month)
-- from:      landed.gd_ho_so
-- partition: CASE WHEN regexp_full_match(ngay_ra, '20\d{2}(0[1-9]|1[0-2])\d*') THEN LEFT(ngay_ra, 4) || '-' || ngay_ra[5:6] END
-- lookup:    landed.gd_ho_so(ma_cskcb, ma_lk) by ma_cskcb, ma_lk
-- lookup:    staging.claim_drug_sum(facility_code, episode_code, sending_no) by TRIM(ma_cskcb), ma_lk, lan_gui
-- lookup:    staging.claim_service_sum(facility_code, episode_code, sending_no) by TRIM(ma_cskcb), ma_lk, lan_gui
-- lookup:    staging.stg_facility(facility_code) by TRIM(ma_cskcb)
-- lookup:    staging.stg_participant(si_number) by RIGHT(TRIM(string_split(ma_the_bhyt, ';')[1]), 10)
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- order:     org_code
-- owner:     giamdinh
-- amounts:   total_vnd = COALESCE(t_tongchi_bv, 0), hi_paid_vnd = COALESCE(t_bhtt, 0), copay_vnd = COALESCE(t_bncct, 0), self_paid_vnd = COALESCE(t_bntt, 0)
-- audits:    unique(grain), not_null(visit_month), not_null(facility_key), not_null(org_code)
--
-- Every sending of every claim (XML1), the older ones flagged; the month is that of NGAY_RA.
-- Units:     *_vnd are đồng with two decimals.
-- Org:       org_code is the office in charge of the facility on the tree of that month.
-- Source:    QC-DWH Điều 4.3; QĐ 130/QĐ-BYT XML1.
WITH r AS (
  SELECT
    c.id, c.landed_month, TRIM(c.ma_cskcb) AS ma_cskcb, c.ma_lk, c.lan_gui, c.ngay_sinh, c.gioi_tinh, c.ma_benh_chinh,
    c.ma_loai_kcb, c.so_ngay_dtri, c.gt_the_tu, c.gt_the_den, c.ma_doituong_kcb, c.ma_dkbd, c.nam_qt, c.thang_qt, c.batch_id,
    COALESCE(c.t_tongchi_bv, 0) AS total_vnd, COALESCE(c.t_bhtt, 0) AS hi_paid_vnd,
    COALESCE(c.t_bncct, 0) AS copay_vnd, COALESCE(c.t_bntt, 0) AS self_paid_vnd,
    COALESCE(c.t_tongchi_bh, 0) AS in_scope_vnd, COALESCE(c.t_nguonkhac, 0) AS other_source_vnd,
    COALESCE(c.t_bhtt_gdv, 0) AS review_paid_vnd, c.noi_ngoai_tinh,
    TRIM(string_split(c.ma_the_bhyt, ';')[1]) AS card_number,
    CASE WHEN regexp_full_match(c.ngay_vao, '\d{12}') THEN try_strptime(c.ngay_vao, '%Y%m%d%H%M') END AS came_at,
    CASE WHEN regexp_full_match(c.ngay_ra, '\d{12}') THEN try_strptime(c.ngay_ra, '%Y%m%d%H%M') END AS left_at,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.gd_ho_so AS c
  LEFT JOIN staging.org_unit AS o ON o.office_code = c.ma_cq_bhxh
  WHERE c.landed_month IN (:months)
),
sendings AS (
  SELECT a.ma_cskcb, a.ma_lk, MAX(a.lan_gui) AS newest
  FROM landed.gd_ho_so AS a
  WHERE a.ma_lk IN (SELECT b.ma_lk FROM landed.gd_ho_so AS b WHERE b.landed_month IN (:months))
  GROUP BY a.ma_cskcb, a.ma_lk
),
drugs AS (
  SELECT
    d.facility_code, d.episode_code, d.sending_no, SUM(d.amount_vnd) AS drug_vnd, SUM(d.hi_paid_vnd) AS hi_paid_vnd
  FROM staging.claim_drug_sum AS d
  WHERE d.episode_code IN (SELECT r.ma_lk FROM r)
  GROUP BY d.facility_code, d.episode_code, d.sending_no
),
services AS (
  SELECT
    s.facility_code, s.episode_code, s.sending_no,
    SUM(CASE WHEN s.cost_group = 13 THEN s.amount_vnd ELSE 0 END) AS exam_vnd,
    SUM(CASE WHEN s.cost_group IN (14, 15, 16) THEN s.amount_vnd ELSE 0 END) AS bed_vnd,
    SUM(s.amount_vnd) AS service_vnd, SUM(s.hi_paid_vnd) AS hi_paid_vnd
  FROM staging.claim_service_sum AS s
  WHERE s.episode_code IN (SELECT r.ma_lk FROM r)
  GROUP BY s.facility_code, s.episode_code, s.sending_no
),
busy AS (
  SELECT b.card_number, CAST(b.left_at AS DATE) AS left_on, COUNT(DISTINCT b.ma_cskcb) AS facilities
  FROM r AS b
  WHERE b.came_at IS NOT NULL AND b.card_number <> ''
  GROUP BY b.card_number, CAST(b.left_at AS DATE)
  HAVING COUNT(DISTINCT b.ma_cskcb) > 3
),
known AS (
  SELECT DISTINCT f.facility_code
  FROM staging.stg_facility AS f
),
contracts AS (
  SELECT r.id, MIN(f.facility_key) AS facility_key
  FROM r
  JOIN staging.stg_facility AS f
    ON f.facility_code = r.ma_cskcb
    AND f.contract_from <= CAST(COALESCE(r.came_at, r.left_at) AS DATE)
    AND CAST(COALESCE(r.came_at, r.left_at) AS DATE) <= f.contract_to
  GROUP BY r.id
),
people AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
t AS (
  SELECT
    r.id, r.landed_month, r.ma_cskcb, r.ma_lk, r.lan_gui, r.gioi_tinh, r.ma_benh_chinh, r.ma_loai_kcb, r.so_ngay_dtri,
    r.batch_id, r.total_vnd, r.hi_paid_vnd, r.copay_vnd, r.self_paid_vnd, r.in_scope_vnd, r.other_source_vnd,
    r.review_paid_vnd, r.noi_ngoai_tinh, r.ma_doituong_kcb, r.card_number, r.came_at, r.left_at,
    r.org_code, contracts.facility_key, known.facility_code IS NOT NULL AS facility_is_known,
    people.participant_key, r.lan_gui = sendings.newest AS is_newest,
    r.ma_loai_kcb NOT IN ('03', '04') OR r.so_ngay_dtri <= date_diff('day', r.came_at, r.left_at) + 1 AS days_fit,
    12 * r.nam_qt + r.thang_qt - 12 * CAST(LEFT(r.landed_month, 4) AS INTEGER) - CAST(RIGHT(r.landed_month, 2) AS INTEGER)
      AS months_until_settled,
    r.ma_doituong_kcb <> '1.1' OR list_contains(list_transform(string_split(r.ma_dkbd, ';'), lambda one: TRIM(one)), r.ma_cskcb)
      AS registered_here,
    busy.facilities IS NULL AS is_one_patient,
    COALESCE(services.exam_vnd, 0) AS exam_vnd, COALESCE(services.bed_vnd, 0) AS bed_vnd,
    COALESCE(drugs.drug_vnd, 0) AS drug_vnd,
    COALESCE(services.service_vnd, 0) + COALESCE(drugs.drug_vnd, 0) AS lines_vnd,
    COALESCE(services.hi_paid_vnd, 0) + COALESCE(drugs.hi_paid_vnd, 0) AS lines_hi_paid_vnd,
    len(list_filter(
      list_zip(string_split(r.gt_the_tu, ';'), string_split(COALESCE(r.gt_the_den, ''), ';')),
      lambda spell: TRIM(spell[1]) <= strftime(r.came_at, '%Y%m%d')
        AND (COALESCE(TRIM(spell[2]), '') = '' OR strftime(r.came_at, '%Y%m%d') <= TRIM(spell[2]))
    )) > 0 AS card_is_valid,
    CASE
      WHEN regexp_full_match(LEFT(r.ngay_sinh, 4), '(19|20)\d{2}')
        THEN CAST(strftime(r.came_at, '%Y') AS INTEGER) - CAST(LEFT(r.ngay_sinh, 4) AS INTEGER)
          - CASE WHEN strftime(r.came_at, '%m%d') < COALESCE(r.ngay_sinh[5:8], '0101') THEN 1 ELSE 0 END
    END AS age
  FROM r
  LEFT JOIN sendings ON sendings.ma_lk = r.ma_lk AND TRIM(sendings.ma_cskcb) = r.ma_cskcb
  LEFT JOIN drugs ON drugs.facility_code = r.ma_cskcb AND drugs.episode_code = r.ma_lk AND drugs.sending_no = r.lan_gui
  LEFT JOIN services
    ON services.facility_code = r.ma_cskcb AND services.episode_code = r.ma_lk AND services.sending_no = r.lan_gui
  LEFT JOIN busy ON busy.card_number = r.card_number AND busy.left_on = CAST(r.left_at AS DATE)
  LEFT JOIN known ON known.facility_code = r.ma_cskcb
  LEFT JOIN contracts ON contracts.id = r.id
  LEFT JOIN people ON people.si_number = RIGHT(r.card_number, 10)
)
SELECT
  t.id                                          AS source_id,       -- BIGINT key of the source row
  t.landed_month                                AS visit_month,     -- VARCHAR 'YYYY-MM' of NGAY_RA
  t.ma_cskcb                                    AS facility_code,   -- VARCHAR
  t.ma_lk                                       AS episode_code,    -- VARCHAR MA_LK
  CAST(t.lan_gui AS SMALLINT)                   AS sending_no,      -- SMALLINT
  t.is_newest                                   AS is_newest,       -- BOOLEAN the sending that counts
  t.facility_key                                AS facility_key,    -- BIGINT
  LEFT(t.card_number, 2)                        AS object_code,     -- VARCHAR
  TRY_CAST(t.card_number[3] AS SMALLINT)        AS benefit_level,   -- SMALLINT
  t.participant_key                             AS patient_key,     -- BIGINT empty when the person is not in the register
  RIGHT(t.card_number, 10)                      AS patient_code,    -- VARCHAR mã số BHXH of the card
  CAST(t.gioi_tinh AS VARCHAR)                  AS sex_code,        -- VARCHAR 1 Nam, 2 Nữ, 3 chưa xác định
  CASE
    WHEN t.age < 0 OR t.age IS NULL THEN 'unknown'
    WHEN t.age < 6 THEN '0-5'
    WHEN t.age < 15 THEN '6-14'
    WHEN t.age < 25 THEN '15-24'
    WHEN t.age < 40 THEN '25-39'
    WHEN t.age < 60 THEN '40-59'
    WHEN t.age < 80 THEN '60-79'
    ELSE '80+'
  END                                           AS age_band,        -- VARCHAR age in full years on the day of the visit
  t.ma_loai_kcb                                 AS visit_type_code, -- VARCHAR 01 to 09
  CAST(t.so_ngay_dtri AS INTEGER)               AS treatment_days,  -- INTEGER
  t.came_at                                     AS came_at,         -- TIMESTAMP NGAY_VAO
  t.left_at                                     AS left_at,         -- TIMESTAMP NGAY_RA
  CAST(t.total_vnd AS DECIMAL(18, 2))           AS total_vnd,       -- DECIMAL(18,2) đồng T_TONGCHI_BV
  CAST(t.hi_paid_vnd AS DECIMAL(18, 2))         AS hi_paid_vnd,     -- DECIMAL(18,2) đồng T_BHTT
  CAST(t.copay_vnd AS DECIMAL(18, 2))           AS copay_vnd,       -- DECIMAL(18,2) đồng T_BNCCT
  CAST(t.self_paid_vnd AS DECIMAL(18, 2))       AS self_paid_vnd,   -- DECIMAL(18,2) đồng T_BNTT
  CAST(t.in_scope_vnd AS DECIMAL(18, 2))        AS in_scope_vnd,    -- DECIMAL(18,2) đồng T_TONGCHI_BH
  CAST(t.other_source_vnd AS DECIMAL(18, 2))    AS other_source_vnd, -- DECIMAL(18,2) đồng T_NGUONKHAC
  CAST(t.review_paid_vnd AS DECIMAL(18, 2))     AS outside_capitation_vnd, -- DECIMAL(18,2) đồng T_BHTT_GDV
  CASE LEFT(t.ma_doituong_kcb, 1)
    WHEN '1' THEN 'referred'
    WHEN '2' THEN 'emergency'
    WHEN '3' THEN 'self'
    ELSE 'other'
  END                                           AS referral_code,   -- VARCHAR referred, emergency, self or other: MA_DOITUONG_KCB
  CASE WHEN t.noi_ngoai_tinh THEN 'outside' WHEN NOT t.noi_ngoai_tinh THEN 'inside' ELSE 'unknown' END
                                                AS origin_code,     -- VARCHAR inside, outside or unknown: is the card of another province
  CAST(t.card_number[4:5] AS VARCHAR)           AS card_province_code, -- VARCHAR number of the province on the card
  CAST(t.exam_vnd AS DECIMAL(18, 2))            AS exam_vnd,        -- DECIMAL(18,2) đồng, lines of MA_NHOM 13
  CAST(t.bed_vnd AS DECIMAL(18, 2))             AS bed_vnd,         -- DECIMAL(18,2) đồng, lines of MA_NHOM 14 to 16
  CAST(t.drug_vnd AS DECIMAL(18, 2))            AS drug_vnd,        -- DECIMAL(18,2) đồng, all lines of XML2
  CAST(t.total_vnd - t.exam_vnd - t.bed_vnd - t.drug_vnd AS DECIMAL(18, 2)) AS other_vnd, -- DECIMAL(18,2) đồng, the rest of the total
  CAST(t.lines_vnd AS DECIMAL(18, 2))           AS lines_vnd,       -- DECIMAL(18,2) đồng, all lines of XML2 and XML3
  CAST(t.lines_hi_paid_vnd AS DECIMAL(18, 2))   AS lines_hi_paid_vnd, -- DECIMAL(18,2) đồng, T_BHTT of those lines
  t.org_code                                    AS org_code,        -- VARCHAR
  t.batch_id                                    AS batch_id         -- VARCHAR
FROM t
