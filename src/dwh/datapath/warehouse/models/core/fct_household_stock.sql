-- model:     core.fct_household_stock
-- kind:      by_month(month)
-- from:      staging.stg_household_premium
-- grain:     source_id, month
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), not_null(household_key), refers(org_code, core.dim_org(org_code)), refers(geo_key, core.dim_geo(geo_key)), refers(month, core.dim_month(month)), one_of(card_status, yes, no), one_of(household_status, full, part, none)
--
-- The stock of households and their members on the last day of every month with payments: one row per stay. A person
-- listed in two households is one head of the nation and one of each household: count distinct, numbers by member_key,
-- people by person_key.
-- card_status says whether a card of the person was valid that day, as Phần mềm Thu holds it (TG-07).
-- The stock follows registers without months, so a change there makes the open months anew; locked months stay.
-- Org:       org_code is the office that kept the household that day, geo_key the province of that day.
-- Source:    QC-DWH Điều 4.5; indicators HG-01 to HG-05.
WITH months AS (
  SELECT DISTINCT p.paid_month AS month, LAST_DAY(CAST(p.paid_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_household_premium AS p
  WHERE p.paid_month IN (:months)
),
covered AS (
  SELECT DISTINCT m.month, c.si_number
  FROM months AS m
  JOIN staging.stg_hi_card AS c ON c.valid_from <= m.last_day AND m.last_day <= c.valid_to
  WHERE c.status_code = '1'
),
matched AS (
  SELECT n.si_number, MIN(n.matched_on) AS matched_on
  FROM staging.stg_number_issue AS n
  WHERE n.match_code = 'matched'
  GROUP BY n.si_number
),
citizens AS (
  SELECT c.code, c.person_key
  FROM staging.person_code AS c
  WHERE c.kind = 'citizen_id' AND NOT c.is_shared
),
stays AS (
  SELECT
    v.source_id, m.month, m.last_day, v.household_key, h.household_code, h.province_code,
    COALESCE(v.participant_key, -v.source_id) AS member_key,
    COALESCE(n.person_key, v.participant_key, i.person_key, -v.source_id) AS person_key, v.has_number, v.relation_code, v.sex_code, v.org_code,
    covered.si_number IS NOT NULL AS has_card,
    COALESCE(matched.matched_on <= m.last_day, FALSE) AS is_matched
  FROM staging.stg_household_member AS v
  JOIN months AS m ON v.valid_from <= m.last_day AND m.last_day <= v.valid_to
  JOIN staging.stg_household AS h ON h.household_key = v.household_key
  LEFT JOIN covered ON covered.month = m.month AND covered.si_number = v.si_number
  LEFT JOIN matched ON matched.si_number = v.si_number
  LEFT JOIN core.person_member AS n ON n.participant_key = v.participant_key
  LEFT JOIN citizens AS i ON v.participant_key IS NULL AND i.code = v.citizen_id
),
homes AS (
  SELECT t.household_key, t.month, BOOL_AND(t.has_card) AS is_full, BOOL_OR(t.has_card) AS is_part
  FROM stays AS t
  GROUP BY t.household_key, t.month
),
orgs AS (
  SELECT y.household_code, y.value, y.valid_from, y.valid_until
  FROM staging.household_history AS y
  WHERE y.field = 'org'
),
provinces AS (
  SELECT z.household_code, z.value, z.valid_from, z.valid_until
  FROM staging.household_history AS z
  WHERE z.field = 'province'
)
SELECT
  s.source_id                                  AS source_id,        -- BIGINT key of the stay
  s.month                                      AS month,            -- VARCHAR 'YYYY-MM'
  s.household_key                              AS household_key,    -- BIGINT
  s.member_key                                 AS member_key,       -- BIGINT participant_key; below zero, one of whom only this row is known
  s.person_key                                 AS person_key,       -- BIGINT the golden person, found by the CCCD when the list names no number
  COALESCE(o.value, s.org_code)                AS org_code,         -- VARCHAR
  'P' || COALESCE(p.value, s.province_code) || CASE WHEN s.last_day < DATE '2025-07-01' THEN '-1995' ELSE '-2025' END
                                               AS geo_key,          -- VARCHAR
  CASE WHEN s.has_card THEN 'yes' ELSE 'no' END AS card_status,     -- VARCHAR yes, no: a valid card on the last day
  CASE WHEN s.has_number THEN 'yes' ELSE 'no' END AS number_status, -- VARCHAR yes, no: the list names a mã số
  CASE WHEN s.is_matched THEN 'yes' ELSE 'no' END AS match_status,  -- VARCHAR yes, no: the population database agrees
  CASE
    WHEN e.is_full THEN 'full'
    WHEN e.is_part THEN 'part'
    ELSE 'none'
  END                                          AS household_status, -- VARCHAR full, part, none of its members have a card
  s.relation_code                              AS relation_code,    -- VARCHAR 00 chủ hộ
  s.sex_code                                   AS sex_code          -- VARCHAR 1 Nam, 2 Nữ, 3 chưa xác định
FROM stays AS s
JOIN homes AS e ON e.household_key = s.household_key AND e.month = s.month
LEFT JOIN orgs AS o
  ON o.household_code = s.household_code AND o.valid_from <= s.last_day AND s.last_day < o.valid_until
LEFT JOIN provinces AS p
  ON p.household_code = s.household_code AND p.valid_from <= s.last_day AND s.last_day < p.valid_until
