-- model:     core.fct_si_book
-- kind:      by_month(month)
-- from:      staging.stg_contribution
-- grain:     month, org_code, issue_kind
-- order:     org_code
-- owner:     thu
-- audits:    unique(grain), not_negative(held), refers(org_code, core.dim_org(org_code)), refers(month, core.dim_month(month))
--
-- Social-insurance books of each month that has contributions: `issued` in the month (a flow), and `held`, the people
-- who have a book at its end, each once, under the issue that is the newest by then (a stock).
-- Units:     issued and held are whole numbers.
-- Org:       org_code is the issuing office, or after a reform the unit that took it over.
-- Source:    QC-DWH Điều 4.1.
WITH months AS (
  SELECT
    m.contribution_month AS month, LAST_DAY(CAST(m.contribution_month || '-01' AS DATE)) AS last_day
  FROM staging.stg_contribution AS m
  WHERE m.contribution_month IN (:months)
  GROUP BY m.contribution_month
),
known AS (
  SELECT
    t.month, t.last_day, b.org_code, b.issue_kind, b.status_code,
    CASE WHEN strftime(b.issued_on, '%Y-%m') = t.month THEN 1 ELSE 0 END AS is_new,
    ROW_NUMBER() OVER (
      PARTITION BY t.month, b.si_number ORDER BY b.issued_on DESC, b.issue_no DESC, b.source_id DESC
    ) AS place
  FROM months AS t
  JOIN staging.stg_si_book AS b ON b.issued_on <= t.last_day
)
SELECT
  k.month                                                                         AS month,      -- VARCHAR 'YYYY-MM'
  CASE WHEN o.valid_until > k.last_day THEN o.org_code ELSE o.cur_org_code END    AS org_code,   -- VARCHAR
  k.issue_kind                                                                    AS issue_kind, -- VARCHAR mới, cấp lại, đổi, gộp, tờ rời
  CAST(SUM(k.is_new) AS BIGINT)                                                   AS issued,     -- BIGINT books
  CAST(SUM(CASE WHEN k.place = 1 THEN 1 ELSE 0 END) AS BIGINT)                    AS held,       -- BIGINT people with a book
  CAST(SUM(CASE WHEN k.place = 1 AND k.status_code = 'người LĐ giữ' THEN 1 ELSE 0 END) AS BIGINT)
                                                                                  AS handed_over -- BIGINT of held, those who keep their book themselves today
FROM known AS k
JOIN core.dim_org AS o ON o.org_code = k.org_code
GROUP BY k.month, CASE WHEN o.valid_until > k.last_day THEN o.org_code ELSE o.cur_org_code END, k.issue_kind
