-- model:    core.dim_participant
-- kind:     full
-- grain:    participant_key
-- owner:    thu
-- audits:   unique(grain), not_null(si_number), not_null(person_key), refers(person_key, core.dim_person(person_key))
--
-- People with a mã số BHXH, one row per number; every one belongs to exactly one person. Name and number are personal data: the gate masks them without clearance.
-- Source:   QC-DWH Điều 4.1; NĐ 13/2023 Điều 2.
SELECT
  p.participant_key      AS participant_key, -- BIGINT key of the source row
  COALESCE(m.person_key, p.participant_key) AS person_key, -- BIGINT the person whose number this is
  p.si_number            AS si_number,       -- VARCHAR personal
  p.full_name            AS full_name,       -- VARCHAR personal
  p.birth_year           AS birth_year,      -- SMALLINT
  p.birth_precision      AS birth_precision, -- VARCHAR day, month, year or unknown
  p.sex_code             AS sex_code,        -- VARCHAR
  CASE p.sex_code WHEN '1' THEN 'Nam' WHEN '2' THEN 'Nữ' ELSE 'Chưa xác định' END AS sex_name -- VARCHAR
FROM staging.stg_participant AS p
LEFT JOIN core.person_member AS m ON m.participant_key = p.participant_key
