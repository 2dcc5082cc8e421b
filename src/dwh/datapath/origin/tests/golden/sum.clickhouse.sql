SELECT
  COUNT(*) AS n,
  SUM(f."due_vnd") AS v,
  MIN(f."contribution_month") AS m1,
  MAX(f."contribution_month") AS m2
FROM "core"."fct_contribution" AS f
WHERE
  f."org_code" IN (
    SELECT
      "org_code"
    FROM "core"."dim_org"
    WHERE
      (
        "cur_org_code" = {p1: String} OR startsWith("cur_org_code", {p2: String})
      )
  )
  AND f."org_code" IN (
    SELECT
      org."org_code"
    FROM "core"."dim_org" AS org
    WHERE
      org."province_org_code" = {p3: String}
  )
  AND f."contribution_month" BETWEEN {p4: String} AND {p5: String}
  AND NOT (
    f."due_vnd" IS NULL
  );

WITH picked AS (
  SELECT
    f."contribution_month" AS r0,
    f."org_code" AS r1,
    f."component_code" AS r2,
    f."employer_key" AS r3,
    f."due_vnd" AS v,
    f."contribution_month" AS o0,
    f."org_code" AS o1,
    f."participant_key" AS o2,
    f."employer_key" AS o3,
    f."component_code" AS o4,
    1 AS n,
    f."contribution_month" AS m1,
    f."contribution_month" AS m2,
    CAST(f."last_batch_id" AS Nullable(String)) AS b,
    CAST(NULL AS Nullable(String)) AS s
  FROM "core"."fct_contribution" AS f
  WHERE
    f."org_code" IN (
      SELECT
        "org_code"
      FROM "core"."dim_org"
      WHERE
        (
          "cur_org_code" = {p1: String} OR startsWith("cur_org_code", {p2: String})
        )
    )
    AND f."org_code" IN (
      SELECT
        org."org_code"
      FROM "core"."dim_org" AS org
      WHERE
        org."province_org_code" = {p3: String}
    )
    AND f."contribution_month" BETWEEN {p4: String} AND {p5: String}
    AND NOT (
      f."due_vnd" IS NULL
    )
  ORDER BY
    "v" DESC,
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
  CAST(org."office_org_code" AS Nullable(String)) AS k1,
  org."office_name" AS t1,
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
LEFT JOIN "core"."dim_org" AS org
  ON org."org_code" = p."r1"
LEFT JOIN "labels_2"
  ON labels_2."k" = p."r2"
LEFT JOIN "core"."dim_employer" AS employer
  ON employer."employer_key" = p."r3"
ORDER BY
  p."v" DESC,
  p."o0" ASC,
  p."o1" ASC,
  p."o2" ASC,
  p."o3" ASC,
  p."o4" ASC;
-- ['00.01', '00.01.', '00.01', '2025-07', '2025-09']
