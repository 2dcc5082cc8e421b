-- model:    core.dim_cost_group
-- kind:     full
-- grain:    cost_group_code
-- owner:    giamdinh
-- audits:   unique(grain), has_rows
--
-- Groups of cost of claim lines (MA_NHOM).
-- Source:   QĐ 130/QĐ-BYT, QĐ 4750/QĐ-BYT.
SELECT
  g.cost_group_code  AS cost_group_code, -- VARCHAR 1 to 18
  g.cost_group_name  AS cost_group_name, -- VARCHAR
  g.class_code       AS class_code,      -- VARCHAR
  g.class_name       AS class_name       -- VARCHAR
FROM seed.cost_group AS g
