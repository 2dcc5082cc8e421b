"""Top N with «Khác»: one row per parent, right for every additivity; the totals do not move."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal

import pytest

from dwh.datapath.semantic.calculations.table import worked_out
from dwh.datapath.semantic.calculations.tests.world import (
    LATEST,
    LINES,
    STOCK,
    ask,
    asking,
    cells,
    reasons,
    world,
)
from dwh.datapath.semantic.calculations.workings import Door
from dwh.datapath.semantic.catalog import load_catalog
from dwh.datapath.semantic.query import Query
from dwh.datapath.semantic.words import OTHERS_KEY
from dwh.kernel.vi import rounded

YEAR = [{"field": "month", "op": "in", "values": ["2025"]}]
VALUES = ["collected_vnd", "collection_rate", "participants", "participants_end"]
TOP = {"values": VALUES, "filters": YEAR, "sort": [{"field": "collected_vnd", "desc": True}], "others": True}
REST = (OTHERS_KEY,)


def counted(rows, stock):
    due, collected = sum(x.due for x in rows), sum(x.collected for x in rows)
    rate = rounded(Decimal(100 * collected) / due, 2)
    heads = len({x.person for x in rows})
    return (collected, rate, heads, len({x.person for x in stock if x.month == LATEST}) or None)


def in_year(rows):
    return [x for x in rows if x.month >= "2025-01"]


def left_out(answer):
    kept = {keys[0] for keys in cells(answer, "collected_vnd")} - {None, OTHERS_KEY}
    return lambda row: row.office not in kept


def test_the_others_are_counted_again_whatever_the_measure():
    answer = ask(TOP | {"rows": ["org.office"], "limit": 2})
    out = left_out(answer)
    rows, stock = ([x for x in in_year(some) if out(x)] for some in (LINES, STOCK))
    assert tuple(cells(answer, name)[REST] for name in VALUES) == counted(rows, stock)
    labels = [row.labels[0] for row in answer.rows]
    everybody = {x.office for x in in_year(LINES)}
    assert labels[-2:] == [f"Khác ({len(everybody) - 2} BHXH cơ sở)", None]
    assert answer.complete


def test_the_totals_stay_as_they_are():
    asked = TOP | {"rows": ["org.office"], "columns": ["fund"], "limit": 2}
    plain = {key: value for key, value in asked.items() if key not in ("limit", "others")}
    cut, whole = ask(asked), ask(plain)
    for name in VALUES:
        totals = {k: v for k, v in cells(whole, name).items() if k[0] is None}
        assert {k: v for k, v in cells(cut, name).items() if k[0] is None} == totals
    money = cells(cut, "collected_vnd")
    for fund in ("si", "hi", None):
        assert sum(v for k, v in money.items() if k[0] and k[1] == fund and v) == money[None, fund]


def test_each_parent_has_its_own_others():
    asked = TOP | {"rows": ["org.province", "org.office"], "limit": 3}
    money = cells(ask(asked), "collected_vnd")
    provinces = {k[0] for k in money} - {None}
    for province in provinces:
        parts = [v for k, v in money.items() if k[0] == province and k[1] is not None]
        assert sum(parts) == money[province, None]
    assert sum(1 for k in money if k[1] not in (None, OTHERS_KEY)) == 3
    assert {k[0] for k in money if k[1] == OTHERS_KEY} <= provinces


def test_a_stock_of_the_others_is_of_the_month_of_the_whole_question():
    asked = TOP | {"rows": ["org.office"], "limit": 1, "org_basis": "as_is"}
    top = next(keys[0] for keys in cells(ask(asked), "collected_vnd"))
    with only_in_august(top):
        found = cells(ask(asked), "participants_end")
    assert (
        found[top,] == found[None,] == len({x.person for x in STOCK if x.month == LATEST and x.office == top})
    )
    assert found[REST] is None  # not the number of July


@contextmanager
def only_in_august(office):
    """Take the other offices out of the last month of the stock, for a while."""
    world().run("CREATE TABLE away AS SELECT * FROM core.fct_participation")
    where = f"month = '{LATEST}' AND org_code <> '{office}'"
    world().run(f"DELETE FROM core.fct_participation WHERE {where}")
    try:
        yield
    finally:
        world().run(f"INSERT INTO core.fct_participation SELECT * FROM away WHERE {where}")
        world().run("DROP TABLE away")


def test_calculations_of_the_others():
    more = [
        {"name": "g", "kind": "growth", "of": "collected_vnd", "base": "previous"},
        {"name": "s", "kind": "share_of_column", "of": "collected_vnd"},
        {"name": "r", "kind": "rank", "of": "collected_vnd"},
        {"name": "n", "kind": "nation", "of": "collection_rate"},
    ]
    answer = ask(TOP | {"rows": ["org.office"], "limit": 2, "calculations": more, "filters": YEAR})
    out = left_out(answer)
    now = sum(x.collected for x in in_year(LINES) if out(x))
    before = sum(x.collected for x in LINES if "2024-01" <= x.month <= "2024-08" and out(x))
    whole = sum(x.collected for x in in_year(LINES))
    assert cells(answer, "g")[REST] == rounded(Decimal(100 * (now - before)) / before, 2)
    assert cells(answer, "s")[REST] == rounded(Decimal(100 * now) / whole, 2)
    assert (cells(answer, "r")[REST], cells(answer, "n")[REST]) == (None, None)
    assert "không xếp dòng tổng" in reasons(answer, "r")[REST]


def test_periods_left_out_have_no_period_before_them():
    asked = TOP | {"rows": ["month"], "limit": 2, "sort": [{"field": "collected_vnd", "desc": True}]}
    answer = ask(asked | {"calculations": [{"name": "c1", "kind": "previous", "of": "collected_vnd"}]})
    assert cells(answer, "c1")[REST] is None
    assert "các kỳ rời nhau" in reasons(answer, "c1")[REST]


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_kept_rows_are_those_a_plain_limit_keeps(limit):
    asked = {key: value for key, value in TOP.items() if key != "others"} | {
        "rows": ["org.office"],
        "limit": limit,
    }
    plain = cells(ask(asked), "collected_vnd")
    assert {
        k: v for k, v in cells(ask(asked | {"others": True}), "collected_vnd").items() if k != REST
    } == plain


MORE = [
    {"name": "g", "kind": "growth", "of": "collected_vnd", "base": "same_last_year"},
    {"name": "y", "kind": "year_to_date", "of": "participants"},
    {"name": "p", "kind": "share_of_parent", "of": "collected_vnd"},
    {"name": "e", "kind": "previous", "of": "participants_end"},
    {"name": "f", "kind": "formula", "formula": "claims:hi_paid_vnd / total(collected_vnd)", "decimals": 6},
]
BASES = [
    {"rows": ["org.office"], "org_basis": "as_is"},
    {"rows": ["org.province", "org.office"]},
    {"rows": ["org.office"], "columns": ["month.quarter"]},
    {"rows": ["org.office", "month"]},
]


@pytest.mark.parametrize("shape", BASES)
@pytest.mark.parametrize("limit", [1, 2, 4])
def test_a_limit_changes_no_number_of_the_rows_it_keeps(shape, limit):
    values = [*VALUES, "claims:hi_paid_vnd"]
    asked = {**TOP, **shape, "values": values, "calculations": MORE, "limit": limit}
    whole = ask({k: v for k, v in asked.items() if k not in ("limit", "others")})
    cut = ask(asked)
    for name in (*values, *(one["name"] for one in MORE)):
        every = cells(whole, name)
        found = {k: v for k, v in cells(cut, name).items() if OTHERS_KEY not in k}
        assert found == {k: every.get(k) for k in found}, name
    members = {row.keys[: len(shape["rows"])] for row in cut.rows}
    assert sum(not {None, OTHERS_KEY} & set(member) for member in members) == limit


def test_a_limit_asks_for_no_row_it_does_not_show():
    asked, seen = asking(), []
    query = Query.from_json(
        {"subject": "contributions", **TOP, "rows": ["employer"], "limit": 1, "calculations": MORE[:4]}
    )

    def spy(plain):
        seen.append(plain)
        return asked(plain)

    assert worked_out(query, load_catalog(), (None, LATEST), Door(spy, spy)).rows
    lists = [one for one in seen if one.rows == ("employer",)]
    named = {"in", "not_in"}
    assert lists
    assert all(
        one.limit or any(f.field == "employer" and f.op in named for f in one.filters) for one in lists
    )
