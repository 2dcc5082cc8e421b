-- model:     staging.stg_complaint
-- kind:      by_month(received_month)
-- from:      landed.pa_phieu
-- partition: strftime(ngay_nhan, '%Y-%m')
-- lookup:    staging.stg_org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- owner:     vp
-- audits:    unique(grain), not_null(org_code)
--
-- Petitions and complaints by the month they came in.
-- Source:    QC-DWH Điều 4 last paragraph (further sources).
WITH t AS (
  SELECT
    c.id, c.landed_month, c.ma_phieu, c.linh_vuc, c.ngay_nhan, c.ngay_tra_loi, c.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.pa_phieu AS c
  LEFT JOIN staging.stg_org_unit AS o ON o.office_code = c.ma_cq_bhxh
  WHERE c.landed_month IN (:months)
)
SELECT
  t.id           AS source_id,      -- BIGINT key of the source row
  t.landed_month AS received_month, -- VARCHAR 'YYYY-MM'
  t.ma_phieu     AS complaint_code, -- VARCHAR
  t.linh_vuc     AS field_code,     -- VARCHAR
  t.ngay_nhan    AS received_on,    -- DATE
  t.ngay_tra_loi AS answered_on,    -- DATE empty while open
  t.org_code     AS org_code,       -- VARCHAR office that received it
  t.batch_id     AS batch_id        -- VARCHAR
FROM t
