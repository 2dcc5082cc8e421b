WITH contribution_raw AS (
  SELECT
    f."org_code" AS r_org_code,
    SUM(f."due_vnd") AS a0
  FROM "core"."fct_contribution" AS f
  GROUP BY
    f."org_code"
), contribution_named AS (
  SELECT
    COALESCE(org."cur_region_code", '~') AS k0,
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
), cube AS (
  SELECT
    "k0",
    "g",
    "due_vnd"
  FROM "contribution_sums"
), labels_0 AS (
  SELECT
    org."cur_region_code" AS k,
    MAX(org."cur_region_name") AS t
  FROM "core"."dim_org" AS org
  WHERE
    org."cur_region_code" IN (
      SELECT
        "k0"
      FROM "cube"
    )
  GROUP BY
    org."cur_region_code"
)
SELECT
  c."k0",
  labels_0."t" AS t0,
  c."g",
  c."due_vnd"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
-- []
