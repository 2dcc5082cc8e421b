-- has_rows: the table is not empty.
SELECT 'no row' AS problem
FROM (SELECT COUNT(*) AS n FROM :model AS m) AS c
WHERE c.n = 0
