WITH contribution_raw AS (
  SELECT
    f."org_code" AS r_org_code,
    SUM(f."due_vnd") AS a0
  FROM "core"."fct_contribution" AS f
  WHERE
    f."org_code" IN (
      SELECT
        org."org_code"
      FROM (
        SELECT
          *
        FROM "core"."dim_org_at"
        WHERE
          "valid_from" <= CAST('2025-06-30' AS Nullable(DATE))
          AND "valid_until" > CAST('2025-06-30' AS Nullable(DATE))
      ) AS org
      WHERE
        org."cur_province_org_code" IN ({p1: String}, {p2: String})
    )
  GROUP BY
    f."org_code"
), contribution_named AS (
  SELECT
    COALESCE(org."cur_province_org_code", '~') AS k0,
    "a0"
  FROM "contribution_raw"
  LEFT JOIN (
    SELECT
      *
    FROM "core"."dim_org_at"
    WHERE
      "valid_from" <= CAST('2025-06-30' AS Nullable(DATE))
      AND "valid_until" > CAST('2025-06-30' AS Nullable(DATE))
  ) AS org
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
    org."cur_province_org_code" AS k,
    MAX(org."cur_province_name") AS t
  FROM (
    SELECT
      *
    FROM "core"."dim_org_at"
    WHERE
      "valid_from" <= CAST('2025-06-30' AS Nullable(DATE))
      AND "valid_until" > CAST('2025-06-30' AS Nullable(DATE))
  ) AS org
  WHERE
    org."cur_province_org_code" IN (
      SELECT
        "k0"
      FROM "cube"
    )
  GROUP BY
    org."cur_province_org_code"
)
SELECT
  c."k0",
  labels_0."t" AS t0,
  c."g",
  c."due_vnd"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
-- ['00.48', '00.48+00.49']
