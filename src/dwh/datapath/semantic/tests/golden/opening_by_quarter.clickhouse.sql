WITH balance_months AS (
  SELECT DISTINCT
    f."month" AS m
  FROM "core"."fct_account_balance" AS f
), opening_debit_vnd_0 AS (
  SELECT
    SUM(f."opening_debit_vnd") AS p,
    f."month" AS m
  FROM "core"."fct_account_balance" AS f
  WHERE
    NOT (
      f."opening_debit_vnd" IS NULL
    )
    AND f."month" IN (
      SELECT
        MIN("m")
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
    f."month"
), opening_debit_vnd_counts AS (
  SELECT
    SUBSTRING("m", 1, 4) || '-Q' || CASE
      WHEN SUBSTRING("m", 6, 2) <= '03'
      THEN '1'
      WHEN SUBSTRING("m", 6, 2) <= '06'
      THEN '2'
      WHEN SUBSTRING("m", 6, 2) <= '09'
      THEN '3'
      ELSE '4'
    END AS k0,
    0 AS g,
    SUM("p") AS opening_debit_vnd,
    "m" AS opening_debit_vnd_month
  FROM "opening_debit_vnd_0"
  GROUP BY
    "m"
), cube AS (
  SELECT
    "k0",
    "g",
    "opening_debit_vnd",
    "opening_debit_vnd_month"
  FROM "opening_debit_vnd_counts"
)
SELECT
  c."k0",
  c."g",
  c."opening_debit_vnd",
  c."opening_debit_vnd_month"
FROM "cube" AS c
-- []
