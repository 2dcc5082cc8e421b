-- unique(columns | grain): no two rows have the same values.
SELECT :columns, COUNT(*) AS times
FROM :model AS m
GROUP BY :columns
HAVING COUNT(*) > 1
