-- refers(column, table(column)): the value exists there, so that a join loses no row.
SELECT DISTINCT m.:column AS orphan
FROM :model AS m
WHERE m.:column IS NOT NULL AND m.:column NOT IN (SELECT :target_column FROM :target)
