WITH contribution_raw AS (
  SELECT
    SUM(f."due_vnd") AS a0
  FROM "core"."fct_contribution" AS f
  HAVING
    COUNT(*) > 0
), contribution_named AS (
  SELECT
    '***' AS k0,
    "a0"
  FROM "contribution_raw"
), contribution_sums AS (
  SELECT
    "k0",
    GROUPING("k0") * 1 AS g,
    SUM("a0") AS due_vnd
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
    "due_vnd"
  FROM "contribution_sums"
)
SELECT
  c."k0",
  c."g",
  c."due_vnd"
FROM "cube" AS c
-- []
