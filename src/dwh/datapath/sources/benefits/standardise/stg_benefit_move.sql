-- model:    staging.stg_benefit_move
-- kind:     full
-- from:     landed.tcs_di_chuyen
-- grain:    source_id
-- owner:    csxh
-- audits:   unique(grain), not_null(org_code)
--
-- Moves of dossiers to another province, with the province numbers of that day.
-- Source:   QC-DWH Điều 4.2.
WITH t AS (
  SELECT
    m.id, m.so_ho_so, TRIM(m.tinh_di) AS tinh_di, TRIM(m.tinh_den) AS tinh_den, m.ngay, m.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.tcs_di_chuyen AS m
  LEFT JOIN staging.org_unit AS o ON o.office_code = m.ma_cq_bhxh
)
SELECT
  t.id         AS source_id,          -- BIGINT key of the source row
  t.so_ho_so   AS dossier_no,         -- VARCHAR
  t.tinh_di    AS from_province_code, -- VARCHAR number on the day of the move
  t.tinh_den   AS to_province_code,   -- VARCHAR number on the day of the move
  t.ngay       AS moved_on,           -- DATE
  t.org_code   AS org_code,           -- VARCHAR office that sent it away
  t.batch_id   AS batch_id            -- VARCHAR
FROM t
