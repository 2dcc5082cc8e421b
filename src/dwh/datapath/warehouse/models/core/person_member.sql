-- model:    core.person_member
-- kind:     full
-- grain:    participant_key
-- owner:    thu
-- audits:   unique(grain), not_null(person_key), refers(participant_key, core.dim_participant(participant_key))
--
-- The participants that are one person with another one. Whoever is not here is a person alone, under the own key.
-- person_key is the smallest participant_key that can be reached over applied links: the same links in any order give
-- the same keys, and a person about whom nothing changed keeps the key.
-- A declared recursion over the linked numbers only (one in a hundred people): exact for every shape of links, because
-- a label only travels to greater keys and the union forgets what it has seen.
-- Source:   ADR 0010.
WITH RECURSIVE edges AS (
  SELECT l.left_key AS here, l.right_key AS there
  FROM core.person_link AS l
  WHERE l.is_applied
  UNION
  SELECT r.right_key AS here, r.left_key AS there
  FROM core.person_link AS r
  WHERE r.is_applied
),
reached AS (
  SELECT e.here AS participant_key, e.here AS label
  FROM edges AS e
  UNION
  SELECT e.there AS participant_key, n.label
  FROM reached AS n
  JOIN edges AS e ON e.here = n.participant_key
  WHERE n.label < e.there
)
SELECT
  r.participant_key  AS participant_key, -- BIGINT
  MIN(r.label)       AS person_key       -- BIGINT
FROM reached AS r
GROUP BY r.participant_key
