-- model:     staging.stg_ledger_entry
-- kind:      by_month(accounting_month)
-- from:      landed.kt_but_toan
-- partition: CASE WHEN regexp_full_match(LEFT(ct_id, 6), '20\d{2}(0[1-9]|1[0-2])') THEN LEFT(ct_id, 4) || '-' || ct_id[5:6] END
-- lookup:    staging.stg_ledger_document(document_no) by ct_id
-- lookup:    landed.kt_so_du(landed_month) by landed_month
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- order:     org_code
-- owner:     tckt
-- amounts:   debit_vnd = COALESCE(so_tien, 0), credit_vnd = COALESCE(so_tien, 0)
-- audits:    unique(grain), not_null(debit_key), not_null(credit_key), not_null(org_code), not_null(accounting_month)
--
-- Accounting entries: one amount, one account debited and one credited, each in the chart of its month. A number of
-- the old chart after the day of the new one counts as its successor (seed account_successor) and is flagged.
-- A month is closed for a unit from the moment its first balance was written.
-- Units:     *_vnd are whole đồng.
-- Source:    QC-DWH Điều 4.4.
WITH r AS (
  SELECT
    e.id, e.landed_month, e.ct_id, TRIM(e.tk_no) AS tk_no, TRIM(e.tk_co) AS tk_co, e.so_tien, e.ma_quy, e.ma_hoat_dong,
    e.mlns_chuong, e.mlns_tieu_muc, e.doi_tuong_pn, e.ma_cq_bhxh, e.created_at, e.updated_at, e.batch_id
  FROM landed.kt_but_toan AS e
  WHERE e.landed_month IN (:months)
),
documents AS (
  SELECT
    d.document_no, d.accounting_month, MAX(d.document_kind) AS document_kind, BOOL_AND(d.is_booked) AS is_booked,
    MAX(d.unit_office_code) AS unit_office_code, SUM(d.total_vnd) AS total_vnd
  FROM staging.stg_ledger_document AS d
  WHERE d.document_no IN (SELECT r.ct_id FROM r)
  GROUP BY d.document_no, d.accounting_month
),
sums AS ( -- entries of one document lie in one month, which is part of its number
  SELECT ct_id, SUM(so_tien) AS entries_vnd
  FROM landed.kt_but_toan
  WHERE landed_month IN (:months) AND ct_id IN (SELECT r.ct_id FROM r)
  GROUP BY ct_id
),
closed AS (
  SELECT b.landed_month, TRIM(b.ma_cq) AS ma_cq, MIN(b.created_at) AS closed_at
  FROM landed.kt_so_du AS b
  WHERE b.landed_month IN (SELECT r.landed_month FROM r)
  GROUP BY b.landed_month, TRIM(b.ma_cq)
),
chart AS (
  SELECT a.account_code, a.account_key, a.from_month, a.until_month
  FROM staging.stg_account AS a
),
successor AS (
  SELECT s.account_code, s.fund_code, s.from_month, c.account_key, c.from_month AS since, c.until_month
  FROM seed.account_successor AS s
  JOIN chart AS c ON c.account_code = s.successor_code
),
t AS (
  SELECT
    r.id, r.landed_month, r.ct_id, r.so_tien, r.ma_quy, r.ma_hoat_dong, r.mlns_chuong, r.mlns_tieu_muc, r.batch_id,
    string_split(r.doi_tuong_pn, '/')[1] AS payer_code,
    CASE WHEN regexp_full_match(r.doi_tuong_pn, '.+/20\d{2}(0[1-9]|1[0-2])')
      THEN LEFT(RIGHT(r.doi_tuong_pn, 6), 4) || '-' || RIGHT(r.doi_tuong_pn, 2) END AS due_month,
    d.document_no IS NOT NULL AS document_is_known, d.document_kind, COALESCE(d.is_booked, FALSE) AS is_booked,
    d.total_vnd AS document_vnd, sums.entries_vnd,
    COALESCE(r.created_at > closed.closed_at, FALSE) AS is_after_closing,
    debit.account_key IS NOT NULL OR heir_d.account_key IS NULL AS debit_is_current,
    credit.account_key IS NOT NULL OR heir_c.account_key IS NULL AS credit_is_current,
    COALESCE(debit.account_key, heir_d.account_key) AS debit_key,
    COALESCE(credit.account_key, heir_c.account_key) AS credit_key,
    k.activity_code IS NOT NULL AS activity_is_known,
    COALESCE(strftime(r.updated_at + INTERVAL 31 DAY, '%Y-%m'), '9999-99') AS latest_month,
    COALESCE(o.org_code, '00') AS org_code
  FROM r
  LEFT JOIN documents AS d ON d.document_no = r.ct_id AND d.accounting_month = r.landed_month
  LEFT JOIN sums ON sums.ct_id = r.ct_id
  LEFT JOIN closed ON closed.landed_month = r.landed_month AND closed.ma_cq = d.unit_office_code
  LEFT JOIN chart AS debit
    ON debit.account_code = r.tk_no AND debit.from_month <= r.landed_month AND r.landed_month < debit.until_month
  LEFT JOIN chart AS credit
    ON credit.account_code = r.tk_co AND credit.from_month <= r.landed_month AND r.landed_month < credit.until_month
  LEFT JOIN successor AS heir_d
    ON heir_d.account_code = r.tk_no AND heir_d.from_month <= r.landed_month
    AND heir_d.since <= r.landed_month AND r.landed_month < heir_d.until_month
    AND heir_d.fund_code IN ('*', COALESCE(r.ma_quy, ''))
  LEFT JOIN successor AS heir_c
    ON heir_c.account_code = r.tk_co AND heir_c.from_month <= r.landed_month
    AND heir_c.since <= r.landed_month AND r.landed_month < heir_c.until_month
    AND heir_c.fund_code IN ('*', COALESCE(r.ma_quy, ''))
  LEFT JOIN seed.ledger_activity AS k ON k.activity_code = r.ma_hoat_dong
  LEFT JOIN staging.org_unit AS o ON o.office_code = r.ma_cq_bhxh
)
SELECT
  t.id                         AS source_id,        -- BIGINT key of the source row
  t.landed_month               AS accounting_month, -- VARCHAR 'YYYY-MM'
  t.ct_id                      AS document_no,      -- VARCHAR
  t.document_kind              AS document_kind,    -- VARCHAR
  t.is_booked                  AS is_booked,        -- BOOLEAN false for an entry of a draft
  t.debit_key                  AS debit_key,        -- BIGINT account debited
  t.credit_key                 AS credit_key,       -- BIGINT account credited
  t.ma_quy                     AS fund_code,        -- VARCHAR quỹ, empty before it is allocated
  t.ma_hoat_dong               AS activity_code,    -- VARCHAR
  t.mlns_chuong                AS chapter_code,     -- VARCHAR chương, mục lục ngân sách
  t.mlns_tieu_muc              AS subitem_code,     -- VARCHAR tiểu mục
  t.payer_code                 AS payer_code,       -- VARCHAR who owed it, of an allocated receipt
  t.due_month                  AS due_month,        -- VARCHAR 'YYYY-MM' it was owed for
  COALESCE(t.so_tien, 0)       AS debit_vnd,        -- BIGINT đồng
  COALESCE(t.so_tien, 0)       AS credit_vnd,       -- BIGINT đồng, the same amount on the other side
  t.org_code                   AS org_code,         -- VARCHAR office that wrote it, of that month
  t.batch_id                   AS batch_id          -- VARCHAR
FROM t
