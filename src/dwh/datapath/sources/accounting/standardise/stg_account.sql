-- model:    staging.stg_account
-- kind:     full
-- from:     landed.kt_tai_khoan
-- grain:    source_id
-- owner:    tckt
-- audits:   unique(grain), not_null(account_code), not_null(org_code)
--
-- Accounts of every chart, each with the months it is in force: a number may come back in another chart.
-- Source:   QC-DWH Điều 4.4; numbers are configuration of the source, not of this program.
WITH t AS (
  SELECT
    a.id, TRIM(a.ma_tk) AS ma_tk, a.ten, a.loai, a.hieu_luc_tu, a.hieu_luc_den, a.che_do, a.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.kt_tai_khoan AS a
  LEFT JOIN staging.org_unit AS o ON o.office_code = a.ma_cq_bhxh
)
SELECT
  t.id                                                                        AS source_id,    -- BIGINT key of the source row
  t.id                                                                        AS account_key,  -- BIGINT
  t.ma_tk                                                                     AS account_code, -- VARCHAR number in its chart
  nfc_normalize(t.ten)                                                        AS account_name, -- VARCHAR NFC
  t.loai                                                                      AS class_code,   -- VARCHAR 1 to 9, 0 outside the balance sheet
  t.che_do                                                                    AS chart_name,   -- VARCHAR the circular
  COALESCE(strftime(t.hieu_luc_tu, '%Y-%m'), '0000-00')                       AS from_month,   -- VARCHAR first month in force
  COALESCE(strftime(t.hieu_luc_den + INTERVAL 1 DAY, '%Y-%m'), '9999-99')     AS until_month,  -- VARCHAR first month no longer in force
  t.org_code                                                                  AS org_code,     -- VARCHAR
  t.batch_id                                                                  AS batch_id      -- VARCHAR
FROM t
