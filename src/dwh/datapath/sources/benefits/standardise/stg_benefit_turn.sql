-- model:     staging.stg_benefit_turn
-- kind:      by_month(approved_month)
-- from:      landed.tcs_ngan_han
-- partition: CASE WHEN ngay_duyet >= DATE '2024-11-01' THEN strftime(ngay_duyet, '%Y-%m') END
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.stg_employer(employer_code) by TRIM(ma_don_vi)
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- owner:     csxh
-- amounts:   approved_vnd = COALESCE(so_tien, 0)
-- audits:    unique(grain), not_null(approved_month), not_null(si_number), not_null(org_code)
--
-- Short-term turns: sickness, maternity, convalescence. A turn not yet approved, or approved before the warehouse's
-- first month, is staged in the part «none».
-- Units:     approved_vnd is whole đồng.
-- Org:       org_code is the office that approved it, on the tree of that month.
-- Source:    QC-DWH Điều 4.2; forms 22A-HSB, 22B-HSB.
WITH people AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
firms AS (
  SELECT e.employer_code, MIN(e.employer_key) AS employer_key
  FROM staging.stg_employer AS e
  GROUP BY e.employer_code
),
t AS (
  SELECT
    n.id, n.landed_month, n.so_ho_so, n.ma_so_bhxh, n.tu_ngay, n.den_ngay, n.so_ngay, n.ngay_nhan, n.ngay_duyet,
    n.updated_at, n.batch_id, COALESCE(n.so_tien, 0) AS approved_vnd, people.participant_key, firms.employer_key,
    k.kind_code AS turn_kind_code, k.benefit_code, COALESCE(o.org_code, '00') AS org_code
  FROM landed.tcs_ngan_han AS n
  LEFT JOIN people ON people.si_number = n.ma_so_bhxh
  LEFT JOIN firms ON firms.employer_code = TRIM(n.ma_don_vi)
  LEFT JOIN seed.turn_kind AS k ON k.kind_word = n.loai
  LEFT JOIN staging.org_unit AS o ON o.office_code = n.ma_cq_bhxh
  WHERE n.landed_month IN (:months)
)
SELECT
  t.id                                          AS source_id,       -- BIGINT key of the source row
  t.landed_month                                AS approved_month,  -- VARCHAR 'YYYY-MM', or 'none'
  t.so_ho_so                                    AS turn_no,         -- VARCHAR
  t.participant_key                             AS beneficiary_key, -- BIGINT empty when not in the register
  t.ma_so_bhxh                                  AS si_number,       -- VARCHAR 10 digits
  t.employer_key                                AS employer_key,    -- BIGINT empty when not in the register
  t.benefit_code                                AS benefit_code,    -- VARCHAR 31, 32 or 33
  t.turn_kind_code                              AS turn_kind_code,  -- VARCHAR
  t.tu_ngay                                     AS absent_from,     -- DATE
  t.den_ngay                                    AS absent_to,       -- DATE
  t.ngay_nhan                                   AS received_on,     -- DATE
  t.ngay_duyet                                  AS approved_on,     -- DATE
  CAST(COALESCE(t.so_ngay, 0) AS INTEGER)       AS paid_days,       -- INTEGER
  t.approved_vnd                                AS approved_vnd,    -- BIGINT đồng
  t.org_code                                    AS org_code,        -- VARCHAR office that approved it
  t.batch_id                                    AS batch_id         -- VARCHAR
FROM t
