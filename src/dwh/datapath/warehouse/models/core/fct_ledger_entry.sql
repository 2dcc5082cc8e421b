-- model:     core.fct_ledger_entry
-- kind:      by_month(accounting_month)
-- from:      staging.stg_ledger_entry
-- grain:     entry_key, side
-- order:     org_code
-- owner:     tckt
-- conserves: debit_vnd, credit_vnd
-- excludes:  draft where NOT is_booked
-- audits:    unique(grain), one_of(side, debit, credit), balances(accounting_month), refers(org_code, core.dim_org(org_code)), refers(account_key, core.dim_account(account_key)), refers(activity_code, core.dim_ledger_activity(activity_code)), refers(accounting_month, core.dim_month(month))
--
-- The two sides of every accounting entry that is in the books: one row debits an account, one credits another, so
-- that either account answers for its own turnover. Entries of drafts are left out and counted.
-- Units:     *_vnd are whole đồng; a correction is a negative amount and nets out. Debit equals credit, always.
-- Org:       org_code is the office that wrote the document, on the tree of that month.
-- Source:    QC-DWH Điều 4.4 (Kế toán tập trung).
WITH sides AS (
  SELECT
    e.source_id, e.accounting_month, e.org_code, e.document_no, e.document_kind, e.fund_code, e.activity_code,
    e.chapter_code, e.subitem_code, e.batch_id, 'debit' AS side, e.debit_key AS account_key, e.debit_vnd, 0 AS credit_vnd
  FROM staging.stg_ledger_entry AS e
  WHERE e.accounting_month IN (:months) AND e.is_booked
  UNION ALL
  SELECT
    e.source_id, e.accounting_month, e.org_code, e.document_no, e.document_kind, e.fund_code, e.activity_code,
    e.chapter_code, e.subitem_code, e.batch_id, 'credit' AS side, e.credit_key AS account_key, 0 AS debit_vnd, e.credit_vnd
  FROM staging.stg_ledger_entry AS e
  WHERE e.accounting_month IN (:months) AND e.is_booked
)
SELECT
  s.source_id                         AS entry_key,        -- BIGINT key of the source row
  s.side                              AS side,             -- VARCHAR debit or credit
  s.accounting_month                  AS accounting_month, -- VARCHAR 'YYYY-MM'
  s.org_code                          AS org_code,         -- VARCHAR
  s.account_key                       AS account_key,      -- BIGINT
  s.fund_code                         AS fund_code,        -- VARCHAR empty before a receipt is allocated
  k.activity_code                     AS activity_code,    -- VARCHAR empty when it is in no list (KT-B07)
  COALESCE(s.chapter_code, 'none')    AS chapter_code,     -- VARCHAR chương; none: outside the state budget's list
  COALESCE(s.subitem_code, 'none')    AS subitem_code,     -- VARCHAR tiểu mục
  s.document_kind                     AS document_kind,    -- VARCHAR
  s.document_no                       AS document_no,      -- VARCHAR
  s.debit_vnd                         AS debit_vnd,        -- BIGINT đồng
  s.credit_vnd                        AS credit_vnd,       -- BIGINT đồng
  s.batch_id                          AS last_batch_id     -- VARCHAR
FROM sides AS s
LEFT JOIN seed.ledger_activity AS k ON k.activity_code = s.activity_code
