-- model:    staging.claim_drug_sum
-- kind:     by_month(received_month)
-- from:     staging.stg_claim_drug
-- grain:    facility_code, episode_code, sending_no, received_month, cost_group
-- owner:    giamdinh
-- audits:   unique(grain)
--
-- Drug lines added up per sending of a claim and group of cost. Lines of one sending that came in different months make
-- a row each.
SELECT
  d.facility_code                              AS facility_code,  -- VARCHAR
  d.episode_code                               AS episode_code,   -- VARCHAR
  d.sending_no                                 AS sending_no,     -- SMALLINT
  d.received_month                             AS received_month, -- VARCHAR 'YYYY-MM'
  d.cost_group                                 AS cost_group,     -- SMALLINT MA_NHOM
  CAST(SUM(d.amount_vnd) AS DECIMAL(18, 2))    AS amount_vnd,     -- DECIMAL(18,2) đồng
  CAST(SUM(d.hi_paid_vnd) AS DECIMAL(18, 2))   AS hi_paid_vnd     -- DECIMAL(18,2) đồng
FROM staging.stg_claim_drug AS d
WHERE d.received_month IN (:months)
GROUP BY d.facility_code, d.episode_code, d.sending_no, d.received_month, d.cost_group
