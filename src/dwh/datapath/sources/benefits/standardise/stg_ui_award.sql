-- model:     staging.stg_ui_award
-- kind:      by_month(start_month)
-- from:      landed.tcs_bhtn
-- partition: CASE WHEN tu_ngay >= DATE '2024-11-01' THEN strftime(tu_ngay, '%Y-%m') END
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- owner:     csxh
-- amounts:   level_vnd = COALESCE(muc_huong, 0), training_vnd = COALESCE(ho_tro_hoc_nghe, 0)
-- audits:    unique(grain), not_null(start_month), not_null(si_number), not_null(org_code)
--
-- Unemployment awards, decided by the labour offices. The month is that of the first day; awards that began before the
-- warehouse's first month are in the part «none», their payments in the months they are paid.
-- Units:     *_vnd are whole đồng; level_vnd a month.
-- Org:       org_code is the office that pays, on the tree of that day.
-- Source:    QC-DWH Điều 4.2; Luật Việc làm.
WITH people AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
t AS (
  SELECT
    u.id, u.landed_month, u.so_quyet_dinh, u.ma_so_bhxh, u.tu_ngay, u.den_ngay, u.so_thang, u.trang_thai, u.created_at,
    u.batch_id,
    COALESCE(u.muc_huong, 0) AS level_vnd, COALESCE(u.ho_tro_hoc_nghe, 0) AS training_vnd, people.participant_key,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.tcs_bhtn AS u
  LEFT JOIN people ON people.si_number = u.ma_so_bhxh
  LEFT JOIN staging.org_unit AS o ON o.office_code = u.ma_cq_bhxh
  WHERE u.landed_month IN (:months)
)
SELECT
  t.id                                       AS source_id,       -- BIGINT key of the source row
  t.landed_month                             AS start_month,     -- VARCHAR 'YYYY-MM', or 'none'
  t.so_quyet_dinh                            AS award_no,        -- VARCHAR
  t.participant_key                          AS beneficiary_key, -- BIGINT empty when not in the register
  t.ma_so_bhxh                               AS si_number,       -- VARCHAR 10 digits
  t.tu_ngay                                  AS entitled_from,   -- DATE
  t.den_ngay                                 AS entitled_to,     -- DATE
  CAST(COALESCE(t.so_thang, 0) AS INTEGER)   AS granted_months,  -- INTEGER
  t.trang_thai                               AS status_name,     -- VARCHAR as the source writes it
  t.level_vnd                                AS level_vnd,       -- BIGINT đồng a month
  t.training_vnd                             AS training_vnd,    -- BIGINT đồng support for a course
  t.org_code                                 AS org_code,        -- VARCHAR office that pays
  t.batch_id                                 AS batch_id         -- VARCHAR
FROM t
