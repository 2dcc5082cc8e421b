-- model:     staging.stg_account_balance
-- kind:      by_month(month)
-- from:      landed.kt_so_du
-- partition: CASE WHEN regexp_full_match(ky, '20\d{2}(0[1-9]|1[0-2])') THEN LEFT(ky, 4) || '-' || RIGHT(ky, 2) END
-- lookup:    landed.kt_but_toan(landed_month) by landed_month
-- lookup:    staging.stg_ledger_document(accounting_month) by landed_month
-- lookup:    staging.org_unit(office_code) by ma_cq
-- grain:     source_id
-- order:     org_code
-- owner:     tckt
-- amounts:   closing_debit_vnd = COALESCE(cuoi_ky_no, 0), closing_credit_vnd = COALESCE(cuoi_ky_co, 0), opening_debit_vnd = COALESCE(dau_ky_no, 0), opening_credit_vnd = COALESCE(dau_ky_co, 0)
-- audits:    unique(grain), not_null(account_key), not_null(org_code), not_null(month)
--
-- Balances of accounts per accounting unit and fund, as the source closed each month. They are held against the
-- source's own entries, wrong ones included: the question is whether the source agrees with itself.
-- Units:     *_vnd are whole đồng.
-- Source:    QC-DWH Điều 4.4.
WITH r AS (
  SELECT
    b.id, b.landed_month, TRIM(b.ma_cq) AS ma_cq, TRIM(b.ma_tk) AS ma_tk, b.ma_quy, b.dau_ky_no, b.dau_ky_co, b.ps_no,
    b.ps_co, b.cuoi_ky_no, b.cuoi_ky_co, b.updated_at, b.batch_id
  FROM landed.kt_so_du AS b
  WHERE b.landed_month IN (:months)
),
booked AS (
  SELECT
    w.landed_month, d.unit_office_code, TRIM(w.tk_no) AS tk_no, TRIM(w.tk_co) AS tk_co, COALESCE(w.ma_quy, '') AS fund_code,
    w.so_tien
  FROM landed.kt_but_toan AS w
  JOIN staging.stg_ledger_document AS d ON d.document_no = w.ct_id AND d.accounting_month = w.landed_month
  WHERE w.landed_month IN (SELECT r.landed_month FROM r) AND d.is_booked
),
sides AS (
  SELECT k.landed_month, k.unit_office_code, k.tk_no AS account_code, k.fund_code, SUM(k.so_tien) AS debit, 0 AS credit
  FROM booked AS k
  GROUP BY k.landed_month, k.unit_office_code, k.tk_no, k.fund_code
  UNION ALL
  SELECT k.landed_month, k.unit_office_code, k.tk_co AS account_code, k.fund_code, 0 AS debit, SUM(k.so_tien) AS credit
  FROM booked AS k
  GROUP BY k.landed_month, k.unit_office_code, k.tk_co, k.fund_code
),
moved AS (
  SELECT
    v.landed_month, v.unit_office_code, COALESCE(s.successor_code, v.account_code) AS account_code, v.fund_code,
    SUM(v.debit) AS entries_debit, SUM(v.credit) AS entries_credit
  FROM sides AS v
  LEFT JOIN seed.account_successor AS s
    ON s.account_code = v.account_code AND s.from_month <= v.landed_month AND s.fund_code IN ('*', v.fund_code)
  GROUP BY v.landed_month, v.unit_office_code, COALESCE(s.successor_code, v.account_code), v.fund_code
),
t AS (
  SELECT
    r.id, r.landed_month, r.ma_quy, r.dau_ky_no, r.dau_ky_co, r.ps_no, r.ps_co, r.cuoi_ky_no, r.cuoi_ky_co, r.batch_id,
    a.account_key,
    COALESCE(strftime(r.updated_at + INTERVAL 31 DAY, '%Y-%m'), '9999-99') AS latest_month,
    COALESCE(m.entries_debit, 0) AS entries_debit, COALESCE(m.entries_credit, 0) AS entries_credit,
    COALESCE(o.org_code, '00') AS org_code
  FROM r
  LEFT JOIN moved AS m
    ON m.landed_month = r.landed_month AND m.unit_office_code = r.ma_cq AND m.account_code = r.ma_tk
    AND m.fund_code = COALESCE(r.ma_quy, '')
  LEFT JOIN staging.stg_account AS a
    ON a.account_code = r.ma_tk AND a.from_month <= r.landed_month AND r.landed_month < a.until_month
  LEFT JOIN staging.org_unit AS o ON o.office_code = r.ma_cq
)
SELECT
  t.id                          AS source_id,          -- BIGINT key of the source row
  t.landed_month                AS month,              -- VARCHAR 'YYYY-MM'
  t.account_key                 AS account_key,        -- BIGINT
  t.ma_quy                      AS fund_code,          -- VARCHAR
  COALESCE(t.dau_ky_no, 0)      AS opening_debit_vnd,  -- BIGINT đồng
  COALESCE(t.dau_ky_co, 0)      AS opening_credit_vnd, -- BIGINT đồng
  COALESCE(t.ps_no, 0)          AS debit_vnd,          -- BIGINT đồng, turnover
  COALESCE(t.ps_co, 0)          AS credit_vnd,         -- BIGINT đồng, turnover
  COALESCE(t.cuoi_ky_no, 0)     AS closing_debit_vnd,  -- BIGINT đồng
  COALESCE(t.cuoi_ky_co, 0)     AS closing_credit_vnd, -- BIGINT đồng
  t.org_code                    AS org_code,           -- VARCHAR the accounting unit, of that month
  t.batch_id                    AS batch_id            -- VARCHAR
FROM t
