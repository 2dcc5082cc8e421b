-- model:    core.dim_visit_type
-- kind:     full
-- grain:    visit_type_code
-- owner:    giamdinh
-- audits:   unique(grain), one_of(care_code, outpatient, inpatient)
--
-- Kinds of visit (MA_LOAI_KCB) and whether they count as inpatient.
-- Source:   QĐ 824/QĐ-BYT; CV 3360/BHXH-CSYT.
SELECT
  v.visit_type_code  AS visit_type_code, -- VARCHAR 01 to 09
  v.visit_type_name  AS visit_type_name, -- VARCHAR
  v.care_code        AS care_code,       -- VARCHAR outpatient or inpatient
  v.care_name        AS care_name        -- VARCHAR
FROM seed.visit_type AS v
