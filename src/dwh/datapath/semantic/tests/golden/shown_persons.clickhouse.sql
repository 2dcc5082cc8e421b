WITH contribution_raw AS (
  SELECT
    f."participant_key" AS r_participant_key,
    SUM(f."due_vnd") AS a0
  FROM "core"."fct_contribution" AS f
  GROUP BY
    f."participant_key"
), contribution_named AS (
  SELECT
    COALESCE(participant."si_number", '~') AS k0,
    "a0"
  FROM "contribution_raw"
  LEFT JOIN "core"."dim_participant" AS participant
    ON participant."participant_key" = "r_participant_key"
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
), labels_0 AS (
  SELECT
    participant."si_number" AS k,
    MAX(participant."full_name") AS t
  FROM "core"."dim_participant" AS participant
  WHERE
    participant."si_number" IN (
      SELECT
        "k0"
      FROM "cube"
    )
  GROUP BY
    participant."si_number"
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
