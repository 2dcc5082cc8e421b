-- model:     staging.stg_identity_event
-- kind:      by_month(event_month)
-- from:      landed.iam_su_kien
-- partition: strftime(thoi_gian + INTERVAL 7 HOUR, '%Y-%m')
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- owner:     cntt
-- audits:    unique(grain), not_null(happened_at), not_null(org_code)
--
-- Sign-ins, failures, locks. Network address and device never leave IAM. Days and months are those of Việt Nam.
-- Source:    QC-DWH Điều 4.8.
WITH t AS (
  SELECT
    e.id, e.landed_month, e.thoi_gian, e.tai_khoan, e.su_kien, e.ung_dung, e.batch_id,
    COALESCE(o.org_code, '00') AS org_code, k.event_code
  FROM landed.iam_su_kien AS e
  LEFT JOIN staging.org_unit AS o ON o.office_code = e.ma_cq_bhxh
  LEFT JOIN seed.sign_in_event AS k ON k.event_text = LOWER(TRIM(e.su_kien))
  WHERE e.landed_month IN (:months)
)
SELECT
  t.id                            AS source_id,        -- BIGINT key of the source row
  t.landed_month                  AS event_month,      -- VARCHAR 'YYYY-MM'
  t.thoi_gian                     AS happened_at,      -- TIMESTAMP
  LOWER(TRIM(t.tai_khoan))        AS login,            -- VARCHAR
  CAST(t.thoi_gian + INTERVAL 7 HOUR AS DATE) AS happened_on, -- DATE
  t.su_kien                       AS event_kind,       -- VARCHAR as the source writes it
  COALESCE(t.event_code, 'other') AS event_code,       -- VARCHAR sign_in, failure, password, lock, otp or other
  t.ung_dung                      AS application_code, -- VARCHAR
  t.org_code                      AS org_code,         -- VARCHAR
  1                               AS events,           -- INTEGER one: what is added up
  t.batch_id                      AS batch_id          -- VARCHAR
FROM t
