-- model:     staging.stg_budget
-- kind:      by_month(month)
-- from:      landed.kt_du_toan
-- partition: CASE WHEN nam BETWEEN 2000 AND 2099 THEN CAST(nam AS VARCHAR) || '-' || CASE WHEN ngay IS NULL OR YEAR(ngay) < nam THEN '01' WHEN YEAR(ngay) > nam THEN '12' ELSE strftime(ngay, '%m') END END
-- lookup:    staging.org_unit(office_code) by ma_cq
-- grain:     source_id
-- order:     org_code
-- owner:     tckt
-- amounts:   assigned_vnd = COALESCE(so_giao_dau_nam, 0), supplement_vnd = COALESCE(bo_sung, 0), adjustment_vnd = COALESCE(dieu_chinh, 0)
-- audits:    unique(grain), not_null(org_code), not_null(month)
--
-- Budget decisions. Each counts in the month it was signed, but within its budget year: the months of a year add up to
-- the budget of that year. A year that has not begun in the ledger yet is waiting (is_ahead); before the first entry everything waits.
-- Units:     *_vnd are whole đồng.
-- Source:    QC-DWH Điều 4.4.
WITH known AS (
  SELECT MAX(e.accounting_month) AS last_month
  FROM staging.stg_ledger_entry AS e
),
t AS (
  SELECT
    b.id, b.landed_month, b.nam, TRIM(b.chi_tieu) AS chi_tieu, b.so_giao_dau_nam, b.bo_sung, b.dieu_chinh, b.so_qd, b.batch_id,
    COALESCE(b.landed_month > known.last_month, TRUE) AS is_ahead,
    i.item_code IS NOT NULL AS item_is_known,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.kt_du_toan AS b
  CROSS JOIN known
  LEFT JOIN seed.budget_item AS i ON i.item_code = TRIM(b.chi_tieu)
  LEFT JOIN staging.org_unit AS o ON o.office_code = TRIM(b.ma_cq)
  WHERE b.landed_month IN (:months)
)
SELECT
  t.id                                AS source_id,      -- BIGINT key of the source row
  t.landed_month                      AS month,          -- VARCHAR 'YYYY-MM' within the budget year
  t.is_ahead                          AS is_ahead,       -- BOOLEAN its month has not come in the ledger
  t.chi_tieu                          AS item_code,      -- VARCHAR
  t.so_qd                             AS decision_no,    -- VARCHAR
  COALESCE(t.so_giao_dau_nam, 0)      AS assigned_vnd,   -- BIGINT đồng
  COALESCE(t.bo_sung, 0)              AS supplement_vnd, -- BIGINT đồng
  COALESCE(t.dieu_chinh, 0)           AS adjustment_vnd, -- BIGINT đồng
  t.org_code                          AS org_code,       -- VARCHAR the unit it was assigned to, of that month
  t.batch_id                          AS batch_id        -- VARCHAR
FROM t
