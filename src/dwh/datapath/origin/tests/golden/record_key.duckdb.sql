SELECT
  COUNT(*) AS n,
  COUNT(*) AS v,
  MIN(f."visit_month") AS m1,
  MAX(f."visit_month") AS m2
FROM "core"."fct_claim" AS f
WHERE
  (
    f."org_code" IN (
      SELECT
        org."org_code"
      FROM "core"."dim_org" AS org
      WHERE
        COALESCE(org."province_org_code", '~') = $1
    )
    OR f."org_code" IS NULL
    OR NOT f."org_code" IN (
      SELECT
        org."org_code"
      FROM "core"."dim_org" AS org
    )
  );

WITH picked AS (
  SELECT
    f."visit_month" AS r0,
    f."org_code" AS r1,
    f."facility_key" AS r2,
    f."object_code" AS r3,
    f."visit_type_code" AS r4,
    f."benefit_level" AS r5,
    f."sex_code" AS r6,
    f."age_band" AS r7,
    f."referral_code" AS r8,
    f."origin_code" AS r9,
    f."card_geo_key" AS r10,
    f."patient_code" AS r11,
    f."visit_month" AS o0,
    f."org_code" AS o1,
    f."claim_key" AS o2,
    1 AS n,
    f."visit_month" AS m1,
    f."visit_month" AS m2,
    CAST(f."last_batch_id" AS TEXT) AS b,
    CAST(f."claim_key" AS TEXT) AS s,
    1 AS v
  FROM "core"."fct_claim" AS f
  WHERE
    (
      f."org_code" IN (
        SELECT
          org."org_code"
        FROM "core"."dim_org" AS org
        WHERE
          COALESCE(org."province_org_code", '~') = $1
      )
      OR f."org_code" IS NULL
      OR NOT f."org_code" IN (
        SELECT
          org."org_code"
        FROM "core"."dim_org" AS org
      )
    )
  ORDER BY
    "o0" ASC,
    "o1" ASC,
    "o2" ASC
  LIMIT 100
  OFFSET 0
), labels_3 AS (
  SELECT
    object."object_code" AS k,
    MAX(object."object_name") AS t
  FROM "core"."dim_object" AS object
  WHERE
    object."object_code" IN (
      SELECT
        "r3"
      FROM "picked"
    )
  GROUP BY
    object."object_code"
), labels_4 AS (
  SELECT
    visit_type."visit_type_code" AS k,
    MAX(visit_type."visit_type_name") AS t
  FROM "core"."dim_visit_type" AS visit_type
  WHERE
    visit_type."visit_type_code" IN (
      SELECT
        "r4"
      FROM "picked"
    )
  GROUP BY
    visit_type."visit_type_code"
), labels_10 AS (
  SELECT
    card_province."geo_key" AS k,
    MAX(card_province."geo_name") AS t
  FROM "core"."dim_geo" AS card_province
  WHERE
    card_province."geo_key" IN (
      SELECT
        "r10"
      FROM "picked"
    )
  GROUP BY
    card_province."geo_key"
)
SELECT
  CAST(p."r0" AS TEXT) AS k0,
  CAST(NULL AS TEXT) AS t0,
  CAST(org."office_org_code" AS TEXT) AS k1,
  org."office_name" AS t1,
  CAST(facility."facility_code" AS TEXT) AS k2,
  facility."facility_name" AS t2,
  CAST(p."r3" AS TEXT) AS k3,
  labels_3."t" AS t3,
  CAST(p."r4" AS TEXT) AS k4,
  labels_4."t" AS t4,
  CAST(CAST(p."r5" AS TEXT) AS TEXT) AS k5,
  CAST(NULL AS TEXT) AS t5,
  CAST(p."r6" AS TEXT) AS k6,
  CAST(NULL AS TEXT) AS t6,
  CAST(p."r7" AS TEXT) AS k7,
  CAST(NULL AS TEXT) AS t7,
  CAST(p."r8" AS TEXT) AS k8,
  CAST(NULL AS TEXT) AS t8,
  CAST(p."r9" AS TEXT) AS k9,
  CAST(NULL AS TEXT) AS t9,
  CAST(p."r10" AS TEXT) AS k10,
  labels_10."t" AS t10,
  CAST(p."r11" AS TEXT) AS k11,
  CAST(NULL AS TEXT) AS t11,
  p."v",
  p."n",
  p."m1",
  p."m2",
  p."b",
  p."s"
FROM "picked" AS p
LEFT JOIN "core"."dim_org" AS org
  ON org."org_code" = p."r1"
LEFT JOIN "core"."dim_facility" AS facility
  ON facility."facility_key" = p."r2"
LEFT JOIN "labels_3"
  ON labels_3."k" = p."r3"
LEFT JOIN "labels_4"
  ON labels_4."k" = p."r4"
LEFT JOIN "labels_10"
  ON labels_10."k" = p."r10"
ORDER BY
  p."o0" ASC,
  p."o1" ASC,
  p."o2" ASC;
-- ['~']
