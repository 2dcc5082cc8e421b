"""What was planted is what is wrong: every rule, written a second time, finds the ledger's rows and none else."""

from __future__ import annotations

import pytest

from demo.ledger import read_ledger
from demo.sources.mutations import day_two
from demo.sources.schema import layouts
from demo.tests.reading import read, scalar
from demo.tests.rules import everything


@pytest.mark.slow
def test_every_rule_finds_what_was_planted_and_nothing_else(home):
    assert everything(home) == {code: set(ids) for code, ids in read_ledger(home).by_check().items()}


def test_the_smallest_demonstration_plants_every_defect_too(tiny_home):
    ledger = read_ledger(tiny_home)

    assert everything(tiny_home) == {code: set(ids) for code, ids in ledger.by_check().items()}
    assert min(ledger.counts().values()) >= 3


def test_at_least_fifteen_kinds_of_defect_are_planted(tiny_home):
    assert len({row.defect for row in read_ledger(tiny_home).rows}) >= 15


def test_a_row_carries_one_defect_only(home):
    places = [(row.system, row.table, row.id) for row in read_ledger(home).rows]

    assert len(places) == len(set(places))


def test_every_planted_row_is_there_and_alive(tiny_home):
    for row in read_ledger(tiny_home).rows:
        assert row.table in layouts()[row.system]
        assert scalar(tiny_home, row.system, f"SELECT is_deleted FROM {row.table} WHERE id = {row.id}") == 0


def test_lines_of_deleted_claims_are_deleted_with_them(home):
    lines = read(home, "GIAMDINH", "gd_thuoc", "ma_cskcb ma_lk lan_gui")
    claims = read(home, "GIAMDINH", "gd_ho_so", "ma_cskcb ma_lk lan_gui")

    assert lines.join(claims, on=["ma_cskcb", "ma_lk", "lan_gui"], how="anti").is_empty()


@pytest.mark.parametrize("seed", [1, 2])
def test_more_days_break_no_rule_but_for_claims_sent_again(changing_home, seed):
    planted = {code: set(ids) for code, ids in read_ledger(changing_home).by_check().items()}
    for later in (seed, seed + 10):
        planted["GD-H07"] |= day_two(changing_home, later).ids("GIAMDINH", "gd_ho_so", "resent")

    assert everything(changing_home) == planted
