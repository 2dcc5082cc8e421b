-- model:     core.fct_ui_award
-- kind:      by_month(start_month)
-- from:      staging.stg_ui_award
-- grain:     award_key
-- order:     org_code
-- owner:     csxh
-- conserves: rows, level_vnd, training_vnd
-- excludes:  before_first_month where start_month = 'none'
-- audits:    unique(grain), not_negative(granted_months), refers(org_code, core.dim_org(org_code)), refers(beneficiary_key, core.dim_participant(participant_key)), refers(start_month, core.dim_month(month))
--
-- One row per unemployment award, in the month it begins.
-- Units:     *_vnd are whole đồng; level_vnd a month.
-- Org:       org_code is the office that pays, on the tree of that month.
-- Source:    QC-DWH Điều 4.2; Luật Việc làm.
SELECT
  u.source_id        AS award_key,        -- BIGINT key of the source row
  u.start_month      AS start_month,      -- VARCHAR 'YYYY-MM'
  u.org_code         AS org_code,         -- VARCHAR
  '41'               AS benefit_code,     -- VARCHAR trợ cấp thất nghiệp
  'BHTN'             AS fund_source_code, -- VARCHAR
  CASE WHEN u.training_vnd > 0 THEN 'yes' ELSE 'no' END AS training_code, -- VARCHAR is a course supported
  u.beneficiary_key  AS beneficiary_key,  -- BIGINT empty when not in the register
  u.si_number        AS beneficiary_code, -- VARCHAR personal
  u.granted_months   AS granted_months,   -- INTEGER
  u.level_vnd        AS level_vnd,        -- BIGINT đồng a month
  u.training_vnd     AS training_vnd,     -- BIGINT đồng
  u.batch_id         AS last_batch_id     -- VARCHAR
FROM staging.stg_ui_award AS u
WHERE u.start_month IN (:months) AND u.start_month <> 'none'
