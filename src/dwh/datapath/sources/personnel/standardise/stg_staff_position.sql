-- model:    staging.stg_staff_position
-- kind:     full
-- from:     landed.ns_vi_tri
-- grain:    source_id
-- owner:    tccb
-- audits:   unique(grain), not_null(staff_code), not_null(org_code)
--
-- Where each person works and worked; half-open spells, an open one ends 9999-12-31.
-- Source:   QC-DWH Điều 4.6.
WITH t AS (
  SELECT
    v.id, v.ma_nv, v.don_vi, v.phong, v.chuc_vu, v.la_lanh_dao, v.tu_ngay, v.den_ngay, v.batch_id,
    COALESCE(u.org_code, o.org_code, '00') AS org_code
  FROM landed.ns_vi_tri AS v
  LEFT JOIN staging.org_unit AS u ON u.org_code = CASE WHEN v.don_vi = '00' THEN '00' ELSE '00.' || v.don_vi END
  LEFT JOIN staging.org_unit AS o ON o.office_code = v.ma_cq_bhxh
)
SELECT
  t.id                                       AS source_id,   -- BIGINT key of the source row
  t.ma_nv                                    AS staff_code,  -- VARCHAR
  t.org_code                                 AS org_code,    -- VARCHAR the unit worked in
  t.phong                                    AS department,  -- VARCHAR
  t.chuc_vu                                  AS title,       -- VARCHAR
  t.la_lanh_dao                              AS is_leader,   -- BOOLEAN
  t.tu_ngay                                  AS valid_from,  -- DATE
  COALESCE(t.den_ngay, DATE '9999-12-31')    AS valid_until, -- DATE half open
  t.batch_id                                 AS batch_id     -- VARCHAR
FROM t
