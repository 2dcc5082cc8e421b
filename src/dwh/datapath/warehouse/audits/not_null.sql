-- not_null(column): the value is always known.
SELECT :column AS empty_column
FROM :model AS m
WHERE :column IS NULL
