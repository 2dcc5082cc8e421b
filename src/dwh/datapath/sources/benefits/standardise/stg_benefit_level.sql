-- model:    staging.stg_benefit_level
-- kind:     full
-- from:     landed.tcs_muc_huong_ls
-- grain:    source_id
-- owner:    csxh
-- amounts:  level_vnd = COALESCE(muc_huong, 0)
-- audits:   unique(grain), not_null(org_code)
--
-- The history of what a dossier is worth a month: from which day, by which decree.
-- Units:    level_vnd is whole đồng a month.
-- Source:   QC-DWH Điều 4.2; sources.md §4 and §12.
WITH t AS (
  SELECT
    l.id, l.so_ho_so, l.tu_ngay, l.muc_huong, l.can_cu, l.created_at, l.batch_id, COALESCE(o.org_code, '00') AS org_code
  FROM landed.tcs_muc_huong_ls AS l
  LEFT JOIN staging.org_unit AS o ON o.office_code = l.ma_cq_bhxh
)
SELECT
  t.id                      AS source_id,  -- BIGINT key of the source row
  t.so_ho_so                AS dossier_no, -- VARCHAR
  t.tu_ngay                 AS valid_from, -- DATE
  t.created_at              AS entered_at, -- TIMESTAMP UTC
  t.can_cu                  AS basis,      -- VARCHAR decree or decision
  COALESCE(t.muc_huong, 0)  AS level_vnd,  -- BIGINT đồng a month
  t.org_code                AS org_code,   -- VARCHAR office that entered it
  t.batch_id                AS batch_id    -- VARCHAR
FROM t
