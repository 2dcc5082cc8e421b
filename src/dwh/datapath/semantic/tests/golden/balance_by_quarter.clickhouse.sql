WITH balance_months AS (
  SELECT DISTINCT
    f."month" AS m
  FROM "core"."fct_account_balance" AS f
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
), closing_debit_vnd_0_1_2 AS (
  SELECT
    COALESCE(account."group_code", '~') AS k0,
    COALESCE(org."province_org_code", '~') AS k1,
    SUM(f."closing_debit_vnd") AS p,
    f."month" AS m
  FROM "core"."fct_account_balance" AS f
  INNER JOIN "core"."dim_account" AS account
    ON account."account_key" = f."account_key"
  INNER JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
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
    AND NOT (
      f."closing_debit_vnd" IS NULL
    )
    AND f."month" IN (
      SELECT
        MAX("m")
      FROM "balance_months"
      GROUP BY
        SUBSTRING("m", 1, 4) || '-Q' || CASE
          WHEN SUBSTRING("m", 6, 2) <= '03'
          THEN '1'
          WHEN SUBSTRING("m", 6, 2) <= '06'
          THEN '2'
          WHEN SUBSTRING("m", 6, 2) <= '09'
          THEN '3'
          ELSE '4'
        END
    )
  GROUP BY
    COALESCE(account."group_code", '~'),
    COALESCE(org."province_org_code", '~'),
    f."month"
  UNION ALL
  SELECT
    COALESCE(account."group_code", '~') AS k0,
    COALESCE(org."province_org_code", '~') AS k1,
    SUM(f."closing_debit_vnd") AS p,
    f."month" AS m
  FROM "core"."fct_account_balance" AS f
  LEFT JOIN "core"."dim_account" AS account
    ON account."account_key" = f."account_key"
  LEFT JOIN "core"."dim_org" AS org
    ON org."org_code" = f."org_code"
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
    AND NOT (
      f."closing_debit_vnd" IS NULL
    )
    AND f."month" IN (
      SELECT
        MAX("m")
      FROM "balance_months"
      GROUP BY
        SUBSTRING("m", 1, 4) || '-Q' || CASE
          WHEN SUBSTRING("m", 6, 2) <= '03'
          THEN '1'
          WHEN SUBSTRING("m", 6, 2) <= '06'
          THEN '2'
          WHEN SUBSTRING("m", 6, 2) <= '09'
          THEN '3'
          ELSE '4'
        END
    )
    AND (
      f."account_key" IS NULL OR f."org_code" IS NULL
    )
  GROUP BY
    COALESCE(account."group_code", '~'),
    COALESCE(org."province_org_code", '~'),
    f."month"
), closing_debit_vnd_0_1 AS (
  SELECT
    "k0",
    "k1",
    SUM("p") AS p,
    "m"
  FROM "closing_debit_vnd_0_1_2"
  WHERE
    "m" IN (
      SELECT
        MAX("m")
      FROM "balance_months"
    )
  GROUP BY
    "k0",
    "k1",
    "m"
), closing_debit_vnd_0_2 AS (
  SELECT
    "k0",
    SUM("p") AS p,
    "m"
  FROM "closing_debit_vnd_0_1_2"
  GROUP BY
    "k0",
    "m"
), closing_debit_vnd_0 AS (
  SELECT
    "k0",
    SUM("p") AS p,
    "m"
  FROM "closing_debit_vnd_0_1"
  GROUP BY
    "k0",
    "m"
), closing_debit_vnd_2 AS (
  SELECT
    SUM("p") AS p,
    "m"
  FROM "closing_debit_vnd_0_2"
  GROUP BY
    "m"
), closing_debit_vnd_all AS (
  SELECT
    SUM("p") AS p,
    "m"
  FROM "closing_debit_vnd_0"
  GROUP BY
    "m"
), closing_debit_vnd_counts AS (
  SELECT
    "k0" AS k0,
    "k1" AS k1,
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END AS k2,
    0 AS g,
    SUM("p") AS closing_debit_vnd,
    "m" AS closing_debit_vnd_month
  FROM "closing_debit_vnd_0_1_2"
  GROUP BY
    "k0",
    "k1",
    "m"
  UNION ALL
  SELECT
    "k0" AS k0,
    "k1" AS k1,
    CAST(NULL AS Nullable(String)) AS k2,
    4 AS g,
    SUM("p") AS closing_debit_vnd,
    MAX("m") AS closing_debit_vnd_month
  FROM "closing_debit_vnd_0_1"
  GROUP BY
    "k0",
    "k1"
  UNION ALL
  SELECT
    "k0" AS k0,
    CAST(NULL AS Nullable(String)) AS k1,
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END AS k2,
    2 AS g,
    SUM("p") AS closing_debit_vnd,
    "m" AS closing_debit_vnd_month
  FROM "closing_debit_vnd_0_2"
  GROUP BY
    "k0",
    "m"
  UNION ALL
  SELECT
    "k0" AS k0,
    CAST(NULL AS Nullable(String)) AS k1,
    CAST(NULL AS Nullable(String)) AS k2,
    6 AS g,
    SUM("p") AS closing_debit_vnd,
    MAX("m") AS closing_debit_vnd_month
  FROM "closing_debit_vnd_0"
  GROUP BY
    "k0"
  UNION ALL
  SELECT
    CAST(NULL AS Nullable(String)) AS k0,
    CAST(NULL AS Nullable(String)) AS k1,
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END AS k2,
    3 AS g,
    SUM("p") AS closing_debit_vnd,
    "m" AS closing_debit_vnd_month
  FROM "closing_debit_vnd_2"
  GROUP BY
    "m"
  UNION ALL
  SELECT
    CAST(NULL AS Nullable(String)) AS k0,
    CAST(NULL AS Nullable(String)) AS k1,
    CAST(NULL AS Nullable(String)) AS k2,
    7 AS g,
    SUM("p") AS closing_debit_vnd,
    MAX("m") AS closing_debit_vnd_month
  FROM "closing_debit_vnd_all"
  HAVING
    COUNT(*) > 0
), cube AS (
  SELECT
    "k0",
    "k1",
    "k2",
    "g",
    "closing_debit_vnd",
    "closing_debit_vnd_month"
  FROM "closing_debit_vnd_counts"
), labels_0 AS (
  SELECT
    account."group_code" AS k,
    MAX(account."group_name") AS t
  FROM "core"."dim_account" AS account
  WHERE
    account."group_code" IN (
      SELECT
        "k0"
      FROM "cube"
    )
  GROUP BY
    account."group_code"
), labels_1 AS (
  SELECT
    org."province_org_code" AS k,
    MAX(org."province_name") AS t
  FROM "core"."dim_org" AS org
  WHERE
    org."province_org_code" IN (
      SELECT
        "k1"
      FROM "cube"
    )
  GROUP BY
    org."province_org_code"
)
SELECT
  c."k0",
  labels_0."t" AS t0,
  c."k1",
  labels_1."t" AS t1,
  c."k2",
  c."g",
  c."closing_debit_vnd",
  c."closing_debit_vnd_month"
FROM "cube" AS c
LEFT JOIN "labels_0"
  ON labels_0."k" = c."k0"
LEFT JOIN "labels_1"
  ON labels_1."k" = c."k1"
-- ['00.01', '00.01.']
