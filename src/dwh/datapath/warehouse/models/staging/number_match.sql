-- model:    staging.number_match
-- kind:     full
-- grain:    participant_key
-- owner:    thu
-- audits:   unique(grain), not_null(matched_on)
--
-- Since when the national population database agrees with a number of the register. A number it has not confirmed is not here.
-- Source:   QC-DWH Điều 4.5; indicator ST-09.
SELECT
  p.participant_key  AS participant_key, -- BIGINT
  MIN(n.matched_on)  AS matched_on       -- DATE of the first answer that agrees
FROM staging.stg_participant AS p
JOIN staging.stg_number_issue AS n ON n.si_number = p.si_number
WHERE n.match_code = 'matched' AND n.matched_on IS NOT NULL
GROUP BY p.participant_key
