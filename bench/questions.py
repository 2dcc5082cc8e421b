"""The pivots of engine_facts P1/P12: each as a Query document and as the SQL a careful analyst would write.

The hand side has the scope in the WHERE, one scan, and GROUPING SETS where totals are asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NATION = ("00",)
PROVINCE = ("00.01",)


@dataclass(frozen=True, slots=True)
class Pivot:
    """One question: the Query document, the hand SQL with its parameters, the scope of who asks."""

    name: str
    query: dict[str, Any]
    sql: str
    params: tuple[Any, ...] = ()
    scope: tuple[str, ...] = NATION
    goal_ms: float = 0  # of an exact count of persons, for the answer from bitmaps; others share GOALS


_ORG = "JOIN core.dim_org AS o ON o.org_code = f.org_code"
_MINE = "(o.cur_org_code = ? OR o.cur_org_code LIKE ?)"
_YEAR = "left(f.contribution_month, 4)"
_HN = ("00.01", "00.01.%")

PIVOTS = (
    Pivot(
        "Q01 province × month",
        {
            "subject": "contributions", "rows": ["org.province"], "columns": ["month"],
            "values": ["due_vnd", "collected_vnd", "lines"], "totals": False,
        },
        f"SELECT o.province_org_code, f.contribution_month, sum(due_vnd), sum(collected_vnd), count(*)"
        f" FROM core.fct_contribution AS f {_ORG} GROUP BY ALL",
    ),
    Pivot(
        "Q01 with totals",
        {
            "subject": "contributions", "rows": ["org.province"], "columns": ["month"],
            "values": ["due_vnd", "collected_vnd", "lines"], "totals": True,
        },
        f"SELECT o.province_org_code, f.contribution_month, sum(due_vnd), sum(collected_vnd), count(*)"
        f" FROM core.fct_contribution AS f {_ORG} GROUP BY GROUPING SETS ((1, 2), (1), (2), ())",
    ),
    Pivot(
        "Q02 province × sector, one year",
        {
            "subject": "contributions", "rows": ["org.province"], "columns": ["employer.sector"],
            "values": ["collection_rate"], "totals": False,
            "filters": [{"field": "month.year", "op": "eq", "values": ["2025"]}],
        },
        f"SELECT o.province_org_code, e.sector_code, round(100 * sum(collected_vnd) / sum(due_vnd), 2)"
        f" FROM core.fct_contribution AS f {_ORG} JOIN core.dim_employer AS e ON e.employer_key = f.employer_key"
        " WHERE f.contribution_month BETWEEN '2025-01' AND '2025-12' GROUP BY ALL",
    ),
    Pivot(
        "Q03a province × year, persons",
        {
            "subject": "contributions", "rows": ["org.province"], "columns": ["month.year"],
            "values": ["participants"], "totals": False,
        },
        f"SELECT o.province_org_code, {_YEAR}, count(DISTINCT f.participant_key)"
        f" FROM core.fct_contribution AS f {_ORG} GROUP BY ALL",
        goal_ms=1200,
    ),
    Pivot(
        "Q03a with totals",
        {
            "subject": "contributions", "rows": ["org.province"], "columns": ["month.year"],
            "values": ["participants"], "totals": True,
        },
        f"SELECT o.province_org_code, {_YEAR}, count(DISTINCT f.participant_key)"
        f" FROM core.fct_contribution AS f {_ORG} GROUP BY GROUPING SETS ((1, 2), (1), (2), ())",
        goal_ms=1200,
    ),
    Pivot(
        "Q04 100 employers, largest arrears",
        {
            "subject": "contributions", "rows": ["employer"], "values": ["arrears_vnd", "due_vnd"],
            "sort": [{"field": "arrears_vnd", "desc": True}], "limit": 100, "totals": False,
        },
        "SELECT e.employer_code, x.d - x.c, x.d FROM (SELECT employer_key, sum(due_vnd) AS d,"
        " sum(collected_vnd) AS c FROM core.fct_contribution GROUP BY 1) AS x JOIN core.dim_employer AS e"
        " USING (employer_key) ORDER BY 2 DESC, 1 LIMIT 100",
    ),
    Pivot(
        "Q05 province × quarter, stock",
        {
            "subject": "contributions", "rows": ["org.province"], "columns": ["month.quarter"],
            "values": ["participants_end"], "totals": False,
        },
        "SELECT o.province_org_code, m.quarter, count(DISTINCT f.participant_key)"
        f" FROM core.fct_participation AS f {_ORG} JOIN core.dim_month AS m ON m.month = f.month"
        " WHERE f.month IN (SELECT max(d.month) FROM core.dim_month AS d GROUP BY d.quarter) GROUP BY ALL",
    ),
    Pivot(
        "Q06 province × fund, two years",
        {
            "subject": "contributions", "rows": ["org.province", "fund"], "columns": ["month.year"],
            "values": ["collected_vnd"], "totals": False,
            "filters": [{"field": "month.year", "op": "in", "values": ["2025", "2026"]}],
        },
        f"SELECT o.province_org_code, f.fund_code, {_YEAR}, sum(collected_vnd)"
        f" FROM core.fct_contribution AS f {_ORG} WHERE f.contribution_month >= '2025-01' GROUP BY ALL",
    ),
    Pivot(
        "Q07 one province: month × fund × sector",
        {
            "subject": "contributions", "rows": ["month", "fund.component"], "columns": ["employer.sector"],
            "values": ["due_vnd", "collected_vnd"], "totals": False,
        },
        "SELECT f.contribution_month, f.component_code, e.sector_code, sum(due_vnd), sum(collected_vnd)"
        f" FROM core.fct_contribution AS f {_ORG} JOIN core.dim_employer AS e ON e.employer_key = f.employer_key"
        f" WHERE {_MINE} GROUP BY ALL",
        _HN,
        PROVINCE,
    ),
    Pivot(
        "Q08 class × visit type × object group",
        {
            "subject": "claims", "rows": ["facility.class", "visit_type"], "columns": ["object.group"],
            "values": ["avg_cost_vnd", "hi_paid_vnd", "visits"], "totals": False,
        },
        "SELECT h.class_code, f.visit_type_code, ob.group_code, round(sum(total_vnd) / count(*), 0),"
        " sum(hi_paid_vnd), count(*) FROM core.fct_claim AS f"
        " JOIN core.dim_facility AS h ON h.facility_key = f.facility_key"
        " JOIN core.dim_object AS ob ON ob.object_code = f.object_code GROUP BY ALL",
    ),
    Pivot(
        "Q09 offices of one province, one year",
        {
            "subject": "contributions", "rows": ["org.office"],
            "values": ["lines", "participants", "collected_vnd"], "totals": False,
            "filters": [{"field": "month.year", "op": "eq", "values": ["2026"]}],
        },
        "SELECT o.office_org_code, count(*), count(DISTINCT f.participant_key), sum(collected_vnd)"
        f" FROM core.fct_contribution AS f {_ORG} WHERE {_MINE}"
        " AND f.contribution_month BETWEEN '2026-01' AND '2026-12' GROUP BY ALL",
        _HN,
        PROVINCE,
        goal_ms=60,
    ),
    Pivot(
        "Q09b one province, persons of one year",
        {
            "subject": "contributions", "values": ["participants"],
            "filters": [{"field": "month.year", "op": "eq", "values": ["2025"]}],
        },
        "SELECT count(DISTINCT f.participant_key)"
        f" FROM core.fct_contribution AS f {_ORG} WHERE {_MINE}"
        " AND f.contribution_month BETWEEN '2025-01' AND '2025-12'",
        _HN,
        PROVINCE,
        goal_ms=60,
    ),
    Pivot(
        "Q10 province × object × benefit level",
        {
            "subject": "claims", "rows": ["org.province", "object"], "columns": ["benefit_level"],
            "values": ["hi_share", "visits"], "totals": False,
        },
        "SELECT o.province_org_code, f.object_code, f.benefit_level::VARCHAR,"
        " round(100 * sum(hi_paid_vnd) / sum(total_vnd), 2), count(*)"
        f" FROM core.fct_claim AS f {_ORG} GROUP BY ALL",
    ),
    Pivot(
        "Q11 50 facilities, highest cost per visit",
        {
            "subject": "claims", "rows": ["facility"], "values": ["avg_cost_vnd", "visits"],
            "sort": [{"field": "avg_cost_vnd", "desc": True}], "limit": 50, "totals": False,
        },
        "SELECT h.facility_code, round(x.t / x.n, 0), x.n FROM (SELECT facility_key, sum(total_vnd) AS t,"
        " count(*) AS n FROM core.fct_claim GROUP BY 1) AS x JOIN core.dim_facility AS h USING (facility_key)"
        " ORDER BY x.t::DOUBLE / x.n DESC, 1 LIMIT 50",
    ),
    Pivot(
        "Q12 sector × fund × month",
        {
            "subject": "contributions", "rows": ["employer.sector", "fund.component"], "columns": ["month"],
            "values": ["due_vnd"], "totals": False,
        },
        "SELECT e.sector_code, f.component_code, f.contribution_month, sum(due_vnd)"
        " FROM core.fct_contribution AS f JOIN core.dim_employer AS e ON e.employer_key = f.employer_key"
        " GROUP BY ALL",
    ),
    Pivot(
        "Q13 sex × birth decade",
        {
            "subject": "contributions", "rows": ["participant.sex"], "columns": ["participant.birth_decade"],
            "values": ["collected_vnd", "lines"], "totals": False,
        },
        "SELECT p.sex_code, (p.birth_year // 10 * 10)::VARCHAR, sum(collected_vnd), count(*)"
        " FROM core.fct_contribution AS f JOIN core.dim_participant AS p"
        " ON p.participant_key = f.participant_key GROUP BY ALL",
    ),
    Pivot(
        "B02 by province, with total",
        {
            "subject": "claims", "rows": ["org.province"], "totals": True,
            "values": [
                "visits", "outpatient_visits", "inpatient_visits", "total_vnd", "outpatient_total_vnd",
                "inpatient_total_vnd", "hi_paid_vnd", "inpatient_hi_paid_vnd", "avg_inpatient_days",
            ],
        },
        "SELECT o.province_org_code, count(*), count(*) FILTER (f.care_code = 'outpatient'),"
        " count(*) FILTER (f.care_code = 'inpatient'), sum(total_vnd),"
        " sum(total_vnd) FILTER (f.care_code = 'outpatient'),"
        " sum(total_vnd) FILTER (f.care_code = 'inpatient'), sum(hi_paid_vnd),"
        " sum(hi_paid_vnd) FILTER (f.care_code = 'inpatient'),"
        " round(sum(treatment_days) FILTER (f.care_code = 'inpatient')"
        " / count(*) FILTER (f.care_code = 'inpatient'), 2)"
        f" FROM core.fct_claim AS f {_ORG} GROUP BY GROUPING SETS ((1), ())",
    ),
)  # fmt: skip
