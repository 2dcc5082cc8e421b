WITH participants_average_0_1 AS (
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    f."participant_key" AS p,
    f."month" AS m
  FROM "core"."fct_participation" AS f
  INNER JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
  WHERE
    NOT (
      f."participant_key" IS NULL
    )
  UNION DISTINCT
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    f."participant_key" AS p,
    f."month" AS m
  FROM "core"."fct_participation" AS f
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
  WHERE
    NOT (
      f."participant_key" IS NULL
    ) AND f."org_code" IS NULL
), participants_average_1 AS (
  SELECT DISTINCT
    "p",
    "m"
  FROM "participants_average_0_1"
), participants_average_0 AS (
  SELECT DISTINCT
    "k0",
    "p",
    "m"
  FROM "participants_average_0_1"
), participants_average_all AS (
  SELECT DISTINCT
    "p",
    "m"
  FROM "participants_average_1"
), participants_average_0_1_monthly AS (
  SELECT
    "k0",
    "m",
    COUNT(*) AS p
  FROM "participants_average_0_1"
  GROUP BY
    "k0",
    "m"
), participation_months AS (
  SELECT DISTINCT
    f."month" AS m
  FROM "core"."fct_participation" AS f
), participants_average_0_1_months AS (
  SELECT
    "m" AS n_m,
    COUNT(*) OVER (
      PARTITION BY SUBSTRING("m", 1, 4) || '-Q' || CASE
        WHEN SUBSTRING("m", 6, 2) <= '03'
        THEN '1'
        WHEN SUBSTRING("m", 6, 2) <= '06'
        THEN '2'
        WHEN SUBSTRING("m", 6, 2) <= '09'
        THEN '3'
        ELSE '4'
      END
    ) AS n
  FROM "participation_months"
), participants_average_1_monthly AS (
  SELECT
    "m",
    COUNT(*) AS p
  FROM "participants_average_1"
  GROUP BY
    "m"
), participants_average_1_months AS (
  SELECT
    "m" AS n_m,
    COUNT(*) OVER (
      PARTITION BY SUBSTRING("m", 1, 4) || '-Q' || CASE
        WHEN SUBSTRING("m", 6, 2) <= '03'
        THEN '1'
        WHEN SUBSTRING("m", 6, 2) <= '06'
        THEN '2'
        WHEN SUBSTRING("m", 6, 2) <= '09'
        THEN '3'
        ELSE '4'
      END
    ) AS n
  FROM "participation_months"
), participants_average_0_monthly AS (
  SELECT
    "k0",
    "m",
    COUNT(*) AS p
  FROM "participants_average_0"
  GROUP BY
    "k0",
    "m"
), participants_average_0_months AS (
  SELECT
    "m" AS n_m,
    COUNT(*) OVER () AS n
  FROM "participation_months"
), participants_average_all_monthly AS (
  SELECT
    "m",
    COUNT(*) AS p
  FROM "participants_average_all"
  GROUP BY
    "m"
), participants_average_all_months AS (
  SELECT
    "m" AS n_m,
    COUNT(*) OVER () AS n
  FROM "participation_months"
), participants_average_counts AS (
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
    SUM("p") AS participants_average,
    MAX("n") AS participants_average_month
  FROM "participants_average_0_1_monthly"
  INNER JOIN "participants_average_0_1_months"
    ON "n_m" = "m"
  GROUP BY
    "k0",
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END
  UNION ALL
  SELECT
    CAST(NULL AS Nullable(String)) AS k0,
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
    SUM("p") AS participants_average,
    MAX("n") AS participants_average_month
  FROM "participants_average_1_monthly"
  INNER JOIN "participants_average_1_months"
    ON "n_m" = "m"
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
  UNION ALL
  SELECT
    "k0" AS k0,
    CAST(NULL AS Nullable(String)) AS k1,
    2 AS g,
    SUM("p") AS participants_average,
    MAX("n") AS participants_average_month
  FROM "participants_average_0_monthly"
  INNER JOIN "participants_average_0_months"
    ON "n_m" = "m"
  GROUP BY
    "k0"
  UNION ALL
  SELECT
    CAST(NULL AS Nullable(String)) AS k0,
    CAST(NULL AS Nullable(String)) AS k1,
    3 AS g,
    SUM("p") AS participants_average,
    MAX("n") AS participants_average_month
  FROM "participants_average_all_monthly"
  INNER JOIN "participants_average_all_months"
    ON "n_m" = "m"
  HAVING
    COUNT(*) > 0
), cube AS (
  SELECT
    "k0",
    "k1",
    "g",
    "participants_average",
    "participants_average_month"
  FROM "participants_average_counts"
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
), members AS (
  SELECT
    *
  FROM "cube"
  WHERE
    "g" = 2
), top AS (
  SELECT
    "k0"
  FROM "members"
  ORDER BY
    CAST("participants_average" AS Nullable(Float64)) / "participants_average_month" DESC,
    "k0"
  LIMIT 5
)
SELECT
  c."k0",
  labels_0."t" AS t0,
  c."k1",
  c."g",
  c."participants_average",
  c."participants_average_month",
  (
    SELECT
      COUNT(*)
    FROM "members"
  ) AS member_count
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
WHERE
  c."k0" IS NULL OR (c."k0") IN (
    SELECT
      "k0"
    FROM "top"
  )
-- []
