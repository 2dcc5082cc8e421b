WITH participation_months AS (
  SELECT DISTINCT
    f."month" AS m
  FROM "core"."fct_participation" AS f
), participants_end_0_1 AS (
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    f."participant_key" AS p,
    f."month" AS m
  FROM "core"."fct_participation" AS f
  INNER JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
  WHERE
    NOT f."participant_key" IS NULL
    AND f."month" IN (
      SELECT
        MAX("m")
      FROM "participation_months"
      GROUP BY
        SUBSTRING("m", 1, 4) || '-Q' || CASE
          WHEN SUBSTRING("m", 6, 2) <= '03'
          THEN '1'
          WHEN SUBSTRING("m", 6, 2) <= '06'
          THEN '2'
          WHEN SUBSTRING("m", 6, 2) <= '09'
          THEN '3'
          ELSE '4'
        END
    )
  UNION
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    f."participant_key" AS p,
    f."month" AS m
  FROM "core"."fct_participation" AS f
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
  WHERE
    NOT f."participant_key" IS NULL
    AND f."month" IN (
      SELECT
        MAX("m")
      FROM "participation_months"
      GROUP BY
        SUBSTRING("m", 1, 4) || '-Q' || CASE
          WHEN SUBSTRING("m", 6, 2) <= '03'
          THEN '1'
          WHEN SUBSTRING("m", 6, 2) <= '06'
          THEN '2'
          WHEN SUBSTRING("m", 6, 2) <= '09'
          THEN '3'
          ELSE '4'
        END
    )
    AND f."org_code" IS NULL
), participants_end_1 AS (
  SELECT DISTINCT
    "p",
    "m"
  FROM "participants_end_0_1"
), participants_end_0 AS (
  SELECT DISTINCT
    "k0",
    "p",
    "m"
  FROM "participants_end_0_1"
  WHERE
    "m" IN (
      SELECT
        MAX("m")
      FROM "participation_months"
    )
), participants_end_all AS (
  SELECT DISTINCT
    "p",
    "m"
  FROM "participants_end_1"
  WHERE
    "m" IN (
      SELECT
        MAX("m")
      FROM "participation_months"
    )
), participants_end_counts AS (
  SELECT
    "k0" AS k0,
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END AS k1,
    0 AS g,
    COUNT(*) AS participants_end,
    "m" AS participants_end_month
  FROM "participants_end_0_1"
  GROUP BY
    "k0",
    "m"
  UNION ALL
  SELECT
    CAST(NULL AS TEXT) AS k0,
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END AS k1,
    1 AS g,
    COUNT(*) AS participants_end,
    "m" AS participants_end_month
  FROM "participants_end_1"
  GROUP BY
    "m"
  UNION ALL
  SELECT
    "k0" AS k0,
    CAST(NULL AS TEXT) AS k1,
    2 AS g,
    COUNT(*) AS participants_end,
    MAX("m") AS participants_end_month
  FROM "participants_end_0"
  GROUP BY
    "k0"
  UNION ALL
  SELECT
    CAST(NULL AS TEXT) AS k0,
    CAST(NULL AS TEXT) AS k1,
    3 AS g,
    COUNT(*) AS participants_end,
    MAX("m") AS participants_end_month
  FROM "participants_end_all"
  HAVING
    COUNT(*) > 0
), cube AS (
  SELECT
    "k0",
    "k1",
    "g",
    "participants_end",
    "participants_end_month"
  FROM "participants_end_counts"
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
  c."k1",
  c."g",
  c."participants_end",
  c."participants_end_month"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
-- []
