-- model:    staging.stg_si_book
-- kind:     full
-- from:     landed.tst_so_bhxh
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(si_number), not_null(org_code)
--
-- Social-insurance books: one row per issue.
-- Source:   QC-DWH Điều 4.1.
WITH t AS (
  SELECT
    b.id, b.ma_so_bhxh, b.lan_cap, b.loai_cap, b.ngay_cap, b.trang_thai, b.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.tst_so_bhxh AS b
  LEFT JOIN staging.org_unit AS o ON o.office_code = b.ma_cq_bhxh
)
SELECT
  t.id                         AS source_id,   -- BIGINT key of the source row
  t.ma_so_bhxh                 AS si_number,   -- VARCHAR 10 digits
  CAST(t.lan_cap AS SMALLINT)  AS issue_no,    -- SMALLINT
  t.loai_cap                   AS issue_kind,  -- VARCHAR
  t.ngay_cap                   AS issued_on,   -- DATE
  t.trang_thai                 AS status_code, -- VARCHAR
  t.org_code                   AS org_code,    -- VARCHAR office that issued it
  t.batch_id                   AS batch_id     -- VARCHAR
FROM t
