-- model:    staging.person_code
-- kind:     full
-- grain:    code, kind, person_key
-- owner:    thu
-- audits:   unique(grain), one_of(kind, si_number, citizen_id), refers(person_key, core.dim_person(person_key))
--
-- Which person a code means: the mã số (10 digits), and the CCCD (12 digits), which stands in its place since
-- 01/08/2025. A card (15 characters) belongs to the number in its last ten: other cards are held (TST-T01).
-- Source:   CV 1804/BHXH-QLT (2025); QĐ 1351/QĐ-BHXH.
WITH issued AS (
  SELECT i.si_number, MIN(i.issued_on) AS issued_on
  FROM staging.stg_number_issue AS i
  GROUP BY i.si_number
),
codes AS (
  SELECT
    p.si_number AS code, 'si_number' AS kind, COALESCE(m.person_key, p.participant_key) AS person_key,
    COALESCE(i.issued_on, p.entered_on, DATE '1995-02-16') AS valid_from
  FROM staging.stg_participant AS p
  LEFT JOIN core.person_member AS m ON m.participant_key = p.participant_key
  LEFT JOIN issued AS i ON i.si_number = p.si_number
  UNION ALL
  SELECT
    q.citizen_id, 'citizen_id', COALESCE(n.person_key, q.participant_key),
    GREATEST(COALESCE(q.entered_on, DATE '2025-08-01'), DATE '2025-08-01')
  FROM staging.stg_participant AS q
  LEFT JOIN core.person_member AS n ON n.participant_key = q.participant_key
  WHERE q.citizen_id IS NOT NULL
),
persons AS (
  SELECT c.code, c.kind, c.person_key, MIN(c.valid_from) AS valid_from
  FROM codes AS c
  GROUP BY c.code, c.kind, c.person_key
)
SELECT
  c.code                                          AS code,       -- VARCHAR personal
  c.kind                                          AS kind,       -- VARCHAR si_number or citizen_id
  c.person_key                                    AS person_key, -- BIGINT
  c.valid_from                                    AS valid_from, -- DATE since when the code stands for the person
  COUNT(*) OVER (PARTITION BY c.code, c.kind) > 1 AS is_shared   -- BOOLEAN several persons claim it: it tells nobody
FROM persons AS c
