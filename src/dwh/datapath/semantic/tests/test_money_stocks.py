"""Stocks of money: balances add up over units and accounts, never over time; the ledger's two sides are equal."""

from __future__ import annotations

import pytest

from dwh.datapath.semantic.tests.asking import ask, ask_of, cells, document
from tests.accounting_fixture import BALANCES, BUDGET, SIDES
from tests.units_fixture import DN, DN_OLD, HN

MONTH, ORG, FUND, CLOSING = 1, 2, 4, 7
LAST = {"2025-Q2": "2025-06", "2025-Q3": "2025-08", None: "2025-08"}


def closing(month, *, units=(HN, DN_OLD, DN), fund=None):
    return sum(
        r[CLOSING] for r in BALANCES if r[MONTH] == month and r[ORG] in units and fund in (None, r[FUND])
    )


@pytest.mark.req("D-14")
def test_a_balance_takes_the_last_month_of_each_period_and_never_adds_over_time():
    asked = document(
        "ledger", rows=["org.province"], columns=["month.quarter"], values=["closing_debit_vnd"], org_basis="as_is"
    )  # fmt: skip
    today = {HN: (HN,), DN: (DN_OLD, DN), None: (HN, DN_OLD, DN)}
    expect = {(p, q): closing(LAST[q], units=units) for p, units in today.items() for q in LAST}
    assert cells(ask(asked)) == expect


@pytest.mark.req("D-14")
def test_a_balance_adds_up_over_units_and_funds():
    answer = cells(ask(document("ledger", rows=["fund"], values=["closing_debit_vnd"])))
    assert answer == {(f,): closing("2025-08", fund=f) for f in ("HTTT", "BHYT", None)}
    assert answer[(None,)] == answer[("HTTT",)] + answer[("BHYT",)]


def test_a_balance_with_time_on_both_axes_agrees_at_every_level():
    asked = document(
        "ledger", rows=["month.year"], columns=["month.quarter", "month"], values=["closing_debit_vnd"]
    )
    answer = cells(ask(asked))
    assert len(answer) == 2 * (4 + 2 + 1)
    for (_, q, month), value in answer.items():
        assert value == closing(month or LAST[q])


def test_a_balance_reached_through_its_account_and_through_the_nation_is_the_same():
    for rows in (["account.kind"], ["account"], ["org.nation"]):
        answer = cells(ask(document("ledger", rows=rows, values=["closing_debit_vnd", "closing_net_vnd"])))
        assert answer[(None,)] == (closing("2025-08"), -closing("2025-08"))


def test_a_unit_without_a_balance_in_the_common_last_month_shows_none():
    gone = "DELETE FROM core.fct_account_balance WHERE month = '2025-08' AND org_code = '00.01'"
    answer = ask_of(document("ledger", rows=["org.province"], values=["closing_debit_vnd"]), gone)
    assert cells(answer) == {(DN,): closing("2025-08", units=(DN,)), (None,): closing("2025-08", units=(DN,))}
    assert "8/2025" in " ".join(answer.notes)


def test_the_ledger_debits_what_it_credits_and_an_entry_is_counted_once():
    asked = document("ledger", rows=["month"], values=["debit_vnd", "credit_vnd", "entries", "documents"])
    for (month,), (debit, credit, entries, documents) in cells(ask(asked)).items():
        sides = [side for side in SIDES if month in (None, side[2])]
        assert debit == credit == sum(side[11] for side in sides)
        assert (entries, documents) == (len(sides) // 2, len({side[10] for side in sides}))


def test_a_budget_moved_at_the_reform_adds_up_over_today_s_units():
    asked = document(
        "budget", rows=["org.province"], columns=["item.kind"], values=["budget_vnd"], org_basis="as_is"
    )
    now = {"00.01": HN, "00.48": DN, "00.48-2025": DN}
    answer = cells(ask(asked))
    assert answer[DN, "expenditure"] == sum(r[8] for r in BUDGET if now[r[2]] == DN) == 4_500_000
    assert answer[HN, "revenue"] == 9_000_000


def test_execution_is_a_ratio_of_sums_of_the_right_kind():
    asked = document("budget", values=["revenue_execution_rate", "spending_execution_rate", "remaining_vnd"])
    revenue, spending, left = cells(ask(asked))[()]
    assert (str(revenue), str(spending), left) == ("88.89", "53.33", 4_500_000 - 2_400_000)
