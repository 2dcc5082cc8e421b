-- model:    staging.claim_service_sum
-- kind:     by_month(received_month)
-- from:     staging.stg_claim_service
-- grain:    facility_code, episode_code, sending_no, received_month
-- owner:    giamdinh
-- audits:   unique(grain)
--
-- Service lines added up per sending of a claim: examinations (MA_NHOM 13), beds (14, 15, 16) and everything.
SELECT
  s.facility_code                              AS facility_code,  -- VARCHAR
  s.episode_code                               AS episode_code,   -- VARCHAR
  s.sending_no                                 AS sending_no,     -- SMALLINT
  s.received_month                             AS received_month, -- VARCHAR 'YYYY-MM'
  CAST(SUM(CASE WHEN s.cost_group = 13 THEN s.amount_vnd ELSE 0 END) AS DECIMAL(18, 2)) AS exam_vnd, -- DECIMAL(18,2) đồng
  CAST(SUM(CASE WHEN s.cost_group IN (14, 15, 16) THEN s.amount_vnd ELSE 0 END) AS DECIMAL(18, 2)) AS bed_vnd, -- DECIMAL(18,2) đồng
  CAST(SUM(s.amount_vnd) AS DECIMAL(18, 2))    AS service_vnd     -- DECIMAL(18,2) đồng, all groups
FROM staging.stg_claim_service AS s
WHERE s.received_month IN (:months)
GROUP BY s.facility_code, s.episode_code, s.sending_no, s.received_month
