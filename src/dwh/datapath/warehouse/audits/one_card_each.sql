-- one_card_each(staging table): everybody with a valid card at month end is a head of the stock once, and only they.
SELECT s.month, s.heads, s.in_stock
FROM (
  SELECT n.month, n.in_stock, COUNT(DISTINCT c.si_number) AS heads
  FROM (
    SELECT month, LAST_DAY(CAST(month || '-01' AS DATE)) AS last_day, SUM(persons) AS in_stock
    FROM :model AS m
    GROUP BY month
  ) AS n
  JOIN :columns AS c ON c.valid_from <= n.last_day AND n.last_day <= COALESCE(c.valid_to, DATE '9999-12-31')
  WHERE c.status_code = '1'
  GROUP BY n.month, n.in_stock
) AS s
WHERE s.heads <> s.in_stock
