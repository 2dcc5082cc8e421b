"""Which criterion each check speaks for, and what a release that stopped a check still asks."""

from __future__ import annotations

import pytest

from dwh.datapath.quality.criteria import Criterion, criterion_of, rules
from dwh.datapath.standardise.checks import all_checks, check_named

pytestmark = pytest.mark.req("C-19")


@pytest.mark.parametrize(
    ("code", "criterion"),
    [
        ("TST-C06", "accuracy"),  # đồng or thousands of đồng
        ("TST-N06", "accuracy"),  # one number for two persons
        ("TST-C02", "completeness"),  # the participant has not come
        ("TST-N04", "completeness"),  # a birthday without its day
        ("XD-T05", "timeliness"),  # sent a month late
        ("KT-B03", "timeliness"),  # written into closed books
    ],
)
def test_a_check_speaks_for_the_criterion_of_what_it_finds(code, criterion):
    assert criterion_of(check_named(code)) == criterion


def test_every_check_at_work_speaks_for_exactly_one_criterion_and_one_in_trial_for_none():
    at_work = [c for checks in all_checks().values() for c in checks if not c.is_shadow]
    said = [code for rule in rules() for code in rule.codes if code != "rejected"]
    assert sorted(said) == sorted(check.code for check in at_work)


def test_what_refers_to_something_missing_is_said_in_the_contracts():
    lacking = {c.code for checks in all_checks().values() for c in checks if c.lacks}
    assert lacking == {"TST-C02", "TST-C03", "GD-H01", "HGD-V01"}


def test_a_table_whose_only_check_was_stopped_is_not_asked():
    whole = {rule.criterion: rule for rule in rules()}[Criterion.TIMELINESS]
    less = {rule.criterion: rule for rule in rules(["XD-T05"])}[Criterion.TIMELINESS]
    assert set(whole.tables) - set(less.tables) == {"tcs_chi_tra_thang"}
    assert set(whole.codes) - set(less.codes) == {"XD-T05"}
