WITH contribution_raw AS (
  SELECT
    f."org_code" AS r_org_code,
    SUM(f."due_vnd") AS a0
  FROM "core"."fct_contribution" AS f
  GROUP BY
    f."org_code"
), contribution_named AS (
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    "a0"
  FROM "contribution_raw"
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = "r_org_code"
), contribution_sums AS (
  SELECT
    "k0",
    0 AS g,
    SUM("a0") AS due_vnd
  FROM "contribution_named"
  GROUP BY
    "k0"
  HAVING
    COUNT(*) > 0
), participation_months AS (
  SELECT DISTINCT
    f."month" AS m
  FROM "core"."fct_participation" AS f
), participants_end_0 AS (
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
    AND f."month" IN (
      SELECT
        MAX("m")
      FROM "participation_months"
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
    )
    AND f."month" IN (
      SELECT
        MAX("m")
      FROM "participation_months"
    )
    AND f."org_code" IS NULL
), participants_end_counts AS (
  SELECT
    "k0" AS k0,
    0 AS g,
    COUNT(*) AS participants_end,
    MAX("m") AS participants_end_month
  FROM "participants_end_0"
  GROUP BY
    "k0"
), parts AS (
  SELECT
    "k0",
    "g",
    "due_vnd",
    NULL AS participants_end,
    NULL AS participants_end_month
  FROM "contribution_sums"
  UNION ALL
  SELECT
    "k0",
    "g",
    NULL AS due_vnd,
    "participants_end",
    "participants_end_month"
  FROM "participants_end_counts"
), cube AS (
  SELECT
    "k0",
    "g",
    MAX("due_vnd") AS due_vnd,
    MAX("participants_end") AS participants_end,
    MAX("participants_end_month") AS participants_end_month
  FROM "parts"
  GROUP BY
    "k0",
    "g"
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
  c."due_vnd",
  c."participants_end",
  c."participants_end_month"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
-- []
