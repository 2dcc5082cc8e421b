-- model:     staging.stg_household_premium
-- kind:      by_month(paid_month)
-- from:      landed.hgd_dong_bhyt
-- partition: strftime(ngay_dong, '%Y-%m')
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.stg_participant(citizen_id) by ma_so_bhxh
-- lookup:    staging.stg_household(household_code) by TRIM(ma_ho)
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- owner:     thu
-- amounts:   premium_vnd = COALESCE(muc_dong, 0) * COALESCE(so_thang, 0)
-- audits:    unique(grain), not_null(paid_month), not_null(org_code), not_negative(premium_vnd), one_of(order_code, 1, 2, 3, 4, 5+)
--
-- One row per payment in advance of one member of a household. The number may be the mã số (10 digits) or, since
-- 01/08/2025, the personal number (12 digits).
-- Units:     *_vnd are whole đồng.
-- Org:       org_code is the office that took the payment, on the tree of that month.
-- Source:    QC-DWH Điều 4.5; rates of Luật BHYT (4.5 % of the base salary; 70, 60, 50, 40 % from the second on).
WITH months AS ( -- once per month: a join by range would sort every line
  SELECT m.month, b.amount_vnd
  FROM (SELECT UNNEST([:months]) AS month) AS m
  LEFT JOIN seed.base_salary AS b ON b.from_month <= m.month AND m.month < b.until_month
),
people AS (
  SELECT p.si_number AS code, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
  UNION ALL
  SELECT q.citizen_id AS code, MIN(q.participant_key) AS participant_key
  FROM staging.stg_participant AS q
  WHERE q.citizen_id IS NOT NULL
  GROUP BY q.citizen_id
),
homes AS (
  SELECT h.household_code, MIN(h.household_key) AS household_key
  FROM staging.stg_household AS h
  GROUP BY h.household_code
),
t AS (
  SELECT
    d.id, d.landed_month, d.ma_so_bhxh, d.thu_tu_nguoi, d.so_thang, d.ngay_dong, d.batch_id,
    COALESCE(d.muc_dong, 0) AS muc_dong,
    COALESCE(d.muc_dong, 0) * COALESCE(d.so_thang, 0) AS premium_vnd,
    CASE d.thu_tu_nguoi WHEN 1 THEN 100 WHEN 2 THEN 70 WHEN 3 THEN 60 WHEN 4 THEN 50 ELSE 40 END AS order_pct,
    CAST(b.amount_vnd AS BIGINT) AS base_salary_vnd,
    people.participant_key, homes.household_key,
    COALESCE(o.org_code, '00') AS org_code
  FROM landed.hgd_dong_bhyt AS d
  LEFT JOIN people ON people.code = d.ma_so_bhxh
  LEFT JOIN homes ON homes.household_code = TRIM(d.ma_ho)
  LEFT JOIN staging.org_unit AS o ON o.office_code = d.ma_cq_bhxh
  LEFT JOIN months AS b ON b.month = d.landed_month
  WHERE d.landed_month IN (:months)
)
SELECT
  t.id                            AS source_id,       -- BIGINT key of the source row
  t.landed_month                  AS paid_month,      -- VARCHAR 'YYYY-MM'
  t.ngay_dong                     AS paid_on,         -- DATE
  t.household_key                 AS household_key,   -- BIGINT empty when the household is not known
  t.participant_key               AS participant_key, -- BIGINT empty when the person is not in the register
  CASE WHEN t.thu_tu_nguoi <= 4 THEN CAST(t.thu_tu_nguoi AS VARCHAR) ELSE '5+' END AS order_code, -- VARCHAR 1 to 4, 5+
  CAST(COALESCE(t.so_thang, 0) AS INTEGER) AS months, -- INTEGER months paid for
  t.premium_vnd                   AS premium_vnd,     -- BIGINT đồng for all these months
  t.org_code                      AS org_code,        -- VARCHAR
  t.batch_id                      AS batch_id         -- VARCHAR
FROM t
