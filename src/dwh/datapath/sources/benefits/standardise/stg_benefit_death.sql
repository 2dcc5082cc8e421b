-- model:    staging.stg_benefit_death
-- kind:     full
-- from:     landed.tcs_tu_tuat
-- grain:    source_id
-- owner:    csxh
-- amounts:  funeral_vnd = COALESCE(mai_tang, 0), survivor_vnd = COALESCE(tuat_mot_lan, 0)
-- audits:   unique(grain), not_null(si_number), not_null(died_on), not_null(org_code)
--
-- Deaths as the families reported them; nobody is paid for a month after.
-- Units:    *_vnd are whole đồng granted, not paid.
-- Source:   QC-DWH Điều 4.2.
WITH t AS (
  SELECT
    d.id, d.ma_so_bhxh_nguoi_chet, d.ngay_chet, d.mai_tang, d.tuat_mot_lan, d.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.tcs_tu_tuat AS d
  LEFT JOIN staging.org_unit AS o ON o.office_code = d.ma_cq_bhxh
)
SELECT
  t.id                         AS source_id,    -- BIGINT key of the source row
  t.ma_so_bhxh_nguoi_chet      AS si_number,    -- VARCHAR 10 digits
  t.ngay_chet                  AS died_on,      -- DATE
  COALESCE(t.mai_tang, 0)      AS funeral_vnd,  -- BIGINT đồng
  COALESCE(t.tuat_mot_lan, 0)  AS survivor_vnd, -- BIGINT đồng
  t.org_code                   AS org_code,     -- VARCHAR office that settles it
  t.batch_id                   AS batch_id      -- VARCHAR
FROM t
