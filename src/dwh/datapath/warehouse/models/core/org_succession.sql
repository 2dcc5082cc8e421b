-- model:    core.org_succession
-- kind:     full
-- grain:    from_code, to_code
-- owner:    tccb
-- audits:   unique(grain), not_null(from_code), not_null(to_code)
--
-- Which unit took over from which, on what day, on which paper, and which share of it. A unit that went whole into one
-- has the share 1; of one that was split among several the share is known when an event says it, else it is empty.
-- Source:   tien_than of the personnel system; landing/decisions/organisation.csv; docs/adr/0017.
WITH named AS (
  SELECT CASE WHEN TRIM(p.code) = '00' THEN '00' ELSE '00.' || TRIM(p.code) END AS from_code, u.org_code AS to_code,
    u.valid_from AS happened_on
  FROM staging.stg_org_unit AS u, UNNEST(string_split(u.predecessors, ';')) AS p(code)
  WHERE u.predecessors IS NOT NULL
),
entered AS (
  SELECT e.from_code, e.to_code, CAST(e.effective_on AS DATE) AS happened_on, TRY_CAST(e.weight AS DECIMAL(9, 6)) AS weight,
    e.basis, e.event_id
  FROM seed.org_event AS e
  WHERE e.from_code <> '' AND e.to_code <> '' AND e.from_code <> e.to_code
),
every AS (
  SELECT n.from_code, n.to_code, MIN(n.happened_on) AS happened_on
  FROM (
    SELECT a.from_code, a.to_code, a.happened_on FROM named AS a
    UNION ALL
    SELECT b.from_code, b.to_code, b.happened_on FROM entered AS b
  ) AS n
  GROUP BY n.from_code, n.to_code
),
counted AS (
  SELECT e.from_code, COUNT(*) AS successors
  FROM every AS e
  GROUP BY e.from_code
)
SELECT
  v.from_code                                                         AS from_code,   -- VARCHAR
  v.to_code                                                           AS to_code,     -- VARCHAR
  v.happened_on                                                       AS happened_on, -- DATE
  COALESCE(CASE WHEN c.successors = 1 THEN CAST(1 AS DECIMAL(9, 6)) END, t.weight) AS weight, -- DECIMAL(9,6) share of from_code, empty when unknown
  t.basis                                                             AS basis,       -- VARCHAR the paper, empty for the personnel system's own
  t.event_id                                                          AS event_id     -- VARCHAR
FROM every AS v
JOIN counted AS c ON c.from_code = v.from_code
LEFT JOIN (
  SELECT e.from_code, e.to_code, MAX(e.weight) AS weight, MAX(e.basis) AS basis, MAX(e.event_id) AS event_id
  FROM entered AS e
  GROUP BY e.from_code, e.to_code
) AS t ON t.from_code = v.from_code AND t.to_code = v.to_code
