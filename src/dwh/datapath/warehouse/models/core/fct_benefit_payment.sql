-- model:     core.fct_benefit_payment
-- kind:      by_month(pay_month)
-- from:      staging.stg_benefit_payment
-- grain:     payment_key
-- order:     org_code
-- owner:     csxh
-- conserves: rows, amount_vnd
-- audits:    unique(grain), one_of(status_code, received, waiting, returned, unknown), refers(org_code, core.dim_org(org_code)), refers(benefit_code, core.dim_benefit(benefit_code)), refers(fund_source_code, core.dim_fund_source(fund_source_code)), refers(beneficiary_key, core.dim_participant(participant_key)), refers(pay_month, core.dim_month(month))
--
-- One row per line of the payment lists, in the month it is paid for.
-- Units:     amount_vnd is whole đồng, negative when it is paid back.
-- Org:       org_code is the office that pays, on the tree of that month.
-- Source:    QC-DWH Điều 4.2; forms 03T/BCN-TCKT, 002.N/BCB-BHXH.
SELECT
  c.source_id         AS payment_key,      -- BIGINT key of the source row
  c.pay_month         AS pay_month,        -- VARCHAR 'YYYY-MM'
  c.org_code          AS org_code,         -- VARCHAR
  c.benefit_code      AS benefit_code,     -- VARCHAR
  c.group_code        AS group_code,       -- VARCHAR group of the benefit
  c.frequency_code    AS frequency_code,   -- VARCHAR monthly, once or short_term
  c.fund_source_code  AS fund_source_code, -- VARCHAR
  c.item_code         AS item_code,        -- VARCHAR
  c.method_code       AS method_code,      -- VARCHAR account, cash or unknown
  c.status_code       AS status_code,      -- VARCHAR received, waiting, returned or unknown
  c.beneficiary_key   AS beneficiary_key,  -- BIGINT empty when not in the register
  c.si_number         AS beneficiary_code, -- VARCHAR personal
  c.amount_vnd        AS amount_vnd,       -- BIGINT đồng
  c.batch_id          AS last_batch_id     -- VARCHAR
FROM staging.stg_benefit_payment AS c
WHERE c.pay_month IN (:months)
