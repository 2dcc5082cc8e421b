-- model:    staging.pension_payer
-- kind:     by_month(contribution_month)
-- from:     staging.stg_contribution
-- lookup:   staging.stg_participant(participant_key) by participant_key
-- grain:    si_number, contribution_month
-- owner:    thu
-- audits:   unique(grain)
--
-- Who pays compulsory contributions to the pension fund in a month: nobody of them should draw a pension then (D-32).
-- A late payment changes no row here, so what reads it is not made again.
SELECT DISTINCT
  p.si_number           AS si_number,         -- VARCHAR
  c.contribution_month  AS contribution_month -- VARCHAR 'YYYY-MM'
FROM staging.stg_contribution AS c
JOIN staging.stg_participant AS p ON p.participant_key = c.participant_key
WHERE c.contribution_month IN (:months) AND c.component_code = 'HTTT'
