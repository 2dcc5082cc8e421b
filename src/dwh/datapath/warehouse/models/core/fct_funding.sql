-- model:     core.fct_funding
-- kind:      by_month(month)
-- from:      staging.stg_funding
-- grain:     decision_key
-- order:     org_code
-- owner:     tckt
-- conserves: rows, funded_vnd
-- audits:    unique(grain), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- Funds handed down by the centre, per receiving unit and fund.
-- Units:     funded_vnd is whole đồng.
-- Org:       org_code is the receiving unit, on the tree of that month.
-- Source:    QC-DWH Điều 4.4.
SELECT
  f.source_id   AS decision_key,  -- BIGINT key of the source row
  f.month       AS month,         -- VARCHAR 'YYYY-MM'
  f.org_code    AS org_code,      -- VARCHAR
  f.fund_code   AS fund_code,     -- VARCHAR
  f.funded_vnd  AS funded_vnd,    -- BIGINT đồng
  f.batch_id    AS last_batch_id  -- VARCHAR
FROM staging.stg_funding AS f
WHERE f.month IN (:months)
