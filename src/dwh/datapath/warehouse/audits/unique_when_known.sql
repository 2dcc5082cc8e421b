-- unique_when_known(column): no two rows have the same value; an empty one does not count.
SELECT :columns, COUNT(*) AS times
FROM :model AS m
WHERE :columns IS NOT NULL
GROUP BY :columns
HAVING COUNT(*) > 1
