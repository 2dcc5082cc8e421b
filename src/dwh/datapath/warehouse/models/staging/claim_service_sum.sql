-- model:    staging.claim_service_sum
-- kind:     by_month(received_month)
-- from:     staging.stg_claim_service
-- grain:    facility_code, episode_code, sending_no, received_month, cost_group
-- owner:    giamdinh
-- audits:   unique(grain)
--
-- Service, bed, examination and supply lines added up per sending of a claim and group of cost.
SELECT
  s.facility_code                              AS facility_code,  -- VARCHAR
  s.episode_code                               AS episode_code,   -- VARCHAR
  s.sending_no                                 AS sending_no,     -- SMALLINT
  s.received_month                             AS received_month, -- VARCHAR 'YYYY-MM'
  s.cost_group                                 AS cost_group,     -- SMALLINT MA_NHOM
  CAST(SUM(s.amount_vnd) AS DECIMAL(18, 2))    AS amount_vnd,     -- DECIMAL(18,2) đồng
  CAST(SUM(s.hi_paid_vnd) AS DECIMAL(18, 2))   AS hi_paid_vnd     -- DECIMAL(18,2) đồng
FROM staging.stg_claim_service AS s
WHERE s.received_month IN (:months)
GROUP BY s.facility_code, s.episode_code, s.sending_no, s.received_month, s.cost_group
