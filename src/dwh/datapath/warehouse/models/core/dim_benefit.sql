-- model:    core.dim_benefit
-- kind:     full
-- grain:    benefit_code
-- owner:    csxh
-- audits:   unique(grain), has_rows, one_of(frequency_code, monthly, once, short_term)
--
-- Benefits (chế độ), the group they are counted in, and whether they are paid monthly, once or per turn.
-- Groups:   pension, disability, employment_injury, survivor, social_pension, other_monthly, lump_sum, sickness,
--           maternity, convalescence, unemployment.
-- Source:   QC-DWH Điều 4.2; sources.md §4.
SELECT
  b.benefit_code    AS benefit_code,   -- VARCHAR
  b.benefit_name    AS benefit_name,   -- VARCHAR
  b.group_code      AS group_code,     -- VARCHAR
  b.group_name      AS group_name,     -- VARCHAR
  b.frequency_code  AS frequency_code, -- VARCHAR monthly, once or short_term
  b.frequency_name  AS frequency_name  -- VARCHAR
FROM seed.benefit AS b
