-- model:    core.fct_number_merge
-- kind:     full
-- grain:    source_id
-- order:    decided_month, org_code
-- owner:    thu
-- audits:   unique(grain), refers(org_code, core.dim_org(org_code)), refers(decided_month, core.dim_month(month))
--
-- Numbers joined into another in the months with figures (ST-08); pairs that are suspected, confirmed or distinct are none.
-- Units:    one row per number that was given up.
-- Org:      org_code is the office that keeps the pair.
-- Source:   QC-DWH Điều 4.5; QĐ 1864/QĐ-BHXH.
SELECT
  p.source_id  AS source_id,     -- BIGINT key of the source row
  d.month      AS decided_month, -- VARCHAR 'YYYY-MM'
  p.org_code   AS org_code       -- VARCHAR
FROM staging.stg_number_pair AS p
JOIN core.dim_month AS d ON d.month = strftime(p.decided_on, '%Y-%m')
WHERE p.status_code = 'joined'
