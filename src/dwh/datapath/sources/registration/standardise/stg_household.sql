-- model:    staging.stg_household
-- kind:     full
-- from:     landed.hgd_ho
-- grain:    source_id
-- owner:    thu
-- audits:   unique(grain), not_null(household_code), not_null(org_code), not_null(province_code)
--
-- Households as CMS-HGĐ holds them today. A place written with the numbers of before 01/07/2025 is kept as the place
-- of that time and mapped to the province that took it over.
-- Source:   QC-DWH Điều 4.5; organisation.md §3.
WITH r AS (
  SELECT
    h.id, TRIM(h.ma_ho) AS ma_ho, h.ma_tinh, h.ma_huyen, h.ngay_ke_khai, h.trang_thai, h.batch_id,
    COALESCE(o.org_code, '00') AS org_code,
    h.updated_at >= TIMESTAMP '2025-06-30 17:00:00' AS is_of_today, -- midnight in Việt Nam
    d.district_code IS NOT NULL AS is_old_place,
    p.successor_code, n.province_code AS new_code
  FROM landed.hgd_ho AS h
  LEFT JOIN staging.org_unit AS o ON o.office_code = h.ma_cq_bhxh
  LEFT JOIN seed.district_old AS d ON d.province_code = h.ma_tinh AND d.district_code = h.ma_huyen
  LEFT JOIN seed.province_old AS p ON p.province_code = h.ma_tinh
  LEFT JOIN seed.province_new AS n ON n.province_code = h.ma_tinh
),
heads AS (
  SELECT DISTINCT TRIM(m.ma_ho) AS ma_ho
  FROM landed.hgd_thanh_vien AS m
  WHERE m.quan_he_chu_ho = '00' AND m.den_ngay IS NULL
),
t AS (
  SELECT
    r.id, r.ma_ho, r.ngay_ke_khai, r.trang_thai, r.batch_id, r.org_code,
    CASE WHEN r.is_of_today THEN r.ma_huyen IS NULL AND r.new_code IS NOT NULL ELSE r.is_old_place END
      AS place_is_current,
    COALESCE(r.successor_code, r.new_code) IS NOT NULL AS place_is_known,
    CASE WHEN r.is_old_place OR r.new_code IS NULL THEN r.successor_code ELSE r.new_code END AS province_code,
    CASE WHEN r.is_old_place OR r.new_code IS NULL THEN r.ma_tinh END AS province_code_before,
    heads.ma_ho IS NOT NULL AS has_head
  FROM r
  LEFT JOIN heads ON heads.ma_ho = r.ma_ho
)
SELECT
  t.id                    AS source_id,            -- BIGINT key of the source row
  t.id                    AS household_key,        -- BIGINT
  t.ma_ho                 AS household_code,       -- VARCHAR mã hộ
  t.province_code         AS province_code,        -- VARCHAR number of the province since 01/07/2025
  t.province_code_before  AS province_code_before, -- VARCHAR number of the old province, while the row still names it
  t.ngay_ke_khai          AS declared_on,          -- DATE
  t.trang_thai            AS status_code,          -- VARCHAR
  t.has_head              AS has_head,             -- BOOLEAN
  t.org_code              AS org_code,             -- VARCHAR office that owns the row today
  t.batch_id              AS batch_id              -- VARCHAR batch that brought this version
FROM t
