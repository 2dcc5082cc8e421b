WITH claim_raw AS (
  SELECT
    f."org_code" AS r_org_code,
    f."care_code" AS r_care_code,
    COUNT(*) AS a0,
    SUM(f."total_vnd") AS a1,
    SUM(f."treatment_days") AS a2
  FROM "core"."fct_claim" AS f
  WHERE
    f."visit_month" BETWEEN {p1: String} AND {p2: String}
  GROUP BY
    f."org_code",
    f."care_code"
), claim_named AS (
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    "r_care_code",
    "a0",
    "a1",
    "a2"
  FROM "claim_raw"
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = "r_org_code"
), claim_sums AS (
  SELECT
    "k0",
    GROUPING("k0") * 1 AS g,
    SUM("a0") AS visits,
    COALESCE(SUM(CASE WHEN "r_care_code" = 'outpatient' THEN "a0" END), 0) AS outpatient_visits,
    COALESCE(SUM(CASE WHEN "r_care_code" = 'inpatient' THEN "a1" END), 0) AS inpatient_total_vnd,
    COALESCE(SUM(CASE WHEN "r_care_code" = 'inpatient' THEN "a2" END), 0) AS inpatient_days,
    COALESCE(SUM(CASE WHEN "r_care_code" = 'inpatient' THEN "a0" END), 0) AS inpatient_visits,
    SUM("a1") AS total_vnd
  FROM "claim_named"
  GROUP BY
    GROUPING SETS (
      ("k0"),
      ()
    )
  HAVING
    COUNT(*) > 0
), cube AS (
  SELECT
    "k0",
    "g",
    "visits",
    "outpatient_visits",
    "inpatient_total_vnd",
    "inpatient_days",
    "inpatient_visits",
    "total_vnd"
  FROM "claim_sums"
), labels_0 AS (
  SELECT
    org."province_org_code" AS k,
    MAX(org."province_name") AS t
  FROM "core"."dim_org" AS org
  WHERE
    org."province_org_code" IN (
      SELECT
        "k0"
      FROM "cube"
    )
  GROUP BY
    org."province_org_code"
)
SELECT
  c."k0",
  labels_0."t" AS t0,
  c."g",
  c."visits",
  c."outpatient_visits",
  c."inpatient_total_vnd",
  c."inpatient_days",
  c."inpatient_visits",
  c."total_vnd"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
-- ['2025-05', '2025-07']
