-- balances(month): in every month the books debit as much as they credit.
SELECT :column AS month, SUM(debit_vnd) AS debit, SUM(credit_vnd) AS credit
FROM :model AS m
GROUP BY :column
HAVING SUM(debit_vnd) <> SUM(credit_vnd)
