-- one_of(column, value, ...): the value is one of these, or unknown.
SELECT :column AS strange_value
FROM :model AS m
WHERE :column NOT IN (:values)
