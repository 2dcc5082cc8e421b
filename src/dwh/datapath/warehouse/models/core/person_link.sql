-- model:    core.person_link
-- kind:     full
-- grain:    left_key, right_key, rule_code, evidence_id
-- owner:    thu
-- audits:   unique(grain), not_null(valid_from), refers(left_key, core.dim_participant(participant_key)), refers(right_key, core.dim_participant(participant_key)), one_of(rule_code, R-TAY, R-MA, R-TRUNG, R-CCCD, R-KHAC), one_of(overruled_by, R-TACH, R-KHAC, R-NHIEU, R-RUT)
--
-- Why two numbers are one person, or are not: every pair with its rule, the columns it rests on, and since when.
--   R-TAY    a clerk joined them (core.person_decision)
--   R-MA     the register says which number stays (ma_chinh)
--   R-TRUNG  the list of suspected pairs says confirmed or joined
--   R-CCCD   the same CCCD with the same whole birth date and sex
--   R-KHAC   the list of suspected pairs says they are two people: no link, and none by R-CCCD
-- A link that is not applied says what overrules it: R-TACH a clerk took one of the numbers out, R-RUT the decision was
-- withdrawn, R-KHAC as above, R-NHIEU more than five numbers with one CCCD (an error of entry: a clerk decides; ours).
-- A number a clerk took out is joined again only by a clerk.
-- Source:   indicators.md TG-03 «golden person»; QĐ 1864/QĐ-BHXH; ADR 0010.
WITH numbers AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
taken_out AS (
  SELECT d.number_key, MAX(CAST(d.valid_from AS DATE)) AS taken_on
  FROM core.person_decision AS d
  WHERE d.action = 'split' AND d.state = 'in_force'
  GROUP BY d.number_key
),
listed AS (
  SELECT
    LEAST(a.participant_key, b.participant_key) AS left_key, GREATEST(a.participant_key, b.participant_key) AS right_key,
    q.status_code, q.decided_on, q.source_id
  FROM staging.stg_number_pair AS q
  JOIN numbers AS a ON a.si_number = q.main_number
  JOIN numbers AS b ON b.si_number = q.other_number
  WHERE q.status_code IN ('confirmed', 'joined', 'distinct') AND a.participant_key <> b.participant_key
),
told_apart AS (
  SELECT l.left_key, l.right_key, MAX(l.decided_on) AS decided_on
  FROM listed AS l
  WHERE l.status_code = 'distinct'
  GROUP BY l.left_key, l.right_key
),
twins AS (
  SELECT p.citizen_id, p.born_on, p.sex_code, COUNT(*) AS size
  FROM staging.stg_participant AS p
  WHERE p.citizen_id IS NOT NULL AND p.born_on IS NOT NULL AND p.sex_code IN ('1', '2') AND p.status_code <> '3'
  GROUP BY p.citizen_id, p.born_on, p.sex_code
  HAVING COUNT(*) > 1
),
sharing AS (
  SELECT p.participant_key, p.citizen_id, p.born_on, p.sex_code, p.entered_on, t.size
  FROM staging.stg_participant AS p
  JOIN twins AS t ON t.citizen_id = p.citizen_id AND t.born_on = p.born_on AND t.sex_code = p.sex_code
  WHERE p.status_code <> '3'
),
disputed AS (
  SELECT UNNEST([a.participant_key, b.participant_key]) AS participant_key
  FROM told_apart AS t
  JOIN sharing AS a ON a.participant_key = t.left_key
  JOIN sharing AS b ON b.participant_key = t.right_key AND b.citizen_id = a.citizen_id AND b.born_on = a.born_on
    AND b.sex_code = a.sex_code
),
judged AS (
  SELECT
    s.participant_key, s.citizen_id, s.born_on, s.sex_code, s.entered_on,
    CASE
      WHEN s.participant_key IN (SELECT o.number_key FROM taken_out AS o) THEN 'R-TACH'
      WHEN s.participant_key IN (SELECT x.participant_key FROM disputed AS x) THEN 'R-KHAC'
      WHEN s.size > 5 THEN 'R-NHIEU'
    END AS overruled_by
  FROM sharing AS s
),
hubs AS (
  SELECT
    j.citizen_id, j.born_on, j.sex_code,
    COALESCE(MIN(CASE WHEN j.overruled_by IS NULL THEN j.participant_key END), MIN(j.participant_key)) AS hub_key
  FROM judged AS j
  GROUP BY j.citizen_id, j.born_on, j.sex_code
),
shared AS (
  SELECT
    h.hub_key, j.participant_key, GREATEST(j.entered_on, k.entered_on) AS entered_on,
    COALESCE(j.overruled_by, k.overruled_by) AS overruled_by
  FROM judged AS j
  JOIN hubs AS h ON h.citizen_id = j.citizen_id AND h.born_on = j.born_on AND h.sex_code = j.sex_code
  JOIN judged AS k ON k.participant_key = h.hub_key
  WHERE j.participant_key <> h.hub_key
),
found AS (
  SELECT
    LEAST(s.hub_key, s.participant_key) AS left_key, GREATEST(s.hub_key, s.participant_key) AS right_key,
    'R-CCCD' AS rule_code, ['so_ddcn', 'ngay_sinh', 'gioi_tinh'] AS evidence, '' AS evidence_id,
    s.entered_on AS valid_from, s.overruled_by
  FROM shared AS s
  UNION ALL
  SELECT
    LEAST(p.participant_key, n.participant_key), GREATEST(p.participant_key, n.participant_key), 'R-MA', ['ma_chinh'],
    CAST(p.participant_key AS VARCHAR), p.changed_on, NULL
  FROM staging.stg_participant AS p
  JOIN numbers AS n ON n.si_number = p.merged_into AND n.participant_key <> p.participant_key
  UNION ALL
  SELECT
    l.left_key, l.right_key, 'R-TRUNG', ['trang_thai', 'tieu_chi'], CAST(l.source_id AS VARCHAR), l.decided_on,
    CASE WHEN a.decided_on >= l.decided_on THEN 'R-KHAC' END
  FROM listed AS l
  LEFT JOIN told_apart AS a ON a.left_key = l.left_key AND a.right_key = l.right_key
  WHERE l.status_code <> 'distinct'
  UNION ALL
  SELECT
    l.left_key, l.right_key, 'R-KHAC', ['trang_thai'], CAST(l.source_id AS VARCHAR), l.decided_on, 'R-KHAC'
  FROM listed AS l
  WHERE l.status_code = 'distinct'
),
automatic AS (
  SELECT
    f.left_key, f.right_key, f.rule_code, f.evidence, f.evidence_id, f.valid_from,
    CASE WHEN COALESCE(a.number_key, b.number_key) IS NOT NULL THEN 'R-TACH' ELSE f.overruled_by END AS overruled_by,
    LEAST(COALESCE(a.taken_on, DATE '9999-12-31'), COALESCE(b.taken_on, DATE '9999-12-31')) AS valid_until
  FROM found AS f
  LEFT JOIN taken_out AS a ON a.number_key = f.left_key
  LEFT JOIN taken_out AS b ON b.number_key = f.right_key
),
manual AS (
  SELECT
    LEAST(d.number_key, d.other_key) AS left_key, GREATEST(d.number_key, d.other_key) AS right_key,
    'R-TAY' AS rule_code, ['quyết định'] AS evidence, d.decision_id AS evidence_id,
    CAST(d.valid_from AS DATE) AS valid_from,
    CASE
      WHEN d.state = 'in_force' THEN NULL
      WHEN d.decision_id IN (SELECT w.withdraws FROM core.person_decision AS w WHERE w.action = 'withdraw') THEN 'R-RUT'
      ELSE 'R-TACH'
    END AS overruled_by,
    CAST(d.valid_until AS DATE) AS valid_until
  FROM core.person_decision AS d
  WHERE d.action = 'merge' AND d.number_key <> d.other_key
),
every AS (
  SELECT a.left_key, a.right_key, a.rule_code, a.evidence, a.evidence_id, a.valid_from, a.valid_until, a.overruled_by
  FROM automatic AS a
  UNION ALL
  SELECT m.left_key, m.right_key, m.rule_code, m.evidence, m.evidence_id, m.valid_from, m.valid_until, m.overruled_by
  FROM manual AS m
)
SELECT
  e.left_key              AS left_key,     -- BIGINT participant, the older row of the two
  e.right_key             AS right_key,    -- BIGINT participant
  e.rule_code             AS rule_code,    -- VARCHAR
  e.evidence              AS evidence,     -- VARCHAR[] columns of the source the pair rests on
  e.evidence_id           AS evidence_id,  -- VARCHAR row of the source, or decision
  e.valid_from            AS valid_from,   -- DATE since when the source or the clerk says so
  e.valid_until           AS valid_until,  -- DATE half open, 9999-12-31 while nobody took it back
  e.overruled_by IS NULL  AS is_applied,   -- BOOLEAN the two numbers count as one person by this pair
  e.overruled_by          AS overruled_by  -- VARCHAR what stands against it
FROM every AS e
