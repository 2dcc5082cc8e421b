-- model:    core.person_decision
-- kind:     full
-- grain:    decision_id
-- owner:    thu
-- audits:   unique(grain), not_null(decided_at), not_null(decided_by), not_null(reason), one_of(action, merge, split, withdraw), one_of(state, in_force, ended, unknown_number)
--
-- What clerks decided about persons, every row for ever, with the time in which it held. A merge says that two numbers
-- are one person; a split takes a number out of the person it was in; a withdrawal ends a decision as if it had never
-- been. A later split ends a merge of its number; of two decisions of one moment the split counts.
-- Source:   landing/decisions/persons.csv; ADR 0010.
WITH numbers AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
decisions AS (
  SELECT
    d.decision_id, TRY_CAST(d.decided_at AS TIMESTAMP) AS decided_at, d.decided_by, d.action, d.number, d.other_number,
    d.withdraws, d.document_no, d.reason
  FROM seed.person_decision AS d
),
withdrawn AS (
  SELECT w.withdraws AS decision_id, MIN(w.decided_at) AS ended_at
  FROM decisions AS w
  WHERE w.action = 'withdraw'
  GROUP BY w.withdraws
),
splits AS (
  SELECT s.number, s.decided_at
  FROM decisions AS s
  WHERE s.action = 'split' AND s.decision_id NOT IN (SELECT w.decision_id FROM withdrawn AS w)
),
cut AS (
  SELECT m.decision_id, MIN(s.decided_at) AS ended_at
  FROM decisions AS m
  JOIN splits AS s ON (s.number = m.number OR s.number = m.other_number) AND s.decided_at >= m.decided_at
  WHERE m.action = 'merge'
  GROUP BY m.decision_id
),
dated AS (
  SELECT
    d.decision_id, d.decided_at, d.decided_by, d.action, d.document_no, d.reason, d.withdraws,
    a.participant_key AS number_key, b.participant_key AS other_key,
    LEAST(COALESCE(w.ended_at, TIMESTAMP '9999-12-31'), COALESCE(c.ended_at, TIMESTAMP '9999-12-31')) AS valid_until
  FROM decisions AS d
  LEFT JOIN numbers AS a ON a.si_number = d.number
  LEFT JOIN numbers AS b ON b.si_number = d.other_number
  LEFT JOIN withdrawn AS w ON w.decision_id = d.decision_id
  LEFT JOIN cut AS c ON c.decision_id = d.decision_id
)
SELECT
  t.decision_id  AS decision_id, -- VARCHAR
  t.decided_at   AS decided_at,  -- TIMESTAMP UTC
  t.decided_by   AS decided_by,  -- VARCHAR who
  t.action       AS action,      -- VARCHAR merge, split or withdraw
  t.number_key   AS number_key,  -- BIGINT participant of the number that is joined or taken out
  t.other_key    AS other_key,   -- BIGINT participant it is joined to, or was wrongly joined to
  t.withdraws    AS withdraws,   -- VARCHAR the decision that ends by this one
  t.document_no  AS document_no, -- VARCHAR the paper
  t.reason       AS reason,      -- VARCHAR why
  t.decided_at   AS valid_from,  -- TIMESTAMP
  t.valid_until  AS valid_until, -- TIMESTAMP half open, 9999-12-31 while it holds
  CASE
    WHEN t.action = 'merge' AND (t.number_key IS NULL OR t.other_key IS NULL) THEN 'unknown_number'
    WHEN t.action = 'split' AND t.number_key IS NULL THEN 'unknown_number'
    WHEN t.valid_until < TIMESTAMP '9999-12-31' THEN 'ended'
    ELSE 'in_force'
  END            AS state        -- VARCHAR in_force, ended or unknown_number (a number the register does not have)
FROM dated AS t
