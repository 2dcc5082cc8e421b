-- model:    core.dim_facility
-- kind:     full
-- grain:    facility_key
-- owner:    giamdinh
-- audits:   unique(grain), not_null(facility_code)
--
-- Health facilities. The province of a facility is never read from its code: old numbers stay in it after the reform.
-- Source:   QC-DWH Điều 4.3.
SELECT
  f.facility_key                              AS facility_key,  -- BIGINT key of the source row
  f.facility_code                             AS facility_code, -- VARCHAR
  f.facility_name                             AS facility_name, -- VARCHAR
  f.level_code                                AS level_code,    -- VARCHAR tuyến
  COALESCE(l.level_name, 'Chưa phân tuyến')   AS level_name,    -- VARCHAR
  f.class_code                                AS class_code,    -- VARCHAR hạng
  COALESCE(c.class_name, 'Chưa xếp hạng')     AS class_name,    -- VARCHAR
  CASE f.ownership_code WHEN '1' THEN 'Công lập' WHEN '2' THEN 'Tư nhân' ELSE 'Chưa rõ' END AS ownership -- VARCHAR
FROM staging.stg_facility AS f
LEFT JOIN seed.facility_level AS l ON l.level_code = f.level_code
LEFT JOIN seed.facility_class AS c ON c.class_code = f.class_code
