-- model:    staging.office_today
-- kind:     full
-- grain:    office_code
-- owner:    tccb
-- audits:   unique(grain), not_null(org_code)
--
-- The unit behind the five characters a source row carries, and the province that answers for it today: two offices
-- of one province today are not two provinces, whatever they were before the reform.
-- Source:   QC-DWH Điều 4.6.
SELECT
  u.office_code                              AS office_code,          -- VARCHAR ma_cq_bhxh
  u.org_code                                 AS org_code,             -- VARCHAR
  o.cur_province_org_code                    AS cur_province_org_code -- VARCHAR empty for the central offices
FROM staging.org_unit AS u
JOIN core.dim_org AS o ON o.org_code = u.org_code
WHERE u.office_code IS NOT NULL
