-- model:     core.fct_card_stock
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- grain:     month, org_code, object_code, benefit_level, facility_key
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), one_card_each(staging.stg_hi_card), refers(org_code, core.dim_org(org_code)), refers(facility_key, core.dim_facility(facility_key)), refers(month, core.dim_month(month))
--
-- The stock of health-insurance cards valid on the last day of each month that has contributions. `cards` counts every
-- valid card; `persons` counts everybody once, under the first of his objects in the order of the law (priority of
-- hi_object), so that overlapping cards do not raise the coverage. Over time the last month counts, never a sum.
-- Units:     cards and persons are whole numbers.
-- Org:       org_code is the issuing office, or after a reform the unit that took it over.
-- Source:    QC-DWH Điều 4.1 (Phần mềm Thu và quản lý sổ, thẻ); Luật BHYT (object of a person of several).
WITH months AS (
  SELECT
    m.contribution_month AS month, LAST_DAY(CAST(m.contribution_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_contribution AS m
  WHERE m.contribution_month IN (:months)
  GROUP BY m.contribution_month
),
valid AS (
  SELECT
    t.month, t.last_day, c.org_code, c.object_code, k.group_code, c.benefit_level, c.facility_code,
    COALESCE(c.five_years_on <= t.last_day, FALSE) AS is_long,
    ROW_NUMBER() OVER (
      PARTITION BY t.month, c.si_number
      ORDER BY COALESCE(CAST(k.priority AS INTEGER), 9999), c.valid_from, c.source_id
    ) AS place
  FROM months AS t
  JOIN staging.stg_hi_card AS c ON c.valid_from <= t.last_day AND t.last_day <= COALESCE(c.valid_to, DATE '9999-12-31')
  LEFT JOIN seed.hi_object AS k ON k.object_code = c.object_code
  WHERE c.status_code = '1'
),
ranked AS (
  SELECT
    t.month, f.facility_code, f.facility_key,
    ROW_NUMBER() OVER (
      PARTITION BY t.month, f.facility_code
      ORDER BY
        CASE WHEN f.contract_from <= t.last_day AND t.last_day <= f.contract_to THEN 0 ELSE 1 END,
        f.contract_to DESC, f.facility_key
    ) AS place
  FROM months AS t
  CROSS JOIN staging.stg_facility AS f
),
placed AS (
  SELECT
    v.month, CASE WHEN o.valid_until > v.last_day THEN o.org_code ELSE o.cur_org_code END AS org_code, v.object_code,
    v.group_code, v.benefit_level, v.is_long, r.facility_key, v.place
  FROM valid AS v
  JOIN core.dim_org AS o ON o.org_code = v.org_code
  LEFT JOIN ranked AS r ON r.month = v.month AND r.facility_code = v.facility_code AND r.place = 1
)
SELECT
  p.month                                                           AS month,         -- VARCHAR 'YYYY-MM'
  p.org_code                                                        AS org_code,      -- VARCHAR
  p.object_code                                                     AS object_code,   -- VARCHAR
  MAX(p.group_code)                                                 AS group_code,    -- VARCHAR I to V, empty for an unknown object
  p.benefit_level                                                   AS benefit_level, -- SMALLINT 1 to 5
  p.facility_key                                                    AS facility_key,  -- BIGINT where first care is registered, empty when unknown
  COUNT(*)                                                          AS cards,         -- BIGINT valid cards
  CAST(SUM(CASE WHEN p.place = 1 THEN 1 ELSE 0 END) AS BIGINT)      AS persons,       -- BIGINT people, each once
  CAST(SUM(CASE WHEN p.place = 1 AND p.is_long THEN 1 ELSE 0 END) AS BIGINT) AS five_year_persons -- BIGINT people with five years without a break by that day
FROM placed AS p
GROUP BY p.month, p.org_code, p.object_code, p.benefit_level, p.facility_key
