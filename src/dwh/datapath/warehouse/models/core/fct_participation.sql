-- model:     core.fct_participation
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- lookup:    core.person_member(participant_key) by participant_key
-- grain:     participant_key, fund_code, month
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month)), covers(staging.stg_contribution), one_of(scheme_code, compulsory, voluntary), one_of(injury_code, yes, no)
--
-- The stock of participants at month end: one row per person and fund, with the main employer (largest base, then
-- the oldest key). A person with two jobs is one head; who pays to two funds is a head in each.
-- Who paid one compulsory line of the fund in the month is compulsory there; injury_code says who pays against
-- employment injury and occupational disease (TG-02 to TG-06).
-- Source:    QC-DWH Điều 4.1.
WITH ranked AS (
  SELECT
    c.participant_key, c.fund_code, c.contribution_month, c.org_code, c.employer_key,
    ROW_NUMBER() OVER (
      PARTITION BY c.participant_key, c.fund_code, c.contribution_month
      ORDER BY c.base_vnd DESC, c.employer_key, c.source_id
    ) AS place,
    MAX(f.is_compulsory) OVER of_the_fund AS is_compulsory,
    MAX(CASE WHEN c.component_code = 'TNLD' THEN 1 ELSE 0 END) OVER of_the_fund AS is_injury
  FROM staging.stg_contribution AS c
  LEFT JOIN seed.fund AS f ON f.component_code = c.component_code
  WHERE c.contribution_month IN (:months)
  WINDOW of_the_fund AS (PARTITION BY c.participant_key, c.fund_code, c.contribution_month)
)
SELECT
  r.participant_key     AS participant_key, -- BIGINT
  COALESCE(m.person_key, r.participant_key) AS person_key, -- BIGINT the golden person, one over all numbers
  r.fund_code           AS fund_code,       -- VARCHAR si, hi or ui
  r.contribution_month  AS month,           -- VARCHAR 'YYYY-MM'
  r.org_code            AS org_code,        -- VARCHAR office of the main employer's line
  r.employer_key        AS employer_key,    -- BIGINT
  CASE WHEN r.is_compulsory = '1' THEN 'compulsory' ELSE 'voluntary' END AS scheme_code, -- VARCHAR compulsory or voluntary in this fund
  CASE WHEN r.is_injury = 1 THEN 'yes' ELSE 'no' END AS injury_code -- VARCHAR yes, no: pays to the employment-injury fund
FROM ranked AS r
LEFT JOIN core.person_member AS m ON m.participant_key = r.participant_key
WHERE r.place = 1
