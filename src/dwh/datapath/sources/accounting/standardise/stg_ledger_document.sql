-- model:     staging.stg_ledger_document
-- kind:      by_month(accounting_month)
-- from:      landed.kt_chung_tu
-- partition: CASE WHEN regexp_full_match(ky, '20\d{2}(0[1-9]|1[0-2])') THEN LEFT(ky, 4) || '-' || RIGHT(ky, 2) END
-- lookup:    landed.kt_chung_tu(doi_tuong) by so_ct
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- order:     org_code
-- owner:     tckt
-- amounts:   total_vnd = COALESCE(tong_tien, 0)
-- audits:    unique(grain), not_null(org_code), not_null(accounting_month)
--
-- Accounting documents. A receipt (thu, báo có) names its payer; the record that allocates it to the funds names the
-- receipt. A draft (nháp) is not in the books.
-- Units:     *_vnd are whole đồng.
-- Source:    QC-DWH Điều 4.4.
WITH allocated AS (
  SELECT a.doi_tuong AS so_ct, SUM(a.tong_tien) AS settled_vnd
  FROM landed.kt_chung_tu AS a
  WHERE a.loai_ct = 'ghi sổ' AND a.trang_thai <> 'nháp'
    AND a.doi_tuong IN (SELECT b.so_ct FROM landed.kt_chung_tu AS b WHERE b.landed_month IN (:months))
  GROUP BY a.doi_tuong
),
t AS (
  SELECT
    d.id, d.landed_month, d.so_ct, d.loai_ct, d.ngay_hach_toan, TRIM(d.ma_cq) AS ma_cq, d.tong_tien, d.trang_thai,
    d.batch_id,
    d.loai_ct IN ('thu', 'báo có') AND d.doi_tuong IS NOT NULL AND d.trang_thai <> 'nháp' AS is_receipt,
    COALESCE(s.settled_vnd, 0) AS settled_vnd,
    COALESCE(strftime(d.updated_at + INTERVAL 31 DAY, '%Y-%m'), '9999-99') AS latest_month,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.kt_chung_tu AS d
  LEFT JOIN allocated AS s ON s.so_ct = d.so_ct
  LEFT JOIN staging.org_unit AS o ON o.office_code = d.ma_cq_bhxh
  WHERE d.landed_month IN (:months)
)
SELECT
  t.id                          AS source_id,        -- BIGINT key of the source row
  t.so_ct                       AS document_no,      -- VARCHAR
  t.landed_month                AS accounting_month, -- VARCHAR 'YYYY-MM'
  t.ngay_hach_toan              AS booked_on,        -- DATE
  t.loai_ct                     AS document_kind,    -- VARCHAR thu, báo có, báo nợ, ủy nhiệm chi, chi or ghi sổ
  t.trang_thai <> 'nháp'        AS is_booked,        -- BOOLEAN false for a draft
  t.ma_cq                       AS unit_office_code, -- VARCHAR the accounting unit
  COALESCE(t.tong_tien, 0)      AS total_vnd,        -- BIGINT đồng
  t.org_code                    AS org_code,         -- VARCHAR office that wrote it, of that month
  t.batch_id                    AS batch_id          -- VARCHAR
FROM t
