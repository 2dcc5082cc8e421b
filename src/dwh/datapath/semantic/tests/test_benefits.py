"""Benefits: what is a head, what is a stock, what is a ratio, counted again from the hand-written rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dwh.datapath.semantic.tests.asking import ask, cells, document
from dwh.kernel.errors import Invalid
from dwh.kernel.vi import rounded
from tests.benefits_fixture import PAYMENTS
from tests.units_fixture import DN, DN_OLD, HN, QN_OLD
from tests.warehouse_fixture import LINES

MONTH, ORG, SOURCE, ITEM, STATUS, PERSON, AMOUNT = 1, 2, 6, 7, 9, 11, 12
FREQUENCY = 5


def paid(rows):
    return sum(row[AMOUNT] for row in rows if row[STATUS] == "received")


def on_roll(month):
    return [
        row for row in PAYMENTS
        if row[MONTH] == month and row[FREQUENCY] == "monthly" and row[ITEM] == "regular" and row[SOURCE] != "BHTN"
    ]  # fmt: skip


def of(subject, **parts):
    return cells(ask(document(subject, **parts)))


def test_a_recovery_nets_out_and_money_not_fetched_is_not_paid():
    answer = of("benefit_payments", values=["paid_vnd", "listed_vnd", "waiting_vnd", "recovered_vnd"])[()]

    assert answer == (paid(PAYMENTS), sum(row[AMOUNT] for row in PAYMENTS), 6_000_001, -5_000_000)


def test_who_has_two_benefits_and_who_is_paid_twice_is_one_head():
    answer = of("benefit_payments", rows=["org.province"], values=["beneficiaries"])

    assert answer[(None,)] == len({row[PERSON] for row in PAYMENTS}) == 7
    assert (
        sum(v for k, v in answer.items() if k != (None,)) > answer[(None,)]
    )  # moved: a head in each province


def test_the_roll_is_a_stock_of_the_last_month_and_leaves_out_the_unemployed():
    answer = of("benefit_payments", rows=["month.quarter"], values=["roll_end", "ui_roll_end"])
    july, august = ({row[PERSON] for row in on_roll(m)} for m in ("2025-07", "2025-08"))

    assert answer["2025-Q2",] == (len({row[PERSON] for row in on_roll("2025-06")}), 0)
    assert answer["2025-Q3",] == (len(august), 1)
    assert len(july | august) == 3
    assert answer[None,] == (3, 1)


def test_the_mean_is_a_ratio_of_sums():
    answer = of(
        "benefit_payments", rows=["org.province"], values=["paid_per_beneficiary_vnd", "avg_pension_vnd"]
    )
    pensions = [row for row in PAYMENTS if row[3] == "02" and row[ITEM] == "regular"]

    assert answer[None,] == (
        rounded_ratio(paid(PAYMENTS), 7),
        rounded_ratio(sum(r[AMOUNT] for r in pensions), len(pensions)),
    )


def rounded_ratio(above, below):
    return rounded(Decimal(above) / Decimal(below), 0)


def test_a_payment_of_before_the_reform_belongs_to_who_took_the_office_over():
    was = of("benefit_payments", rows=["org.province"], values=["payments"])
    now = cells(
        ask(document("benefit_payments", rows=["org.province"], values=["payments"], org_basis="as_is"))
    )

    assert set(was) == {(HN,), (DN,), (DN_OLD,), (QN_OLD,), (None,)}
    assert now[DN,] == was[DN,] + was[DN_OLD,] + was[QN_OLD,]


def test_three_facts_stand_side_by_side_and_a_missing_one_is_empty():
    answer = of("benefits", rows=["org.province"], values=["decisions", "turns", "lump_sums"])

    assert answer[HN,] == (1, 3, 1)
    assert answer[DN,] == (1, None, None)
    assert answer[None,] == (3, 3, 1)


def test_unemployment_is_a_subject_of_its_own_and_names_its_fund():
    asked = {
        "rows": ["org.province"],
        "values": ["ui_awards", "ui_receiving_end", "ui_premium_collected_vnd"],
    }
    answer = of("unemployment", **asked)
    roll = of("benefit_payments", rows=["org.province"], values=["ui_roll_end"])
    paid = of("contributions", rows=["org.province"], values=["ui_collected_vnd"])

    assert answer[HN,][0] == answer[None,][0] == 1
    assert {keys: value for keys, (_, value, _) in answer.items() if value is not None} == roll
    assert answer[None,][2] == paid[None,] == sum(line[8] for line in LINES if line[3] == "ui")


def test_the_age_and_the_years_of_new_pensioners_are_ratios_of_sums():
    answer = of(
        "benefits",
        values=["avg_retirement_age", "avg_contributed_years", "days_per_turn", "turns_per_person"],
    )[()]

    assert [str(value) for value in answer] == ["60.88", "22.96", "61.00", "1.50"]


def test_a_turn_is_cut_by_employer_and_a_decision_is_not():
    assert of("benefits", rows=["employer.sector"], values=["turns"])["HC",] == 2
    with pytest.raises(Invalid, match="không tách được"):
        ask(document("benefits", rows=["employer.sector"], values=["decisions"]))


def test_benefits_are_grouped_by_what_they_are():
    groups = of("benefits", rows=["benefit.group"], values=["turn_vnd"])
    payers = of("benefit_payments", rows=["fund_source.payer"], values=["listed_vnd"])

    assert groups == {("maternity",): 36_680_000, ("sickness",): 1_125_000, (None,): 37_805_000}
    assert sum(v for k, v in payers.items() if k != (None,)) == payers[None,]
