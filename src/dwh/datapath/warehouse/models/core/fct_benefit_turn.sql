-- model:     core.fct_benefit_turn
-- kind:      by_month(approved_month)
-- from:      staging.stg_benefit_turn
-- grain:     turn_key
-- order:     org_code
-- owner:     csxh
-- conserves: rows, approved_vnd
-- excludes:  before_first_month where approved_month = 'none'
-- audits:    unique(grain), not_negative(paid_days), refers(org_code, core.dim_org(org_code)), refers(benefit_code, core.dim_benefit(benefit_code)), refers(beneficiary_key, core.dim_participant(participant_key)), refers(employer_key, core.dim_employer(employer_key)), refers(approved_month, core.dim_month(month))
--
-- One row per turn of sickness, maternity or convalescence, in the month it was approved.
-- Units:     approved_vnd is whole đồng.
-- Org:       org_code is the office that approved it, on the tree of that month.
-- Source:    QC-DWH Điều 4.2; forms 22A-HSB, 22B-HSB.
SELECT
  n.source_id        AS turn_key,         -- BIGINT key of the source row
  n.approved_month   AS approved_month,   -- VARCHAR 'YYYY-MM'
  n.org_code         AS org_code,         -- VARCHAR
  n.benefit_code     AS benefit_code,     -- VARCHAR 31, 32 or 33
  'ODTS'             AS fund_source_code, -- VARCHAR
  n.turn_kind_code   AS turn_kind_code,   -- VARCHAR
  n.employer_key     AS employer_key,     -- BIGINT empty when not in the register
  n.beneficiary_key  AS beneficiary_key,  -- BIGINT empty when not in the register
  n.si_number        AS beneficiary_code, -- VARCHAR personal
  n.paid_days        AS paid_days,        -- INTEGER
  n.approved_vnd     AS approved_vnd,     -- BIGINT đồng
  n.batch_id         AS last_batch_id     -- VARCHAR
FROM staging.stg_benefit_turn AS n
WHERE n.approved_month IN (:months) AND n.approved_month <> 'none'
