"""The traps every BI tool falls into, by name. Expectations are counted in Python from the hand-written rows."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

import pytest

from dwh.datapath.semantic.tests.asking import ask, ask_of, cells, document
from dwh.kernel.errors import Invalid
from dwh.kernel.vi import rounded
from tests.units_fixture import DN, DN_OLD, HN, QN_OLD, SUCCESSOR
from tests.warehouse_fixture import CLAIMS, LINES, STOCK

PERSON, EMPLOYER, MONTH, ORG, DUE, COLLECTED = 0, 1, 4, 5, 7, 8


def province(org):
    return org.rpartition(".")[0]


def quarter(month):
    return f"2025-Q{(int(month[5:]) + 2) // 3}"


def heads(rows, *, person=0):
    return len({row[person] for row in rows})


def by(rows, *keys):
    """Group rows by every prefix-total combination of two keys."""
    groups = defaultdict(list)
    for row in rows:
        a, b = (key(row) for key in keys)
        for group in ((a, b), (a, None), (None, b), (None, None)):
            groups[group].append(row)
    return groups


def test_fan_out_a_join_to_a_dimension_never_multiplies_money():
    answer = cells(ask(document(rows=["employer.sector", "participant.sex"], values=["due_vnd"])))
    assert answer[None, None] == sum(line[DUE] for line in LINES)
    assert sum(v for k, v in answer.items() if None not in k) == answer[None, None]


def test_chasm_two_facts_are_added_up_apart_and_laid_side_by_side():
    asked = document(rows=["org.province"], values=["collected_vnd", "participants_end"])
    answer = cells(ask(asked))
    assert answer[(None,)] == (
        sum(line[COLLECTED] for line in LINES),
        heads(s for s in STOCK if s[2] == "2025-08"),
    )
    hanoi = [line for line in LINES if province(line[ORG]) == HN]
    stock = [s for s in STOCK if s[2] == "2025-08" and province(s[3]) == HN]
    assert answer[(HN,)] == (sum(line[COLLECTED] for line in hanoi), heads(stock))


def test_double_count_a_person_of_two_employers_months_and_funds_is_one_head():
    answer = cells(ask(document(rows=["employer"], values=["participants"])))
    assert answer[(None,)] == heads(LINES) == 14
    assert sum(v for k, v in answer.items() if k != (None,)) == 15  # person 14 stands at two employers


@pytest.mark.req("D-14")
def test_distinct_totals_are_counted_again_at_every_level_never_added():
    asked = document(rows=["org.province"], columns=["month.quarter"], values=["participants", "employers"])
    expect = {
        keys: (heads(rows), len({r[EMPLOYER] for r in rows} - {None}))
        for keys, rows in by(LINES, lambda r: province(r[ORG]), lambda r: quarter(r[MONTH])).items()
    }
    assert cells(ask(asked)) == expect


def test_distinct_over_provinces_a_person_who_moved_is_one_head_in_the_nation():
    moved = (
        "UPDATE core.fct_contribution SET org_code = '00.01.501'"
        " WHERE participant_key = 9 AND contribution_month = '2025-08'"
    )
    answer = cells(ask_of(document(rows=["org.province"], values=["participants"], org_basis="as_is"), moved))
    assert (answer[(HN,)], answer[(DN,)], answer[(None,)]) == (8, 7, 14)


@pytest.mark.parametrize("basis", ["as_was", "as_is"])
def test_distinct_over_merged_provinces_a_person_of_both_is_one_head_after_the_merger(basis):
    moved = (
        "UPDATE core.fct_contribution SET org_code = '00.49.502'"
        " WHERE participant_key = 9 AND contribution_month = '2025-06'"
    )
    answer = cells(ask_of(document(rows=["org.province"], values=["participants"], org_basis=basis), moved))
    assert answer[(None,)] == 14
    if basis == "as_is":
        assert answer == {(HN,): 7, (DN,): 7, (None,): 14}
    else:  # before the merger he was a head of each; no sum of provinces is the nation
        assert (answer[(DN_OLD,)], answer[(QN_OLD,)], answer[(DN,)]) == (4, 4, 7)


@pytest.mark.req("D-14")
def test_a_stock_takes_the_last_month_of_each_period_and_never_adds_over_time():
    asked = document(
        rows=["org.province"], columns=["month.quarter"], values=["participants_end"], org_basis="as_is"
    )
    last = {"2025-Q2": "2025-06", "2025-Q3": "2025-08", None: "2025-08"}
    now = {s: province(SUCCESSOR.get(s[3], s[3])) for s in STOCK}
    expect = {
        (p, q): heads(s for s in STOCK if s[2] == last[q] and p in (None, now[s]))
        for p in (HN, DN, None)
        for q in last
    }
    assert cells(ask(asked)) == expect


@pytest.mark.req("D-14")
def test_a_stock_total_over_funds_counts_each_person_once():
    answer = cells(ask(document(rows=["fund"], values=["participants_end"])))
    august = [s for s in STOCK if s[2] == "2025-08"]
    assert answer == {(f,): heads(s for s in august if f in (None, s[1])) for f in ("si", "hi", "ui", None)}


def test_a_stock_with_time_on_both_axes_agrees_at_every_level():
    asked = document(rows=["month.year"], columns=["month.quarter", "month"], values=["participants_end"])
    answer = cells(ask(asked))
    for (_, q, month), value in answer.items():
        taken = month or ("2025-06" if q == "2025-Q2" else "2025-08")
        assert value == heads(s for s in STOCK if s[2] == taken)


def test_missing_last_period_for_one_unit_the_month_is_common_and_the_unit_shows_no_data():
    gone = "DELETE FROM core.fct_participation WHERE month = '2025-08' AND org_code LIKE '00.01.%'"
    answer = ask_of(
        document(rows=["org.province"], values=["participants_end", "lines"], org_basis="as_is"), gone
    )
    assert cells(answer)[(HN,)][0] is None
    assert cells(answer)[(DN,)][0] == cells(answer)[(None,)][0] == 7
    assert "chung cho mọi đơn vị: 8/2025" in " ".join(answer.notes)


def test_a_stock_looks_for_its_last_month_inside_the_filters():
    asked = document(
        values=["participants_end"], filters=[{"field": "month", "op": "lte", "values": ["2025-06"]}]
    )
    assert cells(ask(asked)) == {(): heads(s for s in STOCK if s[2] == "2025-06")}


@pytest.mark.req("D-14")
def test_ratio_of_sums_a_total_is_never_a_mean_of_ratios():
    answer = cells(ask(document(rows=["org.province"], values=["collection_rate"], org_basis="as_is")))
    due, collected = (sum(line[c] for line in LINES) for c in (DUE, COLLECTED))
    assert answer[(None,)] == rounded(Decimal(100 * collected) / due, 2)
    mean = rounded((answer[(HN,)] + answer[(DN,)]) / 2, 2)
    assert answer[(None,)] != mean


def test_mean_of_means_an_average_is_over_all_rows_at_every_level():
    """Sectors and months weigh by their rows: neither the mean of the sectors nor that of the months is the total."""
    asked = document(rows=["employer.sector"], columns=["month"], values=["avg_base_vnd"])
    answer = cells(ask(asked))
    pension = [line for line in LINES if line[2] == "HTTT"]
    whole = rounded(Decimal(sum(line[6] for line in pension)) / len(pension), 0)
    assert answer[None, None] == whole
    for place in (0, 1):
        parts = [v for k, v in answer.items() if k[place] is not None and k[1 - place] is None and v]
        assert rounded(sum(parts) / len(parts), 0) != whole


def test_a_ratio_without_a_denominator_has_no_value_and_is_not_zero():
    asked = document("claims", rows=["visit_type.care"], values=["avg_inpatient_days"])
    answer = cells(ask(asked))
    assert answer[("outpatient",)] is None
    assert answer[("inpatient",)] is not None


def test_a_share_is_of_the_whole_question_in_every_cell():
    answer = cells(ask(document(rows=["fund"], columns=["month"], values=["collected_share"], totals=False)))
    whole = sum(line[COLLECTED] for line in LINES)
    si_may = sum(line[COLLECTED] for line in LINES if line[3] == "si" and line[MONTH] == "2025-05")
    assert answer["si", "2025-05"] == rounded(Decimal(100 * si_may) / whole, 2)
    assert all(None not in keys for keys in answer)


@pytest.mark.parametrize("basis", ["as_was", "as_is"])
def test_a_reorganised_unit_stands_where_the_basis_says(basis):
    answer = cells(ask(document(rows=["org.province"], values=["due_vnd"], org_basis=basis)))
    place = {
        "as_was": lambda org: province(org),
        "as_is": lambda org: province(SUCCESSOR.get(org, org)),
    }[basis]
    expect = defaultdict(int)
    for line in LINES:
        expect[(place(line[ORG]),)] += line[DUE]
    expect[(None,)] = sum(line[DUE] for line in LINES)
    assert answer == expect
    assert {(DN_OLD,), (QN_OLD,)} <= set(answer) or basis == "as_is"


@pytest.mark.parametrize("level", ["org.nation", "org.region", "org.province", "org.office"])
def test_national_totals_are_equal_as_was_and_as_is(level):
    values = ["due_vnd", "collected_vnd", "participants", "participants_end", "collection_rate"]
    was, now = (
        cells(ask(document(rows=[level], columns=["month.year"], values=values, org_basis=basis)))
        for basis in ("as_was", "as_is")
    )
    assert was[None, None] == now[None, None]
    assert was[None, "2025"] == now[None, "2025"]


TET = {
    "2025-05": "2024-01",
    "2025-06": "2024-02",
    "2025-07": "2025-01",
    "2025-08": "2025-02",
}  # 10/2/2024, 29/1/2025


def in_tet_months(*more):
    """Return the statements that move the small release into the months around Tết of a leap year and the next."""
    moved = [
        f"UPDATE core.{table} SET {month} = '{to}' WHERE {month} = '{of}'"
        for table, month in (("fct_contribution", "contribution_month"), ("fct_participation", "month"))
        for of, to in TET.items()
    ]
    return (*moved, *more)


def test_leap_february_and_tet_months_stand_in_their_own_month_quarter_and_year():
    months = ["month.year", "month.quarter", "month"]
    answer = cells(ask_of(document(rows=months, values=["due_vnd"]), *in_tet_months()))
    for old, new in TET.items():
        due = sum(line[DUE] for line in LINES if line[MONTH] == old)
        assert answer[new[:4], f"{new[:4]}-Q1", new] == due
    february = [{"field": "month", "op": "in", "values": ["2024-02"]}]
    asked = document(values=["due_vnd"], filters=february, org_basis="as_of:2024-02-29")
    due = sum(line[DUE] for line in LINES if line[MONTH] == "2025-06")
    assert cells(ask_of(asked, *in_tet_months())) == {(): due}
    with pytest.raises(Invalid, match="org_basis"):
        ask(document(values=["due_vnd"], org_basis="as_of:2025-02-29"))


def test_a_tet_month_without_rows_is_no_zero_and_the_stock_is_that_of_the_month_before():
    gone = "DELETE FROM core.fct_participation WHERE month = '2024-02'"
    asked = document(rows=["month.quarter"], columns=["month"], values=["participants_end"])
    answer = ask_of(asked, *in_tet_months(gone))
    assert cells(answer)["2024-Q1", None] == heads(s for s in STOCK if s[2] == "2025-05")
    assert ("2024-Q1", "2024-02") not in cells(answer)
    assert "1/2024" in " ".join(answer.notes)


def test_a_null_member_is_a_member_and_not_a_total():
    answer = ask(document(rows=["employer.sector"], values=["due_vnd"]))
    unknown = sum(line[DUE] for line in LINES if line[EMPLOYER] is None)
    assert cells(answer)[("~",)] == unknown
    labels = [(row.labels[0], row.total_over) for row in answer.rows]
    assert labels[-2:] == [("Không xác định", ()), (None, ("employer.sector",))]


@pytest.mark.parametrize(
    ("op", "values", "kept"),
    [
        ("in", ["~"], lambda e: e is None),
        ("in", ["~", "DN"], lambda e: e is None or e in (10, 21, 30)),
        ("not_in", ["DN"], lambda e: e is None or e not in (10, 21, 30)),
        ("not_in", ["~"], lambda e: e is not None),
        ("eq", ["HC"], lambda e: e == 11),
    ],
)
def test_the_unknown_member_can_be_kept_and_left_out(op, values, kept):
    asked = document(values=["due_vnd"], filters=[{"field": "employer.sector", "op": op, "values": values}])
    assert cells(ask(asked)) == {(): sum(line[DUE] for line in LINES if kept(line[EMPLOYER]))}


def test_a_filter_on_a_region_follows_the_basis():
    for basis in ("as_was", "as_is"):
        filters = [{"field": "org.region", "op": "in", "values": ["V03"]}]
        got = cells(ask(document(values=["due_vnd"], filters=filters, org_basis=basis)))
        assert got == {(): sum(line[DUE] for line in LINES if not line[ORG].startswith("00.01."))}


@pytest.mark.parametrize("totals", [True, False])
def test_an_empty_scope_sees_nothing_not_even_a_total(totals):
    values = ["due_vnd", "participants", "participants_end", "collection_rate"]
    for rows in ([], ["org.province"]):
        answer = ask(document(rows=rows, values=values, totals=totals), scope=())
        assert answer.rows == ()
        assert answer.notes == ("Không có số liệu nào khớp câu hỏi trong phạm vi được xem.",)


@pytest.mark.parametrize(
    "scope", [("00.01",), ("00.48-2025",), ("00.01.501",), ("00.48-2025.503", "00.01.502")]
)
def test_a_scope_gives_what_the_question_gives_over_the_rows_of_its_units(scope):
    def mine(org):
        now = SUCCESSOR.get(org, org)
        return any(now == code or now.startswith(code + ".") for code in scope)

    answer = cells(ask(document(values=["due_vnd", "participants", "participants_end"]), scope=scope))
    lines = [line for line in LINES if mine(line[ORG])]
    august = [s for s in STOCK if s[2] == "2025-08" and mine(s[3])]
    assert answer == {(): (sum(line[DUE] for line in lines), heads(lines), heads(august))}


def test_a_scope_by_prefix_does_not_reach_a_longer_code():
    renamed = "UPDATE core.dim_org SET cur_org_code = '00.011.501' WHERE cur_org_code = '00.01.501'"
    assert cells(ask_of(document(values=["lines"]), renamed)) == cells(ask(document(values=["lines"])))
    hanoi = cells(ask(document(values=["lines"]), scope=("00.01",)))
    assert hanoi == {(): sum(1 for line in LINES if line[ORG].startswith("00.01."))}


def test_filtered_measures_add_up_to_the_whole():
    names = [
        "visits",
        "outpatient_visits",
        "inpatient_visits",
        "total_vnd",
        "outpatient_total_vnd",
        "inpatient_total_vnd",
    ]
    for values in cells(
        ask(document("claims", rows=["org.province"], columns=["month"], values=names))
    ).values():
        assert values[0] == values[1] + values[2]
        assert values[3] == values[4] + values[5]


def test_money_with_xu_is_exact():
    answer = cells(ask(document("claims", values=["total_vnd", "copay_vnd", "treatment_days", "patients"])))
    total, copay, days = (sum(claim[i] for claim in CLAIMS) for i in (13, 15, 12))
    assert answer[()] == (total, copay, days, len({claim[11] for claim in CLAIMS}))


TREES = ["as_was", "as_is", "as_of:2025-06-30", "as_of:2025-07-01", "as_of:1990-01-01"]


@pytest.mark.parametrize("basis", TREES)
@pytest.mark.parametrize("field", ["org.region", "org.province", "org.office"])
def test_the_total_is_the_same_on_every_tree_of_units(basis, field):
    values = ["due_vnd", "lines", "participants", "participants_end"]
    whole = cells(ask(document(values=values)))[()]
    answer = cells(ask(document(rows=[field], values=values, org_basis=basis)))
    assert answer[None,] == whole
    assert sum(row[0] for keys, row in answer.items() if keys != (None,)) == whole[0]


BEFORE = "as_of:2025-06-30"


def test_as_of_a_day_before_the_reform_figures_stand_under_the_units_of_that_day():
    answer = cells(ask(document(rows=["org.province"], values=["due_vnd"], org_basis=BEFORE, totals=False)))
    home = {
        org: {p for p in (HN, "00.48", "00.49") if lies_before(org, p)}
        for org in {line[ORG] for line in LINES}
    }
    assert all(len(places) == 1 for places in home.values())
    assert answer == {
        (province,): sum(line[DUE] for line in LINES if home[line[ORG]] == {province})
        for province in set().union(*home.values())
    }


def test_offices_that_cannot_be_told_apart_are_one_line_and_the_note_says_so():
    answer = ask(document(rows=["org.office"], values=["due_vnd"], org_basis=BEFORE, totals=False))
    joint = {row.keys[0]: (row.labels[0], row.values[0]) for row in answer.rows if "+" in row.keys[0]}
    together = sum(line[DUE] for line in LINES if line[ORG] == "00.01.501")
    assert joint == {"00.01.001+00.01.002": ("BHXH quận Ba Đình + BHXH quận Hoàn Kiếm", together)}
    assert any(note.startswith("1 dòng gộp tên") and "30/06/2025" in note for note in answer.notes)


def lies_before(org: str, province: str) -> bool:
    """Did the office stand in `province` until the reform: itself, or one it came from?"""
    came_from = [old for old, now in SUCCESSOR.items() if now == org and old != org] or [org]
    return any(old.startswith(f"{province}.") for old in came_from)


def test_a_filter_on_the_tree_of_a_day_says_what_it_leaves_out():
    only = [{"field": "org.province", "op": "in", "values": ["00.49"]}]
    answer = ask(document(values=["due_vnd"], filters=only, org_basis="as_of:2025-06-30"))
    assert any("chưa tách được" in note for note in answer.notes)
    assert not any("chưa tách được" in note for note in ask(document(values=["due_vnd"], filters=only)).notes)
