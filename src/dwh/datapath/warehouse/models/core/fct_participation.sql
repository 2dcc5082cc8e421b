-- model:     core.fct_participation
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- lookup:    core.person_member(participant_key) by participant_key
-- grain:     participant_key, fund_code, month
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month)), covers(staging.stg_contribution)
--
-- The stock of participants at month end: one row per person and fund, with the main employer (largest base, then
-- the oldest key). A person with two jobs is one head; who pays to two funds is a head in each.
-- Source:    QC-DWH Điều 4.1.
WITH ranked AS (
  SELECT
    c.participant_key, c.fund_code, c.contribution_month, c.org_code, c.employer_key,
    ROW_NUMBER() OVER (
      PARTITION BY c.participant_key, c.fund_code, c.contribution_month
      ORDER BY c.base_vnd DESC, c.employer_key, c.source_id
    ) AS place
  FROM staging.stg_contribution AS c
  WHERE c.contribution_month IN (:months)
)
SELECT
  r.participant_key     AS participant_key, -- BIGINT
  COALESCE(m.person_key, r.participant_key) AS person_key, -- BIGINT the golden person, one over all numbers
  r.fund_code           AS fund_code,       -- VARCHAR si, hi or ui
  r.contribution_month  AS month,           -- VARCHAR 'YYYY-MM'
  r.org_code            AS org_code,        -- VARCHAR office of the main employer's line
  r.employer_key        AS employer_key     -- BIGINT
FROM ranked AS r
LEFT JOIN core.person_member AS m ON m.participant_key = r.participant_key
WHERE r.place = 1
