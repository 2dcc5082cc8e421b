WITH contribution_raw AS (
  SELECT
    f."org_code" AS r_org_code,
    f."contribution_month" AS r_contribution_month,
    SUM(f."collected_vnd") AS a0,
    SUM(f."due_vnd") AS a1
  FROM "core"."fct_contribution" AS f
  WHERE
    f."org_code" IN (
      SELECT
        "org_code"
      FROM "core"."dim_org"
      WHERE
        (
          "cur_org_code" = $1 OR STARTS_WITH("cur_org_code", $2)
        )
    )
    AND f."fund_code" = $3
  GROUP BY
    f."org_code",
    f."contribution_month"
), contribution_named AS (
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    COALESCE(SUBSTRING("r_contribution_month", 1, 4), '~') AS k1,
    "a0",
    "a1"
  FROM "contribution_raw"
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = "r_org_code"
), contribution_sums AS (
  SELECT
    "k0",
    "k1",
    GROUPING("k0") * 1 + GROUPING("k1") * 2 AS g,
    SUM("a0") AS collected_vnd,
    SUM("a1") AS due_vnd
  FROM "contribution_named"
  GROUP BY
    GROUPING SETS (
      ("k0", "k1"),
      ("k0"),
      ("k1"),
      ()
    )
  HAVING
    COUNT(*) > 0
), participants_0_1 AS (
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    COALESCE(SUBSTRING(f."contribution_month", 1, 4), '~') AS k1,
    f."participant_key" AS p
  FROM "core"."fct_contribution" AS f
  INNER JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
  WHERE
    f."org_code" IN (
      SELECT
        "org_code"
      FROM "core"."dim_org"
      WHERE
        (
          "cur_org_code" = $1 OR STARTS_WITH("cur_org_code", $2)
        )
    )
    AND f."fund_code" = $3
    AND NOT f."participant_key" IS NULL
  UNION
  SELECT
    COALESCE(org."province_org_code", '~') AS k0,
    COALESCE(SUBSTRING(f."contribution_month", 1, 4), '~') AS k1,
    f."participant_key" AS p
  FROM "core"."fct_contribution" AS f
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
  WHERE
    f."org_code" IN (
      SELECT
        "org_code"
      FROM "core"."dim_org"
      WHERE
        (
          "cur_org_code" = $1 OR STARTS_WITH("cur_org_code", $2)
        )
    )
    AND f."fund_code" = $3
    AND NOT f."participant_key" IS NULL
    AND f."org_code" IS NULL
), participants_1 AS (
  SELECT DISTINCT
    "k1",
    "p"
  FROM "participants_0_1"
), participants_0 AS (
  SELECT DISTINCT
    "k0",
    "p"
  FROM "participants_0_1"
), participants_all AS (
  SELECT DISTINCT
    "p"
  FROM "participants_1"
), participants_counts AS (
  SELECT
    "k0" AS k0,
    "k1" AS k1,
    0 AS g,
    COUNT(*) AS participants
  FROM "participants_0_1"
  GROUP BY
    "k0",
    "k1"
  UNION ALL
  SELECT
    CAST(NULL AS TEXT) AS k0,
    "k1" AS k1,
    1 AS g,
    COUNT(*) AS participants
  FROM "participants_1"
  GROUP BY
    "k1"
  UNION ALL
  SELECT
    "k0" AS k0,
    CAST(NULL AS TEXT) AS k1,
    2 AS g,
    COUNT(*) AS participants
  FROM "participants_0"
  GROUP BY
    "k0"
  UNION ALL
  SELECT
    CAST(NULL AS TEXT) AS k0,
    CAST(NULL AS TEXT) AS k1,
    3 AS g,
    COUNT(*) AS participants
  FROM "participants_all"
  HAVING
    COUNT(*) > 0
), parts AS (
  SELECT
    "k0",
    "k1",
    "g",
    "collected_vnd",
    "due_vnd",
    NULL AS participants
  FROM "contribution_sums"
  UNION ALL
  SELECT
    "k0",
    "k1",
    "g",
    NULL AS collected_vnd,
    NULL AS due_vnd,
    "participants"
  FROM "participants_counts"
), cube AS (
  SELECT
    "k0",
    "k1",
    "g",
    MAX("collected_vnd") AS collected_vnd,
    MAX("due_vnd") AS due_vnd,
    MAX("participants") AS participants
  FROM "parts"
  GROUP BY
    "k0",
    "k1",
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
  c."k1",
  c."g",
  c."collected_vnd",
  c."due_vnd",
  c."participants"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
-- ['00.01', '00.01.', 'si']
