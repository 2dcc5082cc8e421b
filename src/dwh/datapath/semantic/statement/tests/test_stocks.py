"""Stocks over time: the last month, the first, the mean of the months; against plain Python on the rows themselves."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from itertools import product

import pytest

from dwh.datapath.semantic.tests.asking import ask, ask_of, cells, document
from dwh.kernel.vi import rounded
from tests.accounting_fixture import BALANCES
from tests.units_fixture import HN, SUCCESSOR
from tests.warehouse_fixture import STOCK

PERSON, FUND, MONTH, ORG, OPENING, CLOSING = 0, 1, 2, 3, 5, 7
ROWS = {
    "contributions": [(person, fund, month, org) for person, fund, month, org, _ in STOCK],
    "ledger": [(row[OPENING], row[4], row[1], row[2], row[CLOSING]) for row in BALANCES],
}
TIMES = {
    "month": lambda month: month,
    "month.quarter": lambda month: f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}",
    "month.year": lambda month: month[:4],
}
VALUES = {  # what a month's rows come to, and how the months of a period are put together
    "participants_end": (lambda rows: len({row[0] for row in rows}), lambda months: months[-1]),
    "participants_average": (
        lambda rows: len({row[0] for row in rows}),
        lambda months: rounded(Decimal(sum(months)) / len(months), 1),
    ),
    "opening_debit_vnd": (lambda rows: sum(row[0] for row in rows), lambda months: months[0]),
    "closing_debit_vnd": (lambda rows: sum(row[4] for row in rows), lambda months: months[-1]),
}


def province(org):
    office = SUCCESSOR.get(org, {"00.48": "00.48-2025", "00.49": "00.48-2025"}.get(org, org))
    return ".".join(office.split(".")[:2])


def keys_of(row, names):
    read = {"org.province": lambda r: province(r[ORG]), "fund": lambda r: r[FUND]}
    return tuple(TIMES[name](row[MONTH]) if name in TIMES else read[name](row) for name in names)


def by_hand(subject, rows, columns, value):
    """Return every cell and total: the period's months with data anywhere, then this cell's rows in each."""
    of_month, together = VALUES[value]
    found = {}
    for r, c in product(range(len(rows) + 1), range(len(columns) + 1)):
        names = [*rows[:r], *columns[:c]]
        times = [name for name in names if name in TIMES]
        months, groups = defaultdict(set), defaultdict(lambda: defaultdict(list))
        for row in ROWS[subject]:
            months[keys_of(row, times)].add(row[MONTH])
            groups[keys_of(row, names)][row[MONTH]].append(row)
        for keys, here in groups.items():
            every = sorted(months[tuple(k for n, k in zip(names, keys, strict=True) if n in TIMES)])
            if together([month in here for month in every]):
                padded = (*keys[:r], *[None] * (len(rows) - r), *keys[r:], *[None] * (len(columns) - c))
                found[padded] = together([of_month(here.get(month, [])) for month in every])
    return found


@pytest.mark.req("D-14")
@pytest.mark.parametrize("value", VALUES)
def test_any_stock_on_any_axes_equals_a_count_by_hand(value):
    dice = random.Random(value)
    subject = "contributions" if value.startswith("participants") else "ledger"
    for _ in range(25):
        fields = dice.sample([*TIMES, "org.province", "fund"], dice.randint(0, 4))
        cut = dice.randint(0, len(fields))
        asked = document(subject, rows=fields[:cut], columns=fields[cut:], values=[value], org_basis="as_is")
        assert cells(ask(asked)) == by_hand(subject, fields[:cut], fields[cut:], value), asked


@pytest.mark.req("D-14")
def test_an_average_divides_by_the_months_of_all_units_and_says_how_many():
    gone = "DELETE FROM core.fct_participation WHERE month = '2025-08' AND org_code LIKE '00.01.%'"
    answer = ask_of(document(rows=["org.province"], values=["participants_average"], org_basis="as_is"), gone)
    left = [s for s in STOCK if province(s[3]) == HN and s[2] != "2025-08"]
    heads = sum(len({s[0] for s in left if s[2] == month}) for month in ("2025-05", "2025-06", "2025-07"))
    assert cells(answer)[(HN,)] == rounded(Decimal(heads) / 4, 1)
    assert "chung cho mọi đơn vị: 4 tháng." in " ".join(answer.notes)


def test_an_opening_balance_says_the_month_it_is_of():
    answer = ask(document("ledger", columns=["month.quarter"], values=["opening_debit_vnd"], totals=False))
    assert "tháng đầu tiên có số liệu của mỗi kỳ, chung cho mọi đơn vị: 5/2025, 7/2025." in " ".join(
        answer.notes
    )


def test_members_are_ranked_by_their_average():
    asked = document(
        rows=["org.province"], values=["participants_average"], org_basis="as_is",
        sort=[{"field": "participants_average", "desc": False}], limit=1,
    )  # fmt: skip
    whole = cells(ask(document(rows=["org.province"], values=["participants_average"], org_basis="as_is")))
    least = min((keys for keys in whole if keys != (None,)), key=whole.__getitem__)
    assert cells(ask(asked)) == {least: whole[least], (None,): whole[(None,)]}
