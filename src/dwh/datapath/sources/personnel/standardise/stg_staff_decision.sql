-- model:    staging.stg_staff_decision
-- kind:     full
-- from:     landed.ns_quyet_dinh
-- grain:    source_id
-- owner:    tccb
-- audits:   unique(grain), not_null(staff_code), not_null(org_code)
--
-- Personnel decisions: transfers, appointments, retirements; two clocks, in force and entered.
-- Org:      unit_org_code is the unit the person goes to, or leaves for good.
-- Source:   QC-DWH Điều 4.6, 17.6.
WITH t AS (
  SELECT
    q.id, q.so_qd, q.loai, q.ma_nv, q.don_vi_cu, q.don_vi_moi, q.chuc_vu_cu, q.chuc_vu_moi, q.ngay_ky, q.ngay_hieu_luc,
    q.ngay_nhap, q.batch_id, COALESCE(o.org_code, '00') AS org_code, came.org_code AS to_org_code,
    gone.org_code AS from_org_code
  FROM landed.ns_quyet_dinh AS q
  LEFT JOIN staging.org_unit AS o ON o.office_code = q.ma_cq_bhxh
  LEFT JOIN staging.org_unit AS came
    ON came.org_code = CASE WHEN q.don_vi_moi = '00' THEN '00' ELSE '00.' || q.don_vi_moi END
  LEFT JOIN staging.org_unit AS gone
    ON gone.org_code = CASE WHEN q.don_vi_cu = '00' THEN '00' ELSE '00.' || q.don_vi_cu END
)
SELECT
  t.id                                                     AS source_id,     -- BIGINT key of the source row
  t.so_qd                                                  AS decision_no,   -- VARCHAR
  LOWER(TRIM(nfc_normalize(t.loai)))                       AS decision_kind, -- VARCHAR
  t.ma_nv                                                  AS staff_code,    -- VARCHAR
  t.from_org_code                                          AS from_org_code, -- VARCHAR empty when the unit is not known
  t.to_org_code                                            AS to_org_code,   -- VARCHAR
  COALESCE(t.to_org_code, t.from_org_code, t.org_code)     AS unit_org_code, -- VARCHAR
  t.chuc_vu_cu                                             AS from_title,    -- VARCHAR
  t.chuc_vu_moi                                            AS to_title,      -- VARCHAR
  t.ngay_ky                                                AS signed_on,     -- DATE
  t.ngay_hieu_luc                                          AS effective_on,  -- DATE
  strftime(t.ngay_hieu_luc, '%Y-%m')                       AS effective_month, -- VARCHAR 'YYYY-MM'
  t.ngay_nhap                                              AS entered_on,    -- DATE
  GREATEST(date_diff('day', t.ngay_hieu_luc, t.ngay_nhap), 0) AS late_days,  -- BIGINT days in force before it was entered (D-29)
  t.org_code                                               AS org_code,      -- VARCHAR office that owns the row
  t.batch_id                                               AS batch_id       -- VARCHAR
FROM t
