-- not_negative(column): an amount or a number of days is never below zero.
SELECT :column AS negative_value
FROM :model AS m
WHERE :column < 0
