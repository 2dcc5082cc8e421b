-- model:     core.fct_claim
-- kind:      by_month(visit_month)
-- from:      staging.stg_claim
-- lookup:    core.person_member(participant_key) by patient_key
-- grain:     claim_key
-- order:     org_code
-- owner:     giamdinh
-- conserves: rows, total_vnd, hi_paid_vnd, copay_vnd, self_paid_vnd, in_scope_vnd, other_source_vnd, outside_capitation_vnd
-- excludes:  superseded where NOT is_newest
-- audits:    unique(grain), not_null(care_code), one_of(referral_code, referred, emergency, self, other), one_of(origin_code, inside, outside, unknown), refers(card_geo_key, core.dim_geo(geo_key)), refers(org_code, core.dim_org(org_code)), refers(facility_key, core.dim_facility(facility_key)), refers(visit_month, core.dim_month(month))
--
-- One row per visit: the newest sending of each claim. Older sendings stay in staging, flagged GD-H07.
-- Units:     *_vnd are đồng with two decimals; exam + bed + drug + other = total.
-- Org:       org_code is the office in charge of the facility on the tree of that month.
-- Source:    QC-DWH Điều 4.3; QĐ 130/QĐ-BYT XML1.
SELECT
  c.source_id                              AS claim_key,       -- BIGINT key of the source row
  c.visit_month                            AS visit_month,     -- VARCHAR 'YYYY-MM' of NGAY_RA
  c.org_code                               AS org_code,        -- VARCHAR
  c.facility_key                           AS facility_key,    -- BIGINT
  c.object_code                            AS object_code,     -- VARCHAR
  c.visit_type_code                        AS visit_type_code, -- VARCHAR
  COALESCE(v.care_code, 'outpatient')      AS care_code,       -- VARCHAR outpatient or inpatient
  c.benefit_level                          AS benefit_level,   -- SMALLINT
  c.sex_code                               AS sex_code,        -- VARCHAR
  c.age_band                               AS age_band,        -- VARCHAR
  c.patient_key                            AS patient_key,     -- BIGINT empty when not in the register
  c.patient_code                           AS patient_code,    -- VARCHAR personal
  COALESCE(m.person_key, c.patient_key, -TRY_CAST(c.patient_code AS BIGINT)) AS person_key, -- BIGINT the golden person; below zero, a number the register does not have
  COALESCE(c.treatment_days, 0)            AS treatment_days,  -- INTEGER
  c.total_vnd                              AS total_vnd,       -- DECIMAL(18,2) đồng
  c.hi_paid_vnd                            AS hi_paid_vnd,     -- DECIMAL(18,2) đồng
  c.copay_vnd                              AS copay_vnd,       -- DECIMAL(18,2) đồng
  c.self_paid_vnd                          AS self_paid_vnd,   -- DECIMAL(18,2) đồng
  c.in_scope_vnd                           AS in_scope_vnd,    -- DECIMAL(18,2) đồng
  c.other_source_vnd                       AS other_source_vnd, -- DECIMAL(18,2) đồng
  c.outside_capitation_vnd                 AS outside_capitation_vnd, -- DECIMAL(18,2) đồng
  c.referral_code                          AS referral_code,   -- VARCHAR referred, emergency, self or other
  c.origin_code                            AS origin_code,     -- VARCHAR inside, outside or unknown
  CASE WHEN p.province_code IS NOT NULL THEN 'P' || p.province_code || '-1995' END
                                           AS card_geo_key,    -- VARCHAR the province printed on the card, by the list cards are numbered with
  c.exam_vnd                               AS exam_vnd,        -- DECIMAL(18,2) đồng
  c.bed_vnd                                AS bed_vnd,         -- DECIMAL(18,2) đồng
  c.drug_vnd                               AS drug_vnd,        -- DECIMAL(18,2) đồng
  c.other_vnd                              AS other_vnd,       -- DECIMAL(18,2) đồng
  c.batch_id                               AS last_batch_id    -- VARCHAR
FROM staging.stg_claim AS c
LEFT JOIN core.person_member AS m ON m.participant_key = c.patient_key
LEFT JOIN seed.visit_type AS v ON v.visit_type_code = c.visit_type_code
LEFT JOIN seed.province_old AS p ON p.province_code = c.card_province_code
WHERE c.visit_month IN (:months) AND c.is_newest
