-- model:     core.fct_benefit_decision
-- kind:      by_month(decision_month)
-- from:      staging.stg_benefit_dossier
-- grain:     decision_key
-- order:     org_code
-- owner:     csxh
-- conserves: rows, level_vnd
-- excludes:  before_first_month where decision_month = 'none'
-- audits:    unique(grain), not_negative(level_vnd), refers(org_code, core.dim_org(org_code)), refers(benefit_code, core.dim_benefit(benefit_code)), refers(fund_source_code, core.dim_fund_source(fund_source_code)), refers(beneficiary_key, core.dim_participant(participant_key)), refers(decision_month, core.dim_month(month))
--
-- One row per decision on a monthly benefit, in the month it was decided.
-- Units:     level_vnd is whole đồng a month at the decision.
-- Org:       org_code is the office that decided, on the tree of that month.
-- Source:    QC-DWH Điều 4.2; QĐ 456/QĐ-BHXH.
SELECT
  d.source_id          AS decision_key,      -- BIGINT key of the source row
  d.decision_month     AS decision_month,    -- VARCHAR 'YYYY-MM'
  d.org_code           AS org_code,          -- VARCHAR
  d.benefit_code       AS benefit_code,      -- VARCHAR
  d.group_code         AS group_code,        -- VARCHAR group of the benefit
  d.fund_source_code   AS fund_source_code,  -- VARCHAR
  d.beneficiary_key    AS beneficiary_key,   -- BIGINT empty when not in the register
  d.si_number          AS beneficiary_code,  -- VARCHAR personal
  d.contributed_months     AS contributed_months,    -- INTEGER 0 where the benefit does not rest on them
  d.retired_at_months  AS retired_at_months, -- INTEGER 0 without a retirement
  d.level_vnd          AS level_vnd,         -- BIGINT đồng a month
  d.batch_id           AS last_batch_id      -- VARCHAR
FROM staging.stg_benefit_dossier AS d
WHERE d.decision_month IN (:months) AND d.decision_month <> 'none'
