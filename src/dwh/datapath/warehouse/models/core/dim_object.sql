-- model:    core.dim_object
-- kind:     full
-- grain:    object_code
-- owner:    thu
-- audits:   unique(grain), has_rows
--
-- Health-insurance objects and who pays for them.
-- Source:   QĐ 1351/QĐ-BHXH; groups of Luật BHYT.
SELECT
  o.object_code  AS object_code, -- VARCHAR first two characters of a card
  o.object_name  AS object_name, -- VARCHAR
  o.group_code   AS group_code,  -- VARCHAR I to V
  o.group_name   AS group_name   -- VARCHAR
FROM seed.hi_object AS o
