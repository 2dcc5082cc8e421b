WITH contribution_raw AS (
  SELECT
    f."employer_key" AS r_employer_key,
    SUM(f."due_vnd") AS a0,
    SUM(f."collected_vnd") AS a1
  FROM "core"."fct_contribution" AS f
  GROUP BY
    f."employer_key"
), contribution_named AS (
  SELECT
    COALESCE(employer."employer_code", '~') AS k0,
    "a0",
    "a1"
  FROM "contribution_raw"
  LEFT JOIN "core"."dim_employer" AS employer
    ON employer."employer_key" = "r_employer_key"
), contribution_sums AS (
  SELECT
    "k0",
    GROUPING("k0") * 1 AS g,
    SUM("a0") AS due_vnd,
    SUM("a1") AS collected_vnd
  FROM "contribution_named"
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
    "due_vnd",
    "collected_vnd"
  FROM "contribution_sums"
), labels_0 AS (
  SELECT
    employer."employer_code" AS k,
    MAX(employer."employer_name") AS t
  FROM "core"."dim_employer" AS employer
  WHERE
    employer."employer_code" IN (
      SELECT
        "k0"
      FROM "cube"
    )
  GROUP BY
    employer."employer_code"
), members AS (
  SELECT
    *
  FROM "cube"
  WHERE
    "g" = 0
), top AS (
  SELECT
    "k0"
  FROM "members"
  ORDER BY
    (
      "due_vnd"
    ) - (
      "collected_vnd"
    ) DESC,
    "k0"
  LIMIT 10
)
SELECT
  c."k0",
  labels_0."t" AS t0,
  c."g",
  c."due_vnd",
  c."collected_vnd",
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
