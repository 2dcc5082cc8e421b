-- model:    core.fct_number_issue
-- kind:     full
-- grain:    source_id
-- order:    issued_month, org_code
-- owner:    thu
-- audits:   unique(grain), refers(org_code, core.dim_org(org_code)), refers(issued_month, core.dim_month(month))
--
-- Numbers issued in the months with figures; those of the years before stay in staging.
-- Units:    one row per number.
-- Org:      org_code is the office that issued the number, on the tree of that day.
-- Source:   QC-DWH Điều 4.5.
SELECT
  n.source_id    AS source_id,    -- BIGINT key of the source row
  d.month        AS issued_month, -- VARCHAR 'YYYY-MM'
  n.org_code     AS org_code,     -- VARCHAR
  n.origin_code  AS origin_code,  -- VARCHAR employer, household, birth, population or other
  n.match_code   AS match_code    -- VARCHAR matched, different, not_found or unasked
FROM staging.stg_number_issue AS n
JOIN core.dim_month AS d ON d.month = strftime(n.issued_on, '%Y-%m')
