-- model:     core.fct_claim_cost
-- kind:      by_month(visit_month)
-- from:      staging.stg_claim
-- lookup:    staging.claim_drug_sum(facility_code, episode_code, sending_no) by facility_code, episode_code, sending_no
-- lookup:    staging.claim_service_sum(facility_code, episode_code, sending_no) by facility_code, episode_code, sending_no
-- grain:     visit_month, org_code, facility_key, visit_type_code, cost_group_code
-- order:     org_code
-- owner:     giamdinh
-- conserves: lines_vnd, lines_hi_paid_vnd
-- excludes:  superseded where NOT is_newest
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(facility_key, core.dim_facility(facility_key)), refers(visit_month, core.dim_month(month))
--
-- What claims cost by group of cost: the drug and service lines of the newest sending of each claim, added up per
-- facility and kind of visit. Equal in sum to the lines of the claims that count; the total of a claim's own XML1 may
-- differ from its lines (GD-H06).
-- Units:     *_vnd are đồng with two decimals.
-- Org:       org_code is the office in charge of the facility on the tree of that month.
-- Source:    QC-DWH Điều 4.3; QĐ 130/QĐ-BYT XML2, XML3.
WITH counted AS (
  SELECT
    c.visit_month, c.org_code, c.facility_key, c.visit_type_code, c.facility_code, c.episode_code, c.sending_no
  FROM staging.stg_claim AS c
  WHERE c.visit_month IN (:months) AND c.is_newest
),
lines AS (
  SELECT
    c.visit_month, c.org_code, c.facility_key, c.visit_type_code, d.cost_group, d.amount_vnd, d.hi_paid_vnd
  FROM counted AS c
  JOIN staging.claim_drug_sum AS d
    ON d.facility_code = c.facility_code AND d.episode_code = c.episode_code AND d.sending_no = c.sending_no
  UNION ALL
  SELECT
    c.visit_month, c.org_code, c.facility_key, c.visit_type_code, s.cost_group, s.amount_vnd, s.hi_paid_vnd
  FROM counted AS c
  JOIN staging.claim_service_sum AS s
    ON s.facility_code = c.facility_code AND s.episode_code = c.episode_code AND s.sending_no = c.sending_no
)
SELECT
  l.visit_month                                 AS visit_month,      -- VARCHAR 'YYYY-MM' of NGAY_RA
  l.org_code                                    AS org_code,         -- VARCHAR
  l.facility_key                                AS facility_key,     -- BIGINT
  l.visit_type_code                             AS visit_type_code,  -- VARCHAR
  MAX(COALESCE(v.care_code, 'outpatient'))      AS care_code,        -- VARCHAR outpatient or inpatient
  CAST(l.cost_group AS VARCHAR)                 AS cost_group_code,  -- VARCHAR MA_NHOM
  CAST(SUM(l.amount_vnd) AS DECIMAL(18, 2))     AS lines_vnd,        -- DECIMAL(18,2) đồng
  CAST(SUM(l.hi_paid_vnd) AS DECIMAL(18, 2))    AS lines_hi_paid_vnd -- DECIMAL(18,2) đồng
FROM lines AS l
LEFT JOIN seed.visit_type AS v ON v.visit_type_code = l.visit_type_code
GROUP BY l.visit_month, l.org_code, l.facility_key, l.visit_type_code, l.cost_group
