-- model:     staging.stg_settlement
-- kind:      by_month(month)
-- from:      landed.kt_quyet_toan
-- partition: CASE WHEN regexp_full_match(ky, '20\d{2}(0[1-9]|1[0-2])') THEN LEFT(ky, 4) || '-' || RIGHT(ky, 2) END
-- lookup:    staging.org_unit(office_code) by ma_cq
-- grain:     source_id
-- order:     org_code
-- owner:     tckt
-- amounts:   value_vnd = COALESCE(gia_tri, 0)
-- audits:    unique(grain), not_null(org_code), not_null(month)
--
-- Cells of the quarterly settlement forms; the month is the last of the quarter. What a line means is in the code list
-- settlement_line, which is our reconstruction.
-- Units:     *_vnd are whole đồng.
-- Source:    QC-DWH Điều 4.4.
WITH t AS (
  SELECT
    q.id, q.landed_month, TRIM(q.mau_bieu) AS mau_bieu, TRIM(q.dong) AS dong, TRIM(q.cot) AS cot, q.gia_tri, q.trang_thai,
    q.batch_id, COALESCE(strftime(q.updated_at + INTERVAL 31 DAY, '%Y-%m'), '9999-99') AS latest_month,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.kt_quyet_toan AS q
  LEFT JOIN staging.org_unit AS o ON o.office_code = TRIM(q.ma_cq)
  WHERE q.landed_month IN (:months)
)
SELECT
  t.id                      AS source_id,   -- BIGINT key of the source row
  t.landed_month            AS month,       -- VARCHAR 'YYYY-MM' last month of the quarter
  t.mau_bieu                AS form_code,   -- VARCHAR
  t.dong                    AS line_code,   -- VARCHAR
  t.cot                     AS column_code, -- VARCHAR
  t.trang_thai              AS status_name, -- VARCHAR lập, thẩm định or duyệt
  COALESCE(t.gia_tri, 0)    AS value_vnd,   -- BIGINT đồng
  t.org_code                AS org_code,    -- VARCHAR
  t.batch_id                AS batch_id     -- VARCHAR
FROM t
