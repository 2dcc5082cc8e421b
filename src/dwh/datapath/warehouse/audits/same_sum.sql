-- same_sum(column, table(month)): in every month the column adds up to what it adds up to there.
SELECT m.month, m.total, t.total AS there
FROM (SELECT month, SUM(:column) AS total FROM :model AS n GROUP BY month) AS m
JOIN (SELECT :target_column AS month, SUM(:column) AS total FROM :target GROUP BY :target_column) AS t ON t.month = m.month
WHERE m.total <> t.total
