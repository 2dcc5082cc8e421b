-- model:     staging.stg_contribution
-- kind:      by_month(contribution_month)
-- from:      landed.tst_dong_ca_nhan
-- partition: CASE WHEN regexp_full_match(ky, '20\d{2}(0[1-9]|1[0-2])') THEN LEFT(ky, 4) || '-' || RIGHT(ky, 2) END
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.stg_employer(employer_code) by TRIM(ma_don_vi)
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- grain:     source_id
-- owner:     thu
-- amounts:   due_vnd = COALESCE(so_tien_ld, 0) + COALESCE(so_tien_sd, 0) + COALESCE(so_tien_nsnn, 0), collected_vnd = COALESCE(so_tien_da_dong, 0)
-- audits:    unique(grain), not_null(participant_key), not_null(employer_key), not_null(org_code), not_null(contribution_month)
--
-- One line per month, person, employer and fund: what was due and what has been paid of it so far.
-- Units:     *_vnd are whole đồng.
-- Org:       org_code is the office that collects, on the tree of that month.
-- Source:    QC-DWH Điều 4.1; rates sources.md 2.3.
WITH people AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
firms AS (
  SELECT e.employer_code, MIN(e.employer_key) AS employer_key
  FROM staging.stg_employer AS e
  GROUP BY e.employer_code
),
months AS ( -- what holds for a month is found once per month: a join by range would sort every line
  SELECT m.month, b.amount_vnd
  FROM (SELECT UNNEST([:months]) AS month) AS m
  LEFT JOIN seed.base_salary AS b ON b.from_month <= m.month AND m.month < b.until_month
),
rates AS (
  SELECT m.month, r.component_code, r.rate_bp
  FROM months AS m
  JOIN seed.contribution_rate AS r ON r.from_month <= m.month AND m.month < r.until_month
),
twice AS ( -- counting is cheap; employers are compared only of the few who are there twice
  SELECT landed_month, ma_so_bhxh
  FROM landed.tst_dong_ca_nhan
  WHERE landed_month IN (:months) AND quy = 'HTTT' AND ma_so_bhxh IS NOT NULL
  GROUP BY landed_month, ma_so_bhxh
  HAVING COUNT(*) > 1
),
two_bases AS (
  SELECT landed_month, ma_so_bhxh
  FROM landed.tst_dong_ca_nhan
  WHERE landed_month IN (:months) AND quy = 'HTTT'
    AND (landed_month, ma_so_bhxh) IN (SELECT (landed_month, ma_so_bhxh) FROM twice)
  GROUP BY landed_month, ma_so_bhxh
  HAVING MIN(TRIM(ma_don_vi)) <> MAX(TRIM(ma_don_vi))
),
t AS (
  SELECT
    c.id, c.landed_month, c.ma_so_bhxh, c.quy, c.can_cu_dong, c.batch_id,
    COALESCE(c.so_tien_ld, 0) + COALESCE(c.so_tien_sd, 0) + COALESCE(c.so_tien_nsnn, 0) AS due_vnd,
    COALESCE(c.so_tien_da_dong, 0) AS collected_vnd,
    regexp_full_match(c.ma_so_bhxh, '\d{10}') AS number_is_whole,
    p.participant_key,
    e.employer_key,
    COALESCE(o.org_code, '00') AS org_code,
    c.quy <> 'HTTT' OR (c.landed_month, c.ma_so_bhxh) NOT IN (SELECT (landed_month, ma_so_bhxh) FROM two_bases)
      AS has_one_base,
    f.fund_code,
    f.is_compulsory = '1' AS is_compulsory,
    CAST(r.rate_bp AS BIGINT) AS rate_bp,
    CAST(b.amount_vnd AS BIGINT) AS base_salary_vnd
  FROM landed.tst_dong_ca_nhan AS c
  LEFT JOIN people AS p ON p.si_number = c.ma_so_bhxh
  LEFT JOIN firms AS e ON e.employer_code = TRIM(c.ma_don_vi)
  LEFT JOIN staging.org_unit AS o ON o.office_code = c.ma_cq_bhxh
  LEFT JOIN seed.fund AS f ON f.component_code = c.quy
  LEFT JOIN rates AS r ON r.component_code = c.quy AND r.month = c.landed_month
  LEFT JOIN months AS b ON b.month = c.landed_month
  WHERE c.landed_month IN (:months)
)
SELECT
  t.id                          AS source_id,          -- BIGINT key of the source row
  t.landed_month                AS contribution_month, -- VARCHAR 'YYYY-MM'
  t.participant_key             AS participant_key,    -- BIGINT
  t.employer_key                AS employer_key,       -- BIGINT
  t.quy                         AS component_code,     -- VARCHAR quỹ thành phần
  t.fund_code                   AS fund_code,          -- VARCHAR si, hi or ui
  t.org_code                    AS org_code,           -- VARCHAR office of that month
  COALESCE(t.can_cu_dong, 0)    AS base_vnd,           -- BIGINT đồng, căn cứ đóng
  t.due_vnd                     AS due_vnd,            -- BIGINT đồng, worker + employer + budget
  t.collected_vnd               AS collected_vnd,      -- BIGINT đồng, paid so far
  t.batch_id                    AS batch_id            -- VARCHAR
FROM t
