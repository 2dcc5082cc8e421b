-- model:     core.fct_contribution
-- kind:      by_month(contribution_month)
-- from:      staging.stg_contribution
-- lookup:    core.person_member(participant_key) by participant_key
-- grain:     participant_key, employer_key, component_code, contribution_month, org_code
-- order:     org_code
-- owner:     thu
-- conserves: base_vnd, due_vnd, collected_vnd
-- audits:    unique(grain), not_null(fund_code), one_of(fund_code, si, hi, ui), refers(org_code, core.dim_org(org_code)), refers(participant_key, core.dim_participant(participant_key)), refers(employer_key, core.dim_employer(employer_key)), refers(contribution_month, core.dim_month(month))
--
-- What was due and what was collected, per participant, employer, component fund and month.
-- Units:     *_vnd are whole đồng, BIGINT: SUM is as fast as on DECIMAL(18,0) and comes back as an exact integer.
--            A refund or a correction is a negative line in the source and nets out here.
-- Org:       org_code is the office that collects, on the tree of that month.
-- Source:    QC-DWH Điều 4.1 (Phần mềm Thu và quản lý sổ, thẻ).
SELECT
  c.participant_key                     AS participant_key,    -- BIGINT the SI number stays in dim_participant
  MAX(COALESCE(m.person_key, c.participant_key)) AS person_key, -- BIGINT the golden person, one over all numbers
  c.employer_key                        AS employer_key,       -- BIGINT
  c.component_code                      AS component_code,     -- VARCHAR quỹ thành phần
  MAX(c.fund_code)                      AS fund_code,          -- VARCHAR si: BHXH, hi: BHYT, ui: BHTN
  c.contribution_month                  AS contribution_month, -- VARCHAR 'YYYY-MM'
  c.org_code                            AS org_code,           -- VARCHAR
  CAST(SUM(c.base_vnd) AS BIGINT)       AS base_vnd,           -- BIGINT đồng
  CAST(SUM(c.due_vnd) AS BIGINT)        AS due_vnd,            -- BIGINT đồng
  CAST(SUM(c.collected_vnd) AS BIGINT)  AS collected_vnd,      -- BIGINT đồng
  MAX(c.batch_id)                       AS last_batch_id       -- VARCHAR the newest batch that touched the row
FROM staging.stg_contribution AS c
LEFT JOIN core.person_member AS m ON m.participant_key = c.participant_key
WHERE c.contribution_month IN (:months)
GROUP BY c.participant_key, c.employer_key, c.component_code, c.contribution_month, c.org_code
