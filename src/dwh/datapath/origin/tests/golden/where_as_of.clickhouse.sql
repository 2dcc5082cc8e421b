SELECT
  COUNT(*) AS n,
  COUNT(*) AS v,
  MIN(f."contribution_month") AS m1,
  MAX(f."contribution_month") AS m2
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
      org."cur_province_org_code" = {p1: String}
  )
  AND f."component_code" = 'HTTT';

WITH picked AS (
  SELECT
    f."contribution_month" AS r0,
    f."org_code" AS r1,
    f."component_code" AS r2,
    f."employer_key" AS r3,
    f."contribution_month" AS o0,
    f."org_code" AS o1,
    f."participant_key" AS o2,
    f."employer_key" AS o3,
    f."component_code" AS o4,
    1 AS n,
    f."contribution_month" AS m1,
    f."contribution_month" AS m2,
    CAST(f."last_batch_id" AS Nullable(String)) AS b,
    CAST(NULL AS Nullable(String)) AS s,
    1 AS v
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
        org."cur_province_org_code" = {p1: String}
    )
    AND f."component_code" = 'HTTT'
  ORDER BY
    "o0" ASC,
    "o1" ASC,
    "o2" ASC,
    "o3" ASC,
    "o4" ASC
  LIMIT 100
  OFFSET 0
), labels_2 AS (
  SELECT
    fund."component_code" AS k,
    MAX(fund."component_name") AS t
  FROM "core"."dim_fund" AS fund
  WHERE
    fund."component_code" IN (
      SELECT
        "r2"
      FROM "picked"
    )
  GROUP BY
    fund."component_code"
)
SELECT
  CAST(p."r0" AS Nullable(String)) AS k0,
  CAST(NULL AS Nullable(String)) AS t0,
  CAST(org."cur_office_org_code" AS Nullable(String)) AS k1,
  org."cur_office_name" AS t1,
  CAST(p."r2" AS Nullable(String)) AS k2,
  labels_2."t" AS t2,
  CAST(employer."employer_code" AS Nullable(String)) AS k3,
  employer."employer_name" AS t3,
  CAST(NULL AS Nullable(String)) AS k4,
  CAST(NULL AS Nullable(String)) AS t4,
  p."v",
  p."n",
  p."m1",
  p."m2",
  p."b",
  p."s"
FROM "picked" AS p
LEFT JOIN (
  SELECT
    *
  FROM "core"."dim_org_at"
  WHERE
    "valid_from" <= CAST('2025-06-30' AS Nullable(DATE))
    AND "valid_until" > CAST('2025-06-30' AS Nullable(DATE))
) AS org
  ON org."org_code" = p."r1"
LEFT JOIN "labels_2"
  ON labels_2."k" = p."r2"
LEFT JOIN "core"."dim_employer" AS employer
  ON employer."employer_key" = p."r3"
ORDER BY
  p."o0" ASC,
  p."o1" ASC,
  p."o2" ASC,
  p."o3" ASC,
  p."o4" ASC;
-- ['00.48+00.49']
