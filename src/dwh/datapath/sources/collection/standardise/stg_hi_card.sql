-- model:    staging.stg_hi_card
-- kind:     full
-- from:     landed.tst_the_bhyt
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(card_number), not_null(org_code)
--
-- Health-insurance cards: one row per spell of validity, both days included.
-- Source:   QC-DWH Điều 4.1; card shape QĐ 1351/QĐ-BHXH.
WITH r AS (
  SELECT
    c.id, TRIM(c.ma_the) AS ma_the, c.ma_so_bhxh, c.ma_doi_tuong, c.muc_huong, c.ma_dkbd, c.tu_ngay, c.den_ngay,
    c.ly_do_cap, c.ngay_5nam, c.trang_thai, c.batch_id, COALESCE(o.org_code, '00') AS org_code, CAST(k.benefit_level AS BIGINT) AS right_level,
    MAX(CASE WHEN c.trang_thai = '1' THEN c.den_ngay END) OVER earlier AS earlier_until,
    MIN(CASE WHEN c.trang_thai = '1' THEN c.tu_ngay END) OVER later AS later_from
  FROM landed.tst_the_bhyt AS c
  LEFT JOIN staging.org_unit AS o ON o.office_code = c.ma_cq_bhxh
  LEFT JOIN seed.hi_object AS k ON k.object_code = c.ma_doi_tuong
  WINDOW
    earlier AS (
      PARTITION BY c.ma_so_bhxh ORDER BY c.tu_ngay, c.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ),
    later AS (PARTITION BY c.ma_so_bhxh ORDER BY c.tu_ngay, c.id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
),
t AS (
  SELECT
    r.id, r.ma_the, r.ma_so_bhxh, r.ma_doi_tuong, r.muc_huong, r.ma_dkbd, r.tu_ngay, r.den_ngay, r.ly_do_cap, r.ngay_5nam, r.trang_thai,
    r.batch_id, r.org_code, r.right_level,
    r.trang_thai = '1'
      AND (COALESCE(r.earlier_until >= r.tu_ngay, FALSE) OR COALESCE(r.later_from <= r.den_ngay, FALSE)) AS overlaps
  FROM r
)
SELECT
  t.id                            AS source_id,     -- BIGINT key of the source row
  t.ma_the                        AS card_number,   -- VARCHAR 15 characters
  t.ma_so_bhxh                    AS si_number,     -- VARCHAR 10 digits
  t.ma_doi_tuong                  AS object_code,   -- VARCHAR
  CAST(t.muc_huong AS SMALLINT)   AS benefit_level, -- SMALLINT 1 to 5
  t.ma_dkbd                       AS facility_code, -- VARCHAR where first care is registered
  t.tu_ngay                       AS valid_from,    -- DATE
  strftime(t.tu_ngay, '%Y-%m')    AS valid_month,   -- VARCHAR 'YYYY-MM' in which it begins to be valid
  t.den_ngay                      AS valid_to,      -- DATE last valid day
  t.ngay_5nam                     AS five_years_on, -- DATE on which five years without a break are full
  t.trang_thai                    AS status_code,   -- VARCHAR 1 đang dùng
  CASE t.ly_do_cap
    WHEN 'mới' THEN 'new'
    WHEN 'gia hạn' THEN 'renewed'
    WHEN 'cấp lại' THEN 'reissued'
    WHEN 'đổi' THEN 'changed'
    ELSE 'other'
  END                             AS reason_code,   -- VARCHAR new, renewed, reissued, changed or other
  t.org_code                      AS org_code,      -- VARCHAR office that issued it
  t.batch_id                      AS batch_id       -- VARCHAR
FROM t
