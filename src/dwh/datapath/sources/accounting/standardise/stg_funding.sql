-- model:     staging.stg_funding
-- kind:      by_month(month)
-- from:      landed.kt_cap_kinh_phi
-- partition: strftime(ngay, '%Y-%m')
-- lookup:    staging.org_unit(office_code) by den_cq
-- grain:     source_id
-- order:     org_code
-- owner:     tckt
-- amounts:   funded_vnd = COALESCE(so_tien, 0)
-- audits:    unique(grain), not_null(org_code), not_null(month)
--
-- Decisions by which the centre hands funds down; the unit is the one that receives.
-- Units:     *_vnd are whole đồng.
-- Source:    QC-DWH Điều 4.4.
WITH t AS (
  SELECT
    f.id, f.landed_month, f.so_qd, f.ma_quy, f.so_tien, f.batch_id,
    COALESCE(strftime(f.updated_at + INTERVAL 31 DAY, '%Y-%m'), '9999-99') AS latest_month,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.kt_cap_kinh_phi AS f
  LEFT JOIN staging.org_unit AS o ON o.office_code = TRIM(f.den_cq)
  WHERE f.landed_month IN (:months)
)
SELECT
  t.id                      AS source_id,   -- BIGINT key of the source row
  t.landed_month            AS month,       -- VARCHAR 'YYYY-MM'
  t.so_qd                   AS decision_no, -- VARCHAR
  t.ma_quy                  AS fund_code,   -- VARCHAR
  COALESCE(t.so_tien, 0)    AS funded_vnd,  -- BIGINT đồng
  t.org_code                AS org_code,    -- VARCHAR the receiving unit
  t.batch_id                AS batch_id     -- VARCHAR
FROM t
