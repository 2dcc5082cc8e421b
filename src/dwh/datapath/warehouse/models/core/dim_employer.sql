-- model:    core.dim_employer
-- kind:     full
-- grain:    employer_key
-- owner:    thu
-- audits:   unique(grain), not_null(employer_code)
--
-- Employers and collection agents.
-- Source:   QC-DWH Điều 4.1.
SELECT
  e.employer_key                              AS employer_key,  -- BIGINT key of the source row
  e.employer_code                             AS employer_code, -- VARCHAR
  e.employer_name                             AS employer_name, -- VARCHAR
  e.sector_code                               AS sector_code,   -- VARCHAR khối
  COALESCE(s.sector_name, 'Chưa phân loại')   AS sector_name,   -- VARCHAR
  e.vsic_code                                 AS vsic_code      -- VARCHAR
FROM staging.stg_employer AS e
LEFT JOIN seed.employer_sector AS s ON s.sector_code = e.sector_code
