-- model:    staging.stg_number_issue
-- kind:     full
-- from:     landed.hgd_cap_ma
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(si_number), not_null(issued_on), not_null(org_code), one_of(origin_code, employer, household, birth, population, other), one_of(match_code, matched, different, not_found, unasked)
--
-- Numbers as they were issued, with what the national population database said of them.
-- Org:      org_code is the office that issued the number, on the tree of that day.
-- Source:   QC-DWH Điều 4.5.
WITH t AS (
  SELECT
    c.id, c.ma_so_bhxh, c.ngay_cap, c.nguon, c.ket_qua_xac_thuc, c.ngay_xac_thuc, c.batch_id,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.hgd_cap_ma AS c
  LEFT JOIN staging.org_unit AS o ON o.office_code = COALESCE(c.ma_cq, c.ma_cq_bhxh)
)
SELECT
  t.id             AS source_id,   -- BIGINT key of the source row
  t.ma_so_bhxh     AS si_number,   -- VARCHAR 10 digits
  t.ngay_cap       AS issued_on,   -- DATE
  CASE t.nguon
    WHEN 'đơn vị' THEN 'employer'
    WHEN 'hộ' THEN 'household'
    WHEN 'trẻ khai sinh liên thông' THEN 'birth'
    WHEN 'CSDLQG' THEN 'population'
    ELSE 'other'
  END              AS origin_code, -- VARCHAR who asked for the number
  CASE t.ket_qua_xac_thuc
    WHEN 'khớp' THEN 'matched'
    WHEN 'lệch' THEN 'different'
    WHEN 'không tìm thấy' THEN 'not_found'
    ELSE 'unasked'
  END              AS match_code,  -- VARCHAR what the population database said
  t.ngay_xac_thuc  AS matched_on,  -- DATE when it said so
  t.org_code       AS org_code,    -- VARCHAR
  t.batch_id       AS batch_id     -- VARCHAR
FROM t
