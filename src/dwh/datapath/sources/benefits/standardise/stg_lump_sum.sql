-- model:     staging.stg_lump_sum
-- kind:      by_month(decision_month)
-- from:      landed.tcs_mot_lan
-- partition: CASE WHEN ngay_quyet_dinh >= DATE '2024-11-01' THEN strftime(ngay_quyet_dinh, '%Y-%m') END
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.org_unit(office_code) by COALESCE(ma_cq, ma_cq_bhxh)
-- grain:     source_id
-- owner:     csxh
-- amounts:   decided_vnd = COALESCE(so_tien, 0)
-- audits:    unique(grain), not_null(decision_month), not_null(si_number), not_null(org_code)
--
-- Social insurance taken out at once (BHXH một lần). Decisions before the warehouse's first month: part «none».
-- Units:     decided_vnd is whole đồng.
-- Org:       org_code is the office that decided, on the tree of that day.
-- Source:    QC-DWH Điều 4.2; Luật BHXH 2024 Điều 70.
WITH people AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
t AS (
  SELECT
    m.id, m.landed_month, m.ma_so_bhxh, m.so_nam_truoc_2014, m.so_nam_sau_2014, m.ngay_quyet_dinh, m.created_at,
    m.batch_id,
    COALESCE(m.so_tien, 0) AS decided_vnd, people.participant_key, COALESCE(r.reason_code, 'other') AS reason_code,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.tcs_mot_lan AS m
  LEFT JOIN people ON people.si_number = m.ma_so_bhxh
  LEFT JOIN seed.lump_sum_reason AS r ON r.reason_word = m.ly_do
  LEFT JOIN staging.org_unit AS o ON o.office_code = COALESCE(m.ma_cq, m.ma_cq_bhxh)
  WHERE m.landed_month IN (:months)
)
SELECT
  t.id                                                       AS source_id,       -- BIGINT key of the source row
  t.landed_month                                             AS decision_month,  -- VARCHAR 'YYYY-MM', or 'none'
  t.participant_key                                          AS beneficiary_key, -- BIGINT empty when not in the register
  t.ma_so_bhxh                                               AS si_number,       -- VARCHAR 10 digits
  t.reason_code                                              AS reason_code,     -- VARCHAR
  t.ngay_quyet_dinh                                          AS decided_on,      -- DATE
  CAST(COALESCE(t.so_nam_truoc_2014, 0) AS INTEGER)          AS years_before_2014, -- INTEGER
  CAST(COALESCE(t.so_nam_sau_2014, 0) AS INTEGER)            AS years_since_2014,  -- INTEGER
  t.decided_vnd                                              AS decided_vnd,     -- BIGINT đồng
  t.org_code                                                 AS org_code,        -- VARCHAR office that decided
  t.batch_id                                                 AS batch_id         -- VARCHAR
FROM t
