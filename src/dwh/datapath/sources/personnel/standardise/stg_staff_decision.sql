-- model:    staging.stg_staff_decision
-- kind:     full
-- from:     landed.ns_quyet_dinh
-- grain:    source_id
-- owner:    tccb
-- audits:   unique(grain), not_null(staff_code), not_null(org_code)
--
-- Personnel decisions: transfers, appointments, retirements; two clocks, in force and entered.
-- Source:   QC-DWH Điều 4.6, 17.6.
WITH t AS (
  SELECT
    q.id, q.so_qd, q.loai, q.ma_nv, q.don_vi_cu, q.don_vi_moi, q.chuc_vu_cu, q.chuc_vu_moi, q.ngay_ky, q.ngay_hieu_luc,
    q.ngay_nhap, q.batch_id, COALESCE(o.org_code, '00') AS org_code
  FROM landed.ns_quyet_dinh AS q
  LEFT JOIN staging.stg_org_unit AS o ON o.office_code = q.ma_cq_bhxh
)
SELECT
  t.id                                                     AS source_id,     -- BIGINT key of the source row
  t.so_qd                                                  AS decision_no,   -- VARCHAR
  t.loai                                                   AS decision_kind, -- VARCHAR
  t.ma_nv                                                  AS staff_code,    -- VARCHAR
  '00.' || t.don_vi_cu                                     AS from_org_code, -- VARCHAR
  '00.' || t.don_vi_moi                                    AS to_org_code,   -- VARCHAR
  t.chuc_vu_cu                                             AS from_title,    -- VARCHAR
  t.chuc_vu_moi                                            AS to_title,      -- VARCHAR
  t.ngay_ky                                                AS signed_on,     -- DATE
  t.ngay_hieu_luc                                          AS effective_on,  -- DATE
  t.ngay_nhap                                              AS entered_on,    -- DATE
  t.org_code                                               AS org_code,      -- VARCHAR office that owns the row
  t.batch_id                                               AS batch_id       -- VARCHAR
FROM t
