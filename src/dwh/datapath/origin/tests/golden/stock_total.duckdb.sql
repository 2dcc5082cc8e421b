SELECT
  COUNT(DISTINCT f."participant_key") AS n,
  COUNT(DISTINCT f."participant_key") AS v,
  MIN(f."month") AS m1,
  MAX(f."month") AS m2
FROM "core"."fct_participation" AS f
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
  AND f."month" BETWEEN $3 AND $4
  AND NOT f."participant_key" IS NULL
  AND f."month" = (
    SELECT
      MAX(f."month")
    FROM "core"."fct_participation" AS f
    WHERE
      f."org_code" IN (
        SELECT
          "org_code"
        FROM "core"."dim_org"
        WHERE
          (
            "cur_org_code" = $5 OR STARTS_WITH("cur_org_code", $6)
          )
      )
      AND f."month" BETWEEN $7 AND $8
  );

WITH picked AS (
  SELECT
    f."participant_key" AS o0,
    1 AS v,
    COUNT(*) AS n,
    MIN(f."month") AS m1,
    MAX(f."month") AS m2,
    MAX(CAST(NULL AS TEXT)) AS b,
    CAST(NULL AS TEXT) AS s
  FROM "core"."fct_participation" AS f
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
    AND f."month" BETWEEN $3 AND $4
    AND NOT f."participant_key" IS NULL
    AND f."month" = (
      SELECT
        MAX(f."month")
      FROM "core"."fct_participation" AS f
      WHERE
        f."org_code" IN (
          SELECT
            "org_code"
          FROM "core"."dim_org"
          WHERE
            (
              "cur_org_code" = $5 OR STARTS_WITH("cur_org_code", $6)
            )
        )
        AND f."month" BETWEEN $7 AND $8
    )
  GROUP BY
    f."participant_key"
  ORDER BY
    "o0" ASC
  LIMIT 100
  OFFSET 0
)
SELECT
  CAST(NULL AS TEXT) AS k0,
  CAST(NULL AS TEXT) AS t0,
  p."v",
  p."n",
  p."m1",
  p."m2",
  p."b",
  p."s"
FROM "picked" AS p
ORDER BY
  p."o0" ASC;
-- ['00.01', '00.01.', '2025-07', '2025-09', '00.01', '00.01.', '2025-07', '2025-09']
