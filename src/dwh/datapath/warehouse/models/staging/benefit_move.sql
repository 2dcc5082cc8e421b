-- model:    staging.benefit_move
-- kind:     full
-- grain:    dossier_no, place
-- owner:    csxh
-- audits:   unique(grain)
--
-- Moves of dossiers between provinces, both named as they are today: province numbers were given anew in 2025, so a
-- number is read on the day of the move. A move inside one of today's provinces is none.
-- Source:   QC-DWH Điều 4.2; NQ 202/2025/QH15 for the provinces.
WITH provinces AS (
  SELECT u.org_code, u.province_code, u.valid_from, u.valid_until, o.cur_province_org_code
  FROM staging.org_unit AS u
  JOIN core.dim_org AS o ON o.org_code = u.org_code
  WHERE u.tier = 'province'
)
SELECT
  m.dossier_no                                                                            AS dossier_no,        -- VARCHAR
  ROW_NUMBER() OVER (PARTITION BY m.dossier_no ORDER BY m.moved_on, m.source_id)          AS place,             -- BIGINT order of the moves of a dossier
  strftime(m.moved_on, '%Y-%m')                                                           AS moved_month,       -- VARCHAR 'YYYY-MM', still paid by the old province
  gone.cur_province_org_code                                                              AS from_province,     -- VARCHAR today's province
  came.cur_province_org_code                                                              AS to_province        -- VARCHAR today's province
FROM staging.stg_benefit_move AS m
JOIN provinces AS gone
  ON gone.province_code = m.from_province_code AND gone.valid_from <= m.moved_on AND m.moved_on < gone.valid_until
JOIN provinces AS came
  ON came.province_code = m.to_province_code AND came.valid_from <= m.moved_on AND m.moved_on < came.valid_until
WHERE gone.cur_province_org_code <> came.cur_province_org_code
