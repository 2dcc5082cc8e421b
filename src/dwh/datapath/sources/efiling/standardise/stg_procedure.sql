-- model:    staging.stg_procedure
-- kind:     full
-- from:     landed.gdt_thu_tuc
-- grain:    source_id
-- owner:    vpho
-- audits:   unique(grain), not_null(procedure_code)
--
-- Every version of every administrative procedure with its time limit; half-open spans, an open one ends 9999-12-31.
-- Source:   QC-DWH Điều 4.7.
WITH t AS (
  SELECT
    p.id, TRIM(p.ma) AS ma, p.ten, p.so_ngay_giai_quyet, p.don_vi_ngay, p.hieu_luc_tu, p.hieu_luc_den, p.batch_id,
    '00' AS org_code
  FROM landed.gdt_thu_tuc AS p
)
SELECT
  t.id                                          AS source_id,      -- BIGINT key of the source row
  t.ma                                          AS procedure_code, -- VARCHAR
  nfc_normalize(t.ten)                          AS procedure_name, -- VARCHAR NFC
  CAST(t.so_ngay_giai_quyet AS INTEGER)         AS limit_days,     -- INTEGER days from receipt to result
  CASE t.don_vi_ngay WHEN 'làm việc' THEN TRUE WHEN 'lịch' THEN FALSE END AS in_working_days, -- BOOLEAN else calendar days; empty when the source does not say
  COALESCE(t.hieu_luc_tu, DATE '1995-02-16')    AS valid_from,     -- DATE
  COALESCE(t.hieu_luc_den, DATE '9999-12-31')   AS valid_until,    -- DATE half open
  t.org_code                                    AS org_code,       -- VARCHAR
  t.batch_id                                    AS batch_id        -- VARCHAR
FROM t
