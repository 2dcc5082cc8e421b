-- model:    core.dim_person
-- kind:     full
-- grain:    person_key
-- owner:    thu
-- audits:   unique(grain), not_null(si_number)
--
-- One row per person: the golden record over all numbers of that person. What is shown is what the register says under
-- the main number: one in use before a joined one, then the oldest row. Name and number are personal data.
-- Source:   indicators.md TG-03; NĐ 13/2023 Điều 2; ADR 0010.
WITH ranked AS (
  SELECT
    COALESCE(m.person_key, p.participant_key) AS person_key, p.participant_key, p.si_number, p.full_name, p.birth_year,
    p.sex_code,
    COUNT(*) OVER (PARTITION BY COALESCE(m.person_key, p.participant_key)) AS numbers,
    ROW_NUMBER() OVER (
      PARTITION BY COALESCE(m.person_key, p.participant_key)
      ORDER BY CASE p.status_code WHEN '1' THEN 0 ELSE 1 END, p.participant_key
    ) AS place
  FROM staging.stg_participant AS p
  LEFT JOIN core.person_member AS m ON m.participant_key = p.participant_key
)
SELECT
  r.person_key                AS person_key,           -- BIGINT the smallest participant_key of the person
  r.participant_key           AS main_participant_key, -- BIGINT
  r.si_number                 AS si_number,            -- VARCHAR personal, the main number
  r.full_name                 AS full_name,            -- VARCHAR personal
  r.birth_year                AS birth_year,           -- SMALLINT
  r.sex_code                  AS sex_code,             -- VARCHAR
  CAST(r.numbers AS INTEGER)  AS numbers               -- INTEGER how many numbers the person has
FROM ranked AS r
WHERE r.place = 1
