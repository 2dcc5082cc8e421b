-- model:    core.org_name
-- kind:     full
-- grain:    org_code, valid_from
-- owner:    tccb
-- audits:   unique(grain), not_null(org_name), has_rows
--
-- What each unit was called on each day of its life: a document prints the names of its date.
-- Source:   QC-DWH Điều 4.6; landing/decisions/organisation.csv; docs/adr/0017.
WITH said AS (
  SELECT u.org_code, u.valid_from AS since, COALESCE(r.first_name, u.org_name) AS org_name
  FROM staging.org_unit AS u
  LEFT JOIN (
    SELECT e.to_code, ARG_MIN(nfc_normalize(e.from_name), CAST(e.effective_on AS DATE)) AS first_name
    FROM seed.org_event AS e
    WHERE e.kind = 'rename'
    GROUP BY e.to_code
  ) AS r ON r.to_code = u.org_code
  UNION ALL
  SELECT e.to_code AS org_code, CAST(e.effective_on AS DATE) AS since, nfc_normalize(e.to_name) AS org_name
  FROM seed.org_event AS e
  JOIN staging.org_unit AS u ON u.org_code = e.to_code
  WHERE e.kind = 'rename' AND CAST(e.effective_on AS DATE) > u.valid_from
)
SELECT
  s.org_code                                                          AS org_code,    -- VARCHAR
  s.org_name                                                          AS org_name,    -- VARCHAR
  s.since                                                             AS valid_from,  -- DATE
  COALESCE(LEAD(s.since) OVER (PARTITION BY s.org_code ORDER BY s.since), DATE '9999-12-31') AS valid_until -- DATE half open
FROM said AS s
