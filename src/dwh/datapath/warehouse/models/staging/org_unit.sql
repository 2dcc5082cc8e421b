-- model:    staging.org_unit
-- kind:     full
-- grain:    org_code
-- owner:    tccb
-- audits:   unique(grain), not_null(org_name), has_rows, unique_when_known(office_code), one_of(tier, central, province, office, department)
--
-- Every unit that ever was: as the personnel system has it, and as the reorganisations entered here made or ended it.
-- A unit both know is the personnel system's; the event then only says from which units it came. A unit that ends by
-- an event ends on its day, if the personnel system did not end it before. org_name is the last name it bore.
-- Source:   QC-DWH Điều 4.6; landing/decisions/organisation.csv; docs/adr/0017.
WITH event AS (
  SELECT
    e.event_id, e.kind, CAST(e.effective_on AS DATE) AS effective_on, NULLIF(e.from_code, '') AS from_code,
    NULLIF(e.to_code, '') AS to_code, nfc_normalize(e.to_name) AS to_name, e.to_tier, NULLIF(e.to_parent, '') AS to_parent,
    NULLIF(e.to_office_code, '') AS to_office_code, NULLIF(e.to_province_code, '') AS to_province_code, e.to_class
  FROM seed.org_event AS e
),
ended AS (
  SELECT e.from_code AS org_code, MIN(e.effective_on) AS ended_on
  FROM event AS e
  WHERE e.kind <> 'rename' AND e.from_code IS NOT NULL AND e.from_code IS DISTINCT FROM e.to_code
  GROUP BY e.from_code
),
renamed AS (
  SELECT e.to_code AS org_code, ARG_MAX(e.to_name, e.effective_on) AS org_name
  FROM event AS e
  WHERE e.kind = 'rename'
  GROUP BY e.to_code
),
made AS (
  SELECT
    e.to_code AS org_code, MIN(e.event_id) AS event_id, MIN(e.effective_on) AS valid_from, MAX(e.to_name) AS org_name,
    MAX(e.to_tier) AS tier, MAX(e.to_parent) AS parent_code, MAX(e.to_office_code) AS office_code,
    MAX(e.to_province_code) AS province_code, MAX(e.to_class) AS unit_class
  FROM event AS e
  WHERE e.kind <> 'rename' AND e.to_name <> ''
  GROUP BY e.to_code
),
every AS (
  SELECT
    u.org_code, u.org_name, u.tier, u.parent_code, u.province_code, u.valid_from, u.valid_until, u.office_code,
    u.unit_class, u.is_it_unit, NULL AS event_id
  FROM staging.stg_org_unit AS u
  UNION ALL
  SELECT
    m.org_code, m.org_name, m.tier, m.parent_code, m.province_code, m.valid_from, DATE '9999-12-31' AS valid_until,
    m.office_code, m.unit_class,
    regexp_matches(LOWER(m.org_name), '^(trung tâm|phòng).*(công nghệ thông tin|tin học|cntt)') AS is_it_unit, m.event_id
  FROM made AS m
  WHERE m.org_code NOT IN (SELECT u.org_code FROM staging.stg_org_unit AS u)
)
SELECT
  e.org_code                                                          AS org_code,      -- VARCHAR
  COALESCE(r.org_name, e.org_name)                                    AS org_name,      -- VARCHAR the last name it bore
  e.tier                                                              AS tier,          -- VARCHAR central, province, office or department
  e.parent_code                                                       AS parent_code,   -- VARCHAR
  e.province_code                                                     AS province_code, -- VARCHAR number of the province of that time
  e.valid_from                                                        AS valid_from,    -- DATE
  LEAST(e.valid_until, COALESCE(d.ended_on, DATE '9999-12-31'))       AS valid_until,   -- DATE half open
  e.office_code                                                       AS office_code,   -- VARCHAR five characters, or empty
  e.unit_class                                                        AS unit_class,    -- VARCHAR as the source writes it
  e.is_it_unit                                                        AS is_it_unit,    -- BOOLEAN
  CASE WHEN r.org_code IS NOT NULL THEN TRUE ELSE e.event_id IS NOT NULL END AS is_named_here -- BOOLEAN its name comes from an event
FROM every AS e
LEFT JOIN ended AS d ON d.org_code = e.org_code
LEFT JOIN renamed AS r ON r.org_code = e.org_code
