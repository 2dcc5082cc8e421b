-- model:     staging.stg_claim_service
-- kind:      by_month(received_month)
-- from:      landed.gd_dvkt
-- partition: strftime(created_at, '%Y-%m')
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- lookup:    staging.stg_facility(facility_code) by TRIM(ma_cskcb)
-- lookup:    staging.stg_practitioner(facility_code, licence_no) by TRIM(ma_cskcb), TRIM(ma_bac_si)
-- lookup:    staging.stg_practitioner(facility_code) by CASE WHEN contains(ma_bac_si, ';') THEN TRIM(ma_cskcb) END
-- grain:     source_id
-- order:     facility_code, episode_code, sending_no
-- owner:     giamdinh
-- amounts:   amount_vnd = COALESCE(thanh_tien_bv, 0), hi_paid_vnd = COALESCE(t_bhtt, 0)
-- audits:    unique(grain), not_null(org_code)
--
-- Service, bed, examination and supply lines of claims (XML3), kept by the month in which the line was received: a line has no visit date of its own,
-- and the month of receipt never changes. A line names who ordered it, several apart by «;»: each is registered at the
-- facility on the day of the order. A line without a name, a day, or a facility of the list is asked nothing.
-- Units:     *_vnd are đồng with two decimals.
-- Source:    QC-DWH Điều 4.3; QĐ 130/QĐ-BYT XML3.
WITH named AS (
  SELECT
    n.id, TRIM(n.ma_cskcb) AS facility_code, CAST(try_strptime(LEFT(n.ngay_yl, 8), '%Y%m%d') AS DATE) AS ordered_on,
    UNNEST(string_split(n.ma_bac_si, ';')) AS licence_no
  FROM landed.gd_dvkt AS n
  WHERE n.landed_month IN (:months)
),
strangers AS (
  SELECT DISTINCT named.id
  FROM named
  LEFT JOIN staging.stg_practitioner AS p
    ON p.facility_code = named.facility_code AND p.licence_no = TRIM(named.licence_no)
    AND p.registered_from <= named.ordered_on AND named.ordered_on <= p.registered_to
  WHERE p.source_id IS NULL AND named.ordered_on IS NOT NULL AND TRIM(named.licence_no) <> ''
    AND named.facility_code IN (SELECT f.facility_code FROM staging.stg_facility AS f)
),
t AS (
  SELECT
    d.id, d.landed_month, TRIM(d.ma_cskcb) AS ma_cskcb, d.ma_lk, d.lan_gui, d.ma_nhom, d.so_luong, d.don_gia_bv, d.don_gia_bh, d.tyle_tt_dv,
    COALESCE(d.thanh_tien_bv, 0) AS thanh_tien_bv, COALESCE(d.t_bhtt, 0) AS t_bhtt, d.batch_id,
    COALESCE(o.org_code, '00') AS org_code, strangers.id IS NULL AS is_registered
  FROM landed.gd_dvkt AS d
  LEFT JOIN strangers ON strangers.id = d.id
  LEFT JOIN staging.org_unit AS o ON o.office_code = d.ma_cq_bhxh
  WHERE d.landed_month IN (:months)
)
SELECT
  t.id                                      AS source_id,      -- BIGINT key of the source row
  t.landed_month                            AS received_month, -- VARCHAR 'YYYY-MM' the line came in
  t.ma_cskcb                                AS facility_code,  -- VARCHAR
  t.ma_lk                                   AS episode_code,   -- VARCHAR MA_LK, unique within a facility
  CAST(t.lan_gui AS SMALLINT)               AS sending_no,     -- SMALLINT
  CAST(t.ma_nhom AS SMALLINT)               AS cost_group,     -- SMALLINT MA_NHOM
  CAST(t.thanh_tien_bv AS DECIMAL(18, 2))   AS amount_vnd,     -- DECIMAL(18,2) đồng
  CAST(t.t_bhtt AS DECIMAL(18, 2))          AS hi_paid_vnd,    -- DECIMAL(18,2) đồng
  t.org_code                                AS org_code,       -- VARCHAR
  t.batch_id                                AS batch_id        -- VARCHAR
FROM t
