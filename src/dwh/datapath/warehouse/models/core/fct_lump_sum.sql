-- model:     core.fct_lump_sum
-- kind:      by_month(decision_month)
-- from:      staging.stg_lump_sum
-- grain:     lump_sum_key
-- order:     org_code
-- owner:     csxh
-- conserves: rows, decided_vnd
-- excludes:  before_first_month where decision_month = 'none'
-- audits:    unique(grain), not_negative(decided_vnd), refers(org_code, core.dim_org(org_code)), refers(beneficiary_key, core.dim_participant(participant_key)), refers(decision_month, core.dim_month(month))
--
-- One row per decision on a lump sum (BHXH một lần), in the month it was decided.
-- Units:     decided_vnd is whole đồng.
-- Org:       org_code is the office that decided, on the tree of that month.
-- Source:    QC-DWH Điều 4.2.
SELECT
  m.source_id          AS lump_sum_key,      -- BIGINT key of the source row
  m.decision_month     AS decision_month,    -- VARCHAR 'YYYY-MM'
  m.org_code           AS org_code,          -- VARCHAR
  '21'                 AS benefit_code,      -- VARCHAR BHXH một lần
  'HTTT'               AS fund_source_code,  -- VARCHAR
  m.reason_code        AS reason_code,       -- VARCHAR
  m.beneficiary_key    AS beneficiary_key,   -- BIGINT empty when not in the register
  m.si_number          AS beneficiary_code,  -- VARCHAR personal
  m.years_before_2014 + m.years_since_2014 AS contributed_years, -- INTEGER
  m.decided_vnd        AS decided_vnd,       -- BIGINT đồng
  m.batch_id           AS last_batch_id      -- VARCHAR
FROM staging.stg_lump_sum AS m
WHERE m.decision_month IN (:months) AND m.decision_month <> 'none'
