-- covers(staging table): every person and fund with a contribution in the month is a head of the stock, and only they.
-- Only the months that are looked at are counted: the others have not changed.
SELECT s.month, s.heads, m.heads AS in_stock
FROM (
  SELECT c.contribution_month AS month, COUNT(DISTINCT (c.participant_key, c.fund_code)) AS heads
  FROM :columns AS c
  WHERE c.contribution_month IN (SELECT n.month FROM :model AS n)
  GROUP BY c.contribution_month
) AS s
JOIN (SELECT n.month, COUNT(*) AS heads FROM :model AS n GROUP BY n.month) AS m ON m.month = s.month
WHERE s.heads <> m.heads
