-- model:    core.dim_procedure
-- kind:     full
-- grain:    procedure_code
-- owner:    vpho
-- audits:   unique(grain), not_null(procedure_name)
--
-- Administrative procedures of today; an old one without a successor stands for itself.
-- Source:   QC-DWH Điều 4.7.
WITH current AS (
  SELECT DISTINCT l.current_code
  FROM staging.procedure_limit AS l
),
named AS (
  SELECT p.procedure_code, ARG_MAX(p.procedure_name, (p.valid_from, p.source_id)) AS procedure_name
  FROM staging.stg_procedure AS p
  GROUP BY p.procedure_code
)
SELECT
  c.current_code                               AS procedure_code, -- VARCHAR
  COALESCE(n.procedure_name, c.current_code)   AS procedure_name  -- VARCHAR newest name
FROM current AS c
LEFT JOIN named AS n ON n.procedure_code = c.current_code
