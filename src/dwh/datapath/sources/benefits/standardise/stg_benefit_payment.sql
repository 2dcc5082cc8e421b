-- model:     staging.stg_benefit_payment
-- kind:      by_month(pay_month)
-- from:      landed.tcs_chi_tra_thang
-- partition: CASE WHEN regexp_full_match(ky, '20\d{2}(0[1-9]|1[0-2])') THEN LEFT(ky, 4) || '-' || RIGHT(ky, 2) END
-- lookup:    staging.stg_participant(si_number) by ma_so_bhxh
-- lookup:    staging.stg_benefit_death(si_number) by ma_so_bhxh
-- lookup:    staging.pension_payer(si_number, contribution_month) by ma_so_bhxh, landed_month
-- lookup:    staging.benefit_move(dossier_no) by so_ho_so
-- lookup:    staging.office_today(office_code) by ma_cq_bhxh
-- grain:     source_id
-- order:     org_code
-- owner:     csxh
-- amounts:   amount_vnd = COALESCE(so_tien, 0)
-- audits:    unique(grain), not_null(pay_month), not_null(si_number), not_null(org_code)
--
-- Every line of the payment lists, of every benefit. A payment that should not have been made stays in the figures,
-- flagged: the money has left the fund until it is recovered, and a recovery is a negative line.
-- Units:     amount_vnd is whole đồng.
-- Org:       org_code is the office that pays, on the tree of that month.
-- Source:    QC-DWH Điều 4.2; sources.md §4.
WITH people AS (
  SELECT p.si_number, MIN(p.participant_key) AS participant_key
  FROM staging.stg_participant AS p
  GROUP BY p.si_number
),
dead AS (
  SELECT d.si_number, strftime(MIN(d.died_on), '%Y-%m') AS died_month
  FROM staging.stg_benefit_death AS d
  GROUP BY d.si_number
),
r AS (
  SELECT
    c.id, c.landed_month, c.so_ho_so, c.ma_so_bhxh, c.hinh_thuc, c.trang_thai, c.ngay_chi, c.batch_id,
    COALESCE(c.so_tien, 0) AS amount_vnd,
    COALESCE(i.item_code, 'other') AS item_code,
    b.benefit_code, b.frequency_code, b.group_code,
    COALESCE(f.fund_source_code, CASE WHEN c.nguon = 'QBB' THEN b.component_code END) AS fund_source_code,
    COALESCE(o.org_code, '00') AS org_code,
    o.cur_province_org_code AS province,
    date_diff('month', try_strptime(c.landed_month, '%Y-%m'), c.created_at) AS months_late
  FROM landed.tcs_chi_tra_thang AS c
  LEFT JOIN seed.payment_item AS i ON i.item_word = c.khoan
  LEFT JOIN seed.benefit AS b ON b.benefit_code = c.loai_che_do
  LEFT JOIN seed.fund_source AS f ON f.fund_source_code = c.nguon
  LEFT JOIN staging.office_today AS o ON o.office_code = c.ma_cq_bhxh
  WHERE c.landed_month IN (:months)
),
moved AS (
  SELECT r.id, ARG_MAX(m.from_province, m.place) AS from_province, ARG_MAX(m.to_province, m.place) AS to_province
  FROM r
  JOIN staging.benefit_move AS m ON m.dossier_no = r.so_ho_so AND m.moved_month < r.landed_month
  GROUP BY r.id
),
t AS (
  SELECT
    r.id, r.landed_month, r.so_ho_so, r.ma_so_bhxh, r.hinh_thuc, r.trang_thai, r.ngay_chi, r.batch_id, r.amount_vnd,
    r.item_code, r.benefit_code, r.frequency_code, r.group_code, r.fund_source_code, r.org_code, r.months_late,
    people.participant_key,
    r.item_code = 'regular' AND COALESCE(dead.died_month < r.landed_month, FALSE) AS is_after_death,
    r.item_code = 'regular' AND COALESCE(r.province = moved.from_province, FALSE) AS is_paid_by_old_province,
    r.item_code = 'regular' AND COALESCE(r.group_code = 'pension', FALSE) AND payer.si_number IS NOT NULL AS is_contributing
  FROM r
  LEFT JOIN people ON people.si_number = r.ma_so_bhxh
  LEFT JOIN dead ON dead.si_number = r.ma_so_bhxh
  LEFT JOIN moved ON moved.id = r.id
  LEFT JOIN staging.pension_payer AS payer
    ON payer.si_number = r.ma_so_bhxh AND payer.contribution_month = r.landed_month
    AND payer.contribution_month IN (:months)
)
SELECT
  t.id                AS source_id,        -- BIGINT key of the source row
  t.landed_month      AS pay_month,        -- VARCHAR 'YYYY-MM'
  t.so_ho_so          AS dossier_no,       -- VARCHAR dossier, turn or decision that is paid
  t.participant_key   AS beneficiary_key,  -- BIGINT empty when not in the register
  t.ma_so_bhxh        AS si_number,        -- VARCHAR 10 digits
  t.benefit_code      AS benefit_code,     -- VARCHAR
  t.group_code        AS group_code,       -- VARCHAR of the benefit
  t.frequency_code    AS frequency_code,   -- VARCHAR monthly, once or short_term
  t.fund_source_code  AS fund_source_code, -- VARCHAR who pays
  t.item_code         AS item_code,        -- VARCHAR regular, once, short_term, funeral, back_pay, recovery, …
  CASE t.hinh_thuc WHEN 'tài khoản' THEN 'account' WHEN 'tiền mặt' THEN 'cash' ELSE 'unknown' END AS method_code, -- VARCHAR
  CASE t.trang_thai WHEN 'đã nhận' THEN 'received' WHEN 'chưa nhận' THEN 'waiting' WHEN 'trả lại' THEN 'returned' ELSE 'unknown' END
    AS status_code, -- VARCHAR received, waiting, returned or unknown
  t.ngay_chi          AS paid_on,          -- DATE
  t.amount_vnd        AS amount_vnd,       -- BIGINT đồng, negative when it is paid back
  t.org_code          AS org_code,         -- VARCHAR office that pays
  t.batch_id          AS batch_id          -- VARCHAR
FROM t
