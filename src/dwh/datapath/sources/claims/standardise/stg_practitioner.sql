-- model:    staging.stg_practitioner
-- kind:     full
-- from:     landed.gd_nguoi_hanh_nghe
-- grain:    source_id
-- owner:    giamdinh
-- audits:   unique(grain), not_null(facility_code), not_null(licence_no), not_null(org_code)
--
-- Licences registered at health facilities; both days of a registration are valid, an open end is 9999-12-31.
-- Source:   QC-DWH Điều 4.3; QĐ 130/QĐ-BYT XML3 MA_BAC_SI.
WITH t AS (
  SELECT
    p.id, TRIM(p.ma_cskcb) AS ma_cskcb, TRIM(p.ma_cchn) AS ma_cchn, p.tu_ngay, p.den_ngay, p.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.gd_nguoi_hanh_nghe AS p
  LEFT JOIN staging.org_unit AS o ON o.office_code = p.ma_cq_bhxh
)
SELECT
  t.id                                       AS source_id,       -- BIGINT key of the source row
  t.ma_cskcb                                 AS facility_code,   -- VARCHAR
  t.ma_cchn                                  AS licence_no,      -- VARCHAR personal, number of the licence (CCHN)
  COALESCE(t.tu_ngay, DATE '1900-01-01')     AS registered_from, -- DATE
  COALESCE(t.den_ngay, DATE '9999-12-31')    AS registered_to,   -- DATE last day
  t.org_code                                 AS org_code,        -- VARCHAR office in charge of the facility
  t.batch_id                                 AS batch_id         -- VARCHAR
FROM t
