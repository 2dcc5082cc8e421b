-- model:    staging.staff_at_month_end
-- kind:     full
-- grain:    month, staff_key
-- owner:    tccb
-- audits:   unique(grain), not_null(org_code)
--
-- Who belonged to the sector at each month end, and where: the unit and the post of the newest spell of that day. Made
-- whole, for it is small; the fact takes the months that changed.
-- What the source keeps without dates (kind, sex, mailbox) is as it is today.
WITH ends AS (
  SELECT c.month, c.last_day
  FROM core.dim_month AS c
),
present AS (
  SELECT m.month, m.last_day, s.source_id, s.staff_code, s.staff_kind, s.sex_code, s.email, s.org_code
  FROM ends AS m
  JOIN staging.stg_staff AS s
    ON COALESCE(s.joined_on, m.last_day) <= m.last_day
    AND CASE WHEN s.left_on IS NULL THEN s.is_working ELSE s.left_on > m.last_day END
),
places AS (
  SELECT
    p.month, p.source_id, v.org_code, v.title, v.is_leader,
    ROW_NUMBER() OVER (PARTITION BY p.month, p.source_id ORDER BY v.valid_from DESC, v.source_id DESC) AS place
  FROM present AS p
  JOIN staging.stg_staff_position AS v
    ON v.staff_code = p.staff_code AND v.valid_from <= p.last_day AND p.last_day < v.valid_until
)
SELECT
  p.source_id                          AS staff_key,    -- BIGINT key of the source row
  p.month                              AS month,        -- VARCHAR 'YYYY-MM'
  p.staff_code                         AS staff_code,   -- VARCHAR
  COALESCE(w.org_code, p.org_code)     AS org_code,     -- VARCHAR unit worked in
  p.staff_kind                         AS staff_kind,   -- VARCHAR
  p.sex_code                           AS sex_code,     -- VARCHAR
  w.title                              AS title,        -- VARCHAR
  CASE WHEN w.is_leader THEN 'leader' ELSE 'staff' END                AS post_code,    -- VARCHAR leader or staff
  CASE WHEN p.email IS NULL THEN 'without' ELSE 'with' END            AS mailbox_code  -- VARCHAR with or without
FROM present AS p
LEFT JOIN places AS w ON w.month = p.month AND w.source_id = p.source_id AND w.place = 1
