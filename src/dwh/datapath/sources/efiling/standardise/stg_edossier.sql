-- model:     staging.stg_edossier
-- kind:      by_month(closed_month)
-- from:      landed.gdt_ho_so
-- partition: CASE WHEN regexp_full_match(ngay_tra, '20\d{2}(0[1-9]|1[0-2]).*') THEN LEFT(ngay_tra, 4) || '-' || ngay_tra[5:6] END
-- lookup:    staging.org_unit(office_code) by ma_cq_bhxh
-- lookup:    staging.org_unit(office_code) by ma_cq_tiep_nhan
-- lookup:    staging.procedure_limit(procedure_code) by TRIM(ma_thu_tuc)
-- grain:     source_id
-- order:     received_month
-- owner:     vpho
-- audits:    unique(grain), not_null(closed_month), not_null(procedure_code), not_null(org_code), one_of(outcome, done, refused, withdrawn, open, waiting)
--
-- One row per dossier. A dossier lies in the month its result was given, an open one in the part without a month: so a
-- locked month never freezes a dossier that is still being worked on.
-- Units:     due_on counts working days from the day after receipt, whatever the source promised (D-37); a limit in
--            calendar days that ends on a free day ends on the next working day. A moment that says 24:00 is that day's
--            end (D-43).
-- Org:       received_org_code is the office that received it, org_code the one that has it or gave the result.
-- Source:    QC-DWH Điều 4.7; legal_calendar.md §6.
WITH r AS (
  SELECT
    d.id, d.landed_month, TRIM(d.ma_thu_tuc) AS ma_thu_tuc, d.linh_vuc, d.kenh, d.muc_dvc, d.trang_thai,
    d.ngay_tiep_nhan, d.ngay_hen_tra, d.ngay_tra, d.batch_id,
    CASE
      WHEN regexp_full_match(d.ngay_tiep_nhan, '\d{8}2400')
        THEN try_strptime(LEFT(d.ngay_tiep_nhan, 8), '%Y%m%d') + INTERVAL 1 DAY
      WHEN regexp_full_match(d.ngay_tiep_nhan, '\d{12}') THEN try_strptime(d.ngay_tiep_nhan, '%Y%m%d%H%M')
    END AS received_at,
    CASE
      WHEN regexp_full_match(d.ngay_tra, '\d{8}2400') THEN try_strptime(LEFT(d.ngay_tra, 8), '%Y%m%d') + INTERVAL 1 DAY
      WHEN regexp_full_match(d.ngay_tra, '\d{12}') THEN try_strptime(d.ngay_tra, '%Y%m%d%H%M')
    END AS closed_at,
    CAST(try_strptime(LEFT(d.ngay_tiep_nhan, 8), '%Y%m%d') AS DATE) AS received_day,
    CAST(try_strptime(LEFT(d.ngay_tra, 8), '%Y%m%d') AS DATE) AS closed_day,
    COALESCE(d.trang_thai, '') IN ('trả KQ', 'từ chối', 'rút') AS status_is_final,
    COALESCE(d.trang_thai, '') IN ('chờ', 'rút', 'từ chối') AS may_lack_receipt,
    COALESCE(o.org_code, '00') AS org_code,
    COALESCE(f.org_code, o.org_code, '00') AS received_org_code,
    COALESCE(f.valid_until, o.valid_until, DATE '9999-12-31') AS received_org_until
  FROM landed.gdt_ho_so AS d
  LEFT JOIN staging.org_unit AS o ON o.office_code = d.ma_cq_bhxh
  LEFT JOIN staging.org_unit AS f ON f.office_code = d.ma_cq_tiep_nhan
  WHERE d.landed_month IN (:months)
),
known AS (
  SELECT l.procedure_code, ARG_MAX(l.current_code, l.valid_from) AS current_code
  FROM staging.procedure_limit AS l
  GROUP BY l.procedure_code
),
dated AS (
  SELECT
    r.id, r.landed_month, r.ma_thu_tuc, r.linh_vuc, r.kenh, r.muc_dvc, r.trang_thai, r.ngay_tiep_nhan, r.ngay_hen_tra,
    r.ngay_tra, r.batch_id, r.received_at, r.closed_at, r.status_is_final, r.may_lack_receipt, r.org_code,
    r.received_org_code, r.received_org_until,
    CASE WHEN r.received_at IS NOT NULL THEN r.received_day END AS received_on,
    CASE WHEN r.closed_at IS NOT NULL THEN r.closed_day END AS closed_on,
    known.procedure_code IS NOT NULL AS code_is_known, known.current_code AS known_code
  FROM r
  LEFT JOIN known ON known.procedure_code = r.ma_thu_tuc
),
t AS (
  SELECT
    d.id, d.landed_month, d.ma_thu_tuc, d.trang_thai, d.ngay_tiep_nhan, d.ngay_hen_tra, d.ngay_tra, d.batch_id,
    d.received_at, d.closed_at, d.status_is_final, d.may_lack_receipt, d.org_code, d.received_org_code,
    d.received_org_until, d.received_on, d.closed_on, d.code_is_known,
    COALESCE(l.current_code, d.known_code) AS current_code,
    COALESCE(l.is_in_force, FALSE) AS code_is_in_force,
    due.day AS due_on,
    done.day_no - came.day_no AS working_days,
    field.field_code, channel.channel_code, channel.form_code,
    CASE d.muc_dvc WHEN 'toàn trình' THEN 'full' WHEN 'một phần' THEN 'part' ELSE 'none' END AS service_code
  FROM dated AS d
  LEFT JOIN staging.procedure_limit AS l
    ON l.procedure_code = d.ma_thu_tuc AND l.valid_from <= d.received_on AND d.received_on < l.valid_until
  LEFT JOIN staging.working_day AS came ON came.day = d.received_on
  LEFT JOIN staging.working_day AS last ON last.day = d.received_on + l.limit_days
  LEFT JOIN staging.working_day AS due
    ON due.is_working
    AND due.day_no = CASE
      WHEN l.in_working_days THEN came.day_no + l.limit_days
      WHEN NOT l.in_working_days THEN last.day_no + CASE WHEN last.is_working THEN 0 ELSE 1 END
    END
  LEFT JOIN staging.working_day AS done ON done.day = d.closed_on
  LEFT JOIN seed.efiling_field AS field ON field.field_text = d.linh_vuc
  LEFT JOIN seed.efiling_channel AS channel ON channel.channel_text = d.kenh
)
SELECT
  t.id                                         AS source_id,          -- BIGINT key of the source row
  t.landed_month                               AS closed_month,       -- VARCHAR 'YYYY-MM' of the result, 'none' without one
  strftime(t.received_on, '%Y-%m')             AS received_month,     -- VARCHAR empty while waiting to be received
  t.received_on                                AS received_on,        -- DATE
  CASE WHEN t.ngay_hen_tra IS NOT NULL THEN t.due_on END AS due_on,   -- DATE recomputed; empty when nothing was promised or no limit is known
  t.closed_on                                  AS closed_on,          -- DATE
  CASE
    WHEN t.trang_thai = 'từ chối' THEN 'refused'
    WHEN t.trang_thai = 'rút' THEN 'withdrawn'
    WHEN t.trang_thai = 'trả KQ' OR t.closed_on IS NOT NULL THEN 'done'
    WHEN t.received_on IS NULL THEN 'waiting'
    ELSE 'open'
  END                                          AS outcome,            -- VARCHAR done, refused, withdrawn, open or waiting
  CASE
    WHEN t.closed_on IS NULL THEN NULL
    WHEN t.due_on IS NULL OR t.ngay_hen_tra IS NULL OR t.closed_at < t.received_at THEN 'unknown'
    WHEN t.closed_on <= t.due_on THEN 'on_time'
    ELSE 'late'
  END                                          AS timeliness,         -- VARCHAR on_time, late or unknown; empty while open
  t.closed_on <= t.ngay_hen_tra                AS kept_promise,       -- BOOLEAN by the day the source promised
  t.working_days                               AS working_days,       -- INTEGER from receipt to result
  t.current_code                               AS procedure_code,     -- VARCHAR code of today of an old procedure
  t.field_code                                 AS field_code,         -- VARCHAR
  t.channel_code                               AS channel_code,       -- VARCHAR
  t.form_code                                  AS form_code,          -- VARCHAR online or paper
  t.service_code                               AS service_code,       -- VARCHAR full, part or none
  t.received_on IS NOT NULL                    AS is_received,        -- BOOLEAN
  t.received_org_code                          AS received_org_code,  -- VARCHAR
  t.received_org_until                         AS received_org_until, -- DATE half open: how long that office stood
  t.org_code                                   AS org_code,           -- VARCHAR
  1                                            AS dossiers,           -- INTEGER one: what is added up
  t.batch_id                                   AS batch_id            -- VARCHAR
FROM t
