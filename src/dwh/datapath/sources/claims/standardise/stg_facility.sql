-- model:    staging.stg_facility
-- kind:     full
-- from:     landed.gd_cskcb
-- grain:    source_id
-- owner:    giamdinh
-- audits:   unique(grain), not_null(facility_code), not_null(org_code)
--
-- Health facilities and their contracts; both days of a contract are valid, an open end is 9999-12-31.
-- Source:   QC-DWH Điều 4.3.
WITH t AS (
  SELECT
    f.id, TRIM(f.ma_cskcb) AS ma_cskcb, f.ten, f.hang, f.tuyen, f.loai_hinh, f.ma_tinh, f.hop_dong_tu, f.hop_dong_den,
    f.batch_id, COALESCE(o.org_code, '00') AS org_code
  FROM landed.gd_cskcb AS f
  LEFT JOIN staging.org_unit AS o ON o.office_code = f.ma_cq_bhxh
)
SELECT
  t.id                                          AS source_id,      -- BIGINT key of the source row
  t.id                                          AS facility_key,   -- BIGINT
  t.ma_cskcb                                    AS facility_code,  -- VARCHAR
  nfc_normalize(t.ten)                          AS facility_name,  -- VARCHAR NFC
  t.tuyen                                       AS level_code,     -- VARCHAR tuyến 1 to 4
  t.hang                                        AS class_code,     -- VARCHAR hạng ĐB, 1 to 4, 0 not ranked
  t.loai_hinh                                   AS ownership_code, -- VARCHAR 1 công, 2 tư
  COALESCE(t.hop_dong_tu, DATE '1900-01-01')    AS contract_from,  -- DATE
  COALESCE(t.hop_dong_den, DATE '9999-12-31')   AS contract_to,    -- DATE last day
  t.org_code                                    AS org_code,       -- VARCHAR office in charge
  t.batch_id                                    AS batch_id        -- VARCHAR
FROM t
