SELECT
  COUNT(DISTINCT f."participant_key") AS n,
  COUNT(DISTINCT f."participant_key") AS v,
  MIN(f."contribution_month") AS m1,
  MAX(f."contribution_month") AS m2
FROM "core"."fct_contribution" AS f
WHERE
  f."org_code" IN (
    SELECT
      org."org_code"
    FROM "core"."dim_org" AS org
    WHERE
      org."province_org_code" = {p1: String}
  )
  AND f."contribution_month" BETWEEN {p2: String} AND {p3: String}
  AND NOT (
    f."participant_key" IS NULL
  );

WITH picked AS (
  SELECT
    f."participant_key" AS r0,
    f."participant_key" AS o0,
    1 AS v,
    COUNT(*) AS n,
    MIN(f."contribution_month") AS m1,
    MAX(f."contribution_month") AS m2,
    MAX(CAST(f."last_batch_id" AS Nullable(String))) AS b,
    CAST(NULL AS Nullable(String)) AS s
  FROM "core"."fct_contribution" AS f
  WHERE
    f."org_code" IN (
      SELECT
        org."org_code"
      FROM "core"."dim_org" AS org
      WHERE
        org."province_org_code" = {p1: String}
    )
    AND f."contribution_month" BETWEEN {p2: String} AND {p3: String}
    AND NOT (
      f."participant_key" IS NULL
    )
  GROUP BY
    f."participant_key"
  ORDER BY
    "o0" ASC
  LIMIT 100
  OFFSET 0
)
SELECT
  CAST(participant."si_number" AS Nullable(String)) AS k0,
  participant."full_name" AS t0,
  p."v",
  p."n",
  p."m1",
  p."m2",
  p."b",
  p."s"
FROM "picked" AS p
LEFT JOIN "core"."dim_participant" AS participant
  ON participant."participant_key" = p."r0"
ORDER BY
  p."o0" ASC;
-- ['00.01', '2025-07', '2025-09']
