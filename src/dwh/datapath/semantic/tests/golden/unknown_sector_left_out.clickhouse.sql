WITH contribution_raw AS (
  SELECT
    SUM(f."due_vnd") AS a0
  FROM "core"."fct_contribution" AS f
  WHERE
    f."employer_key" IN (
      SELECT
        employer."employer_key"
      FROM "core"."dim_employer" AS employer
      WHERE
        NOT (
          COALESCE(employer."sector_code", '~') IN ({p1: String}, {p2: String})
        )
    )
  HAVING
    COUNT(*) > 0
), contribution_named AS (
  SELECT
    "a0"
  FROM "contribution_raw"
), contribution_sums AS (
  SELECT
    0 AS g,
    SUM("a0") AS due_vnd
  FROM "contribution_named"
  HAVING
    COUNT(*) > 0
), cube AS (
  SELECT
    "g",
    "due_vnd"
  FROM "contribution_sums"
)
SELECT
  c."g",
  c."due_vnd"
FROM "cube" AS c
-- ['DN', '~']
