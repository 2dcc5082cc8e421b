-- model:     core.fct_settlement
-- kind:      by_month(month)
-- from:      staging.stg_settlement
-- grain:     cell_key
-- order:     org_code
-- owner:     tckt
-- conserves: rows, value_vnd
-- audits:    unique(grain), one_of(flow_code, income, opening, received, used, closing, other), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- Cells of the settlement forms with what their line means. A line nobody has explained is 'other': it is kept and in
-- no measure.
-- Units:     value_vnd is whole đồng.
-- Org:       org_code is the unit that settles, on the tree of that month.
-- Source:    QC-DWH Điều 4.4; lines by seed settlement_line.
SELECT
  s.source_id                                                       AS cell_key,     -- BIGINT key of the source row
  s.month                                                           AS month,        -- VARCHAR 'YYYY-MM' last month of the quarter
  s.org_code                                                        AS org_code,     -- VARCHAR
  s.form_code                                                       AS form_code,    -- VARCHAR
  s.line_code                                                       AS line_code,    -- VARCHAR
  COALESCE(l.flow_code, 'other')                                    AS flow_code,    -- VARCHAR income, opening, received, used, closing or other
  CASE WHEN l.fund_code <> '*' THEN l.fund_code ELSE s.column_code END AS fund_code, -- VARCHAR
  CASE s.status_name WHEN 'duyệt' THEN 'approved' WHEN 'thẩm định' THEN 'reviewed' ELSE 'drawn' END AS status_code, -- VARCHAR
  s.value_vnd                                                       AS value_vnd,    -- BIGINT đồng
  s.batch_id                                                        AS last_batch_id -- VARCHAR
FROM staging.stg_settlement AS s
LEFT JOIN seed.settlement_line AS l ON l.form_code = s.form_code AND l.line_code = s.line_code
WHERE s.month IN (:months)
