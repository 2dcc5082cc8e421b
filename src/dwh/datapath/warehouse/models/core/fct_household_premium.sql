-- model:     core.fct_household_premium
-- kind:      by_month(paid_month)
-- from:      staging.stg_household_premium
-- lookup:    core.person_member(participant_key) by participant_key
-- grain:     source_id
-- order:     org_code
-- owner:     thu
-- conserves: rows, premium_vnd
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(paid_month, core.dim_month(month)), refers(participant_key, core.dim_participant(participant_key))
--
-- What households paid for health insurance: one row per payment in advance of one member, in the month it was paid.
-- Units:     premium_vnd is whole đồng for all the months paid for; months is a number of months.
-- Org:       org_code is the office that took the payment, on the tree of that month.
-- Source:    QC-DWH Điều 4.5; indicator HG-06.
SELECT
  p.source_id        AS source_id,       -- BIGINT key of the source row
  p.paid_month       AS paid_month,      -- VARCHAR 'YYYY-MM'
  p.household_key    AS household_key,   -- BIGINT empty when the household is not known
  p.participant_key  AS participant_key, -- BIGINT empty when the person is not in the register
  COALESCE(m.person_key, p.participant_key) AS person_key, -- BIGINT the golden person, one over all numbers
  p.org_code         AS org_code,        -- VARCHAR
  p.order_code       AS order_code,      -- VARCHAR 1 to 4, 5+: place in the household
  p.months           AS months,          -- INTEGER months paid for
  p.premium_vnd      AS premium_vnd,     -- BIGINT đồng
  p.batch_id         AS last_batch_id    -- VARCHAR
FROM staging.stg_household_premium AS p
LEFT JOIN core.person_member AS m ON m.participant_key = p.participant_key
WHERE p.paid_month IN (:months)
