"""The traps of calculated columns, by name. Expectations are counted from the rows of `world`, in Python."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.semantic.calculations.tests.world import CLAIMS, LATEST, LINES, STOCK, ask, cells, reasons
from dwh.kernel.vi import rounded

TOTAL = (None,)


def month(*values, op="in"):
    return [{"field": "month", "op": op, "values": list(values)}]


def one(kind, of="collected_vnd", **more):
    return [{"name": "c1", "kind": kind, "of": of, **more}]


def collected(*months, home=None):
    return sum(x.collected for x in LINES if x.month in months and (home is None or home(x)))


def ratio(*months, home=lambda _: True):
    rows = [x for x in LINES if x.month in months and home(x)]
    return Decimal(100 * sum(x.collected for x in rows)) / sum(x.due for x in rows)


def hanoi(row):
    return row.office.startswith("00.01.")


def growth(now, before):
    return rounded(Decimal(100 * (now - before)) / before, 2)


def test_mean_of_means_the_nation_is_a_ratio_of_sums():
    asked = {"rows": ["org.province"], "values": ["collection_rate"], "filters": month("2025-03")}
    answer = ask(asked | {"calculations": one("nation", "collection_rate")})
    of_nation = set(cells(answer, "c1").values())
    assert of_nation == {rounded(ratio("2025-03"), 2)}
    own = [value for keys, value in cells(answer, "collection_rate").items() if keys != TOTAL]
    assert rounded(sum(own) / len(own), 2) not in of_nation


def test_mean_of_means_a_moving_average_of_a_ratio_is_a_ratio_of_sums():
    asked = {"columns": ["month"], "values": ["collection_rate"], "filters": month("2025-03")}
    answer = ask(asked | {"calculations": one("moving_average", "collection_rate", periods=3)})
    assert cells(answer, "c1")["2025-03",] == rounded(ratio("2025-01", "2025-02", "2025-03"), 2)


def test_growth_of_totals_a_total_is_compared_as_a_whole():
    asked = {"rows": ["org.province"], "values": ["collected_vnd"], "filters": month("2025-05")}
    found = cells(ask(asked | {"calculations": one("growth", base="previous")}), "c1")
    assert found[TOTAL] == growth(collected("2025-05"), collected("2025-04"))
    parts = [value for keys, value in found.items() if keys != TOTAL]
    assert found[TOTAL] != rounded(sum(parts) / len(parts), 2)


def test_growth_over_periods_a_year_above_its_months_is_compared_with_the_year_before():
    asked = {"columns": ["month.year", "month"], "values": ["collected_vnd"], "filters": month("2025")}
    found = cells(ask(asked | {"calculations": one("previous")}), "c1")
    until_august = [f"2024-{m:02d}" for m in range(1, 9)]
    assert found["2025", "2025-01"] == collected("2024-12")
    assert found["2025", None] == found[None, None] == collected(*until_august)


def test_a_year_that_is_not_over_is_compared_with_as_many_months_and_the_note_says_so():
    asked = {"values": ["collected_vnd"], "filters": month("2025")}
    answer = ask(asked | {"calculations": one("same_last_year")})
    assert cells(answer, "c1") == {(): collected(*[f"2024-{m:02d}" for m in range(1, 9)])}
    assert any("mới đến hết tháng 8/2025" in note for note in answer.notes)


def test_a_base_in_which_the_warehouse_begins_is_no_base():
    asked = {
        "columns": ["month.year"],
        "values": ["collected_vnd"],
        "calculations": one("growth", base="previous"),
    }
    answer = ask({**asked, "filters": month("2025")}, earliest="2024-05")
    assert cells(answer, "c1") == dict.fromkeys([("2025",), TOTAL])
    assert "trước tháng đầu tiên có số liệu" in reasons(answer, "c1")["2025",]
    whole = ask({**asked, "filters": month("2025")}, earliest="2024-01")
    assert cells(whole, "c1")["2025",] is not None


@pytest.mark.parametrize(
    ("now", "before"), [("2024-03", "2024-02"), ("2025-03", "2025-02"), ("2025-02", "2025-01")]
)
def test_leap_year_the_month_before_march_is_the_whole_february(now, before):
    asked = {"values": ["collected_vnd"], "filters": month(now)}
    assert cells(ask(asked | {"calculations": one("previous")}), "c1") == {(): collected(before)}


def test_leap_year_february_is_compared_with_february():
    asked = {"values": ["collected_vnd"], "filters": month("2025-02")}
    assert cells(ask(asked | {"calculations": one("same_last_year")}), "c1") == {(): collected("2024-02")}


def test_tet_month_is_compared_by_the_calendar_and_a_quarter_holds_both():
    asked = {
        "columns": ["month.quarter", "month"],
        "values": ["collected_vnd"],
        "filters": month("2025-01", "2025-03", op="between"),
    }
    found = cells(ask(asked | {"calculations": one("growth", base="same_last_year")}), "c1")
    for m in ("01", "02", "03"):  # Tết: 10 February 2024, 29 January 2025
        assert found["2025-Q1", f"2025-{m}"] == growth(collected(f"2025-{m}"), collected(f"2024-{m}"))
    whole = [collected(*[f"{year}-0{m}" for m in (1, 2, 3)]) for year in (2025, 2024)]
    assert found["2025-Q1", None] == growth(*whole)


def test_the_period_before_the_first_shown_is_asked_for():
    asked = {"columns": ["month"], "values": ["collected_vnd"], "filters": month("2025-01", "2025-02")}
    found = cells(ask(asked | {"calculations": one("previous")}), "c1")
    assert found["2025-01",] == collected("2024-12")


def test_last_period_missing_for_one_unit_it_has_no_growth_and_no_infinity():
    asked = {"rows": ["org.province"], "values": ["collected_vnd"], "filters": month("2025-07")}
    answer = ask(
        asked
        | {
            "calculations": [
                *one("growth", base="previous"),
                {"name": "p", "kind": "previous", "of": "collected_vnd"},
            ]
        }
    )
    now, base, grown = (cells(answer, name) for name in ("collected_vnd", "p", "c1"))
    new, old = ("00.48-2025",), ("00.48",)
    assert (base[new], grown[new]) == (None, None)
    assert (now[old], grown[old]) == (None, None)
    assert base[old] == collected("2025-06", home=lambda x: x.office.startswith("00.48."))
    assert reasons(answer, "c1")[new] == "Không có số liệu ở kỳ gốc nên không so được"
    assert sum(v for k, v in base.items() if v and k != TOTAL) == base[TOTAL]


def test_a_base_of_zero_or_less_has_no_growth():
    nothing = {"rows": ["org.office", "fund"], "columns": ["month"], "values": ["collected_vnd", "due_vnd"]}
    answer = ask(nothing | {"calculations": one("growth", base="previous")})
    said = set(reasons(answer, "c1").values())
    assert "Kỳ gốc bằng 0 nên không có tỷ lệ tăng trưởng" in said
    assert all(value is None or value.is_finite() for value in cells(answer, "c1").values())


def test_distinct_year_to_date_a_person_of_eight_months_is_one_head():
    asked = {"columns": ["month"], "values": ["participants"], "filters": month("2025")}
    answer = ask(asked | {"calculations": one("year_to_date", "participants")})
    heads = {x.person for x in LINES if "2025-01" <= x.month <= "2025-08"}
    by_month = [value for keys, value in cells(answer, "participants").items() if keys != TOTAL]
    assert cells(answer, "c1")["2025-08",] == len(heads) < sum(by_month)


def test_year_to_date_begins_in_january_whatever_is_shown():
    asked = {"columns": ["month"], "values": ["collected_vnd"], "filters": month("2025-03", "2025-04")}
    found = cells(ask(asked | {"calculations": one("year_to_date")}), "c1")
    assert found["2025-03",] == collected("2025-01", "2025-02", "2025-03")


def test_year_to_date_of_a_stock_is_the_stock_of_its_last_month():
    asked = {"columns": ["month.quarter"], "values": ["participants_end"], "filters": month("2025")}
    answer = ask(asked | {"calculations": one("year_to_date", "participants_end")})
    assert cells(answer, "c1") == cells(answer, "participants_end")
    assert cells(answer, "c1")["2025-Q3",] == len({x.person for x in STOCK if x.month == LATEST})


def test_year_to_date_over_several_years_has_no_meaning_and_says_so():
    asked = {"columns": ["month.year"], "values": ["collected_vnd"], "filters": month("2024", "2025")}
    answer = ask(asked | {"calculations": one("year_to_date")})
    assert cells(answer, "c1")[TOTAL] is None
    assert "chỉ có nghĩa trong một năm" in reasons(answer, "c1")[TOTAL]


def test_a_stock_has_no_share_of_several_periods():
    asked = {"rows": ["fund"], "columns": ["month"], "values": ["participants_end"]}
    answer = ask(
        asked
        | {"calculations": one("share_of_total", "participants_end"), "filters": month("2025-08", "2025-07")}
    )
    assert cells(answer, "c1")["si", "2025-08"] is None
    assert "không cộng qua thời gian" in reasons(answer, "c1")["si", "2025-08"]
    assert cells(answer, "c1")[None, None] == 100


def test_the_null_member_is_part_of_the_whole_and_has_no_rank():
    asked = {"rows": ["employer.sector"], "values": ["collected_vnd"], "filters": month("2025")}
    more = [*one("share_of_total"), {"name": "r", "kind": "rank", "of": "collected_vnd"}]
    answer = ask(asked | {"calculations": more})
    shares = cells(answer, "c1")
    assert shares["~",] > 0
    assert abs(sum(v for k, v in shares.items() if k != TOTAL) - 100) < Decimal("0.05")
    assert cells(answer, "r")["~",] is None
    ranked = sorted(v for v in cells(answer, "r").values() if v is not None)
    assert ranked == list(range(1, len(ranked) + 1))


def test_shares_of_parent_and_column_have_their_own_whole():
    more = [*one("share_of_parent"), {"name": "col", "kind": "share_of_column", "of": "collected_vnd"}]
    asked = {"rows": ["org.region", "org.province"], "columns": ["fund"], "values": ["collected_vnd"]}
    answer = ask(asked | {"calculations": more, "filters": month("2025-03")})
    money, parent, column = (cells(answer, name) for name in ("collected_vnd", "c1", "col"))
    key, above, top = ("V03", "00.48", "si"), ("V03", None, "si"), (None, None, "si")
    assert parent[key] == rounded(Decimal(100) * money[key] / money[above], 2)
    assert column[key] == rounded(Decimal(100) * money[key] / money[top], 2)
    assert parent[above] == column[above]


def test_chasm_two_subjects_side_by_side_multiply_nothing():
    asked = {
        "rows": ["org.province"],
        "values": ["collected_vnd", "claims:hi_paid_vnd"],
        "filters": month("2025-03"),
    }
    answer = ask(asked)
    assert cells(answer, "collected_vnd")[TOTAL] == collected("2025-03")
    assert cells(answer, "claims:hi_paid_vnd")[TOTAL] == sum(x.paid for x in CLAIMS if x.month == "2025-03")


def test_fan_out_a_unit_of_one_subject_only_stands_with_a_gap_in_the_other():
    asked = {"rows": ["org.office", "month"], "values": ["collected_vnd", "claims:hi_paid_vnd"]}
    answer = ask(asked)
    lines, claims = {(x.office, x.month) for x in LINES}, {(x.office, x.month) for x in CLAIMS}
    found = {
        k: (a, b)
        for k, a, b in zip(
            cells(answer, "collected_vnd"), *(cells(answer, n).values() for n in asked["values"]), strict=True
        )
    }
    inner = {k: v for k, v in found.items() if None not in k}
    assert set(inner) == lines | claims
    assert {k for k, v in inner.items() if v[0] is None} == claims - lines
    assert {k for k, v in inner.items() if v[1] is None} == lines - claims


def test_a_formula_over_two_subjects_is_a_ratio_of_their_sums():
    asked = {
        "rows": ["org.province"],
        "values": ["collected_vnd", "claims:hi_paid_vnd"],
        "filters": month("2025"),
    }
    formula = {
        "name": "c1",
        "kind": "formula",
        "formula": "100 * claims:hi_paid_vnd / collected_vnd",
        "unit": "%",
        "decimals": 1,
    }
    answer = ask(asked | {"calculations": [formula]})
    year = [f"2025-{m:02d}" for m in range(1, 9)]
    paid = sum(x.paid for x in CLAIMS if x.month in year)
    assert cells(answer, "c1")[TOTAL] == rounded(Decimal(100 * paid) / collected(*year), 1)
    column = answer.values[-1]
    assert (column.unit, column.decimals, column.label) == (
        "%",
        1,
        "100 * Quỹ BHYT thanh toán / Số tiền đã thu",
    )


def test_a_person_of_one_province_is_compared_only_by_what_compare_gives():
    asked = {"rows": ["org.province"], "values": ["collection_rate"], "filters": month("2025-03")}
    answer = ask(asked | {"calculations": one("nation", "collection_rate")}, scope=("00.01",))
    assert {keys[0] for keys in cells(answer, "c1")} == {"00.01", None}
    assert cells(answer, "collection_rate")["00.01",] == rounded(ratio("2025-03", home=hanoi), 2)
    assert cells(answer, "c1")["00.01",] == rounded(ratio("2025-03"), 2)


def test_every_number_without_meaning_has_a_reason_in_the_answer():
    asked = {
        "rows": ["org.province"],
        "columns": ["month"],
        "values": ["collected_vnd"],
        "filters": month("2025-01", "2025-02"),
    }
    answer = ask(asked | {"calculations": one("moving_average", periods=2)})
    row = next(row for row in answer.to_json()["rows"] if "month" in row["_total"])
    assert row["_reasons"] == {"c1": "Trung bình trượt chỉ có nghĩa ở từng kỳ, không ở tổng các kỳ"}


def test_rows_are_sorted_by_a_calculation():
    asked = {
        "rows": ["org.office"],
        "values": ["collected_vnd"],
        "filters": month("2025-03"),
        "totals": False,
    }
    more = {"calculations": one("growth", base="previous"), "sort": [{"field": "c1", "desc": True}]}
    values = [v for v in cells(ask(asked | more), "c1").values() if v is not None]
    assert values == sorted(values, reverse=True)
    top = cells(ask(asked | more | {"limit": 2}), "c1")
    assert list(top.values()) == values[:2]


def test_a_label_a_person_gave_is_no_formula_of_a_spreadsheet():
    asked = {
        "values": ["collected_vnd"],
        "filters": month("2025"),
        "calculations": one("share_of_total", label="=1+1"),
    }
    assert ask(asked).to_csv().splitlines()[0] == "Số tiền đã thu (đồng),'=1+1 (%)"
