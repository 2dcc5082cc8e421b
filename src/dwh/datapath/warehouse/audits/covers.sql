-- covers(staging table): every person and fund with a contribution in the month is a head of the stock, and only they.
SELECT s.month, s.heads, m.heads AS in_stock
FROM (
  SELECT contribution_month AS month, COUNT(DISTINCT (participant_key, fund_code)) AS heads
  FROM :columns
  GROUP BY contribution_month
) AS s
JOIN (SELECT month, COUNT(*) AS heads FROM :model AS n GROUP BY month) AS m ON m.month = s.month
WHERE s.heads <> m.heads
