"""A thousandth of the nation looks like the published nation."""

from __future__ import annotations

import numpy as np
import pytest

from demo.sources.nation import population
from demo.sources.nation.cards import level_of
from demo.sources.nation.claim_lines import make_lines
from demo.sources.nation.claims import make_claims, regional
from demo.sources.nation.contributions import make_contributions
from demo.sources.nation.geography import provinces, regions
from demo.sources.nation.money import FUNDS
from demo.sources.nation.times import MONTH_ENDS, MONTH_STARTS, SECONDS_A_DAY, day, month_of
from demo.sources.nation.world import make_world

DEC_2024, MAR_2025, DEC_2025 = 1, 4, 13
PERIOD = slice(2, 7)  # January to May 2025, as the last published B02


@pytest.fixture(scope="module")
def world():
    return make_world(0.001, 2026)


@pytest.fixture(scope="module")
def lines(world):
    return make_contributions(
        world.people, world.activity, (world.employers, world.jobs), world.homes, world.seed
    )


@pytest.fixture(scope="module")
def visits(world):
    claims = make_claims(world)
    _, services, totals = make_lines(world, claims)
    region = regions()[world.facilities.province[claims.facility]]
    return claims, services, totals, region, month_of(claims.left // SECONDS_A_DAY)


def test_participants_at_month_end_follow_the_published_totals(world):
    compulsory = world.activity.compulsory.months.sum(axis=0)
    voluntary = world.activity.voluntary.months.sum(axis=0)

    assert compulsory[MAR_2025] == pytest.approx(17_072, rel=0.01)
    assert voluntary[MAR_2025] == pytest.approx(1_749, rel=0.01)
    assert compulsory[DEC_2025] + voluntary[DEC_2025] == pytest.approx(21_330, rel=0.01)


def test_the_year_end_push_and_the_fall_after_it(world):
    for pool in (world.activity.voluntary, world.activity.household):
        count = pool.months.sum(axis=0)
        assert count[DEC_2024] > count[0]
        assert count[MAR_2025] < 0.95 * count[DEC_2024]
        assert count[DEC_2025] == count.max()


def test_about_ninety_five_thousand_cards_are_valid(world):
    cards = world.cards
    valid = [int(((cards.first <= d) & (cards.last >= d)).sum()) for d in MONTH_ENDS]

    assert valid[DEC_2024] == pytest.approx(95_500, rel=0.03)
    assert valid[DEC_2025] == pytest.approx(95_000, rel=0.03)
    assert valid[MAR_2025] < valid[DEC_2024]


def test_sectors_share_the_workers_as_assumed(world):
    sector, count = np.unique(world.employers.sector[world.jobs.first], return_counts=True)
    share = dict(zip(sector, count / count.sum(), strict=True))

    assert share == pytest.approx({"HCS": 0.20, "DNN": 0.07, "NQD": 0.40, "FDI": 0.30, "TCK": 0.03}, abs=0.02)


def test_the_fit_keeps_both_margins():
    table = population.fitted()
    here = population.covered()

    assert table.sum(axis=0)[0] == pytest.approx(max(population.COMPULSORY))
    assert table.sum(axis=1) / table.sum() == pytest.approx(here / here.sum(), rel=1e-6)


def test_hanoi_and_nghe_an_have_about_their_published_cards():
    millions = dict(zip([p.code for p in provinces()], population.fitted().sum(axis=1), strict=True))

    assert millions["01"] == pytest.approx(7.9, rel=0.12)
    assert millions["40"] == pytest.approx(2.89, rel=0.25)


def test_wages_are_of_the_right_size_and_grow(lines):
    wage = [lines.base[(lines.month == m) & (lines.fund == 0)].mean() for m in (0, 23)]

    assert 5.7e6 < wage[0] < wage[1] < 7.6e6


def test_most_of_the_due_is_collected_and_the_latest_months_still_wait(lines):
    due = lines.worker + lines.firm + lines.budget
    rate = [lines.paid[lines.month == m].sum() / due[lines.month == m].sum() for m in range(24)]

    assert all(0.955 < r < 0.995 for r in rate[:18])
    assert rate[23] < rate[22] < 0.99


def test_arrears_gather_in_few_employers(lines):
    owed = (lines.worker + lines.firm + lines.budget - lines.paid)[lines.month < 18]
    per_employer = np.sort(np.bincount(lines.employer[lines.month < 18], owed))[::-1]

    assert per_employer[: len(per_employer) // 10].sum() > 0.8 * per_employer.sum()


def test_every_fund_has_lines(lines):
    assert set(np.unique(lines.fund)) == set(range(len(FUNDS)))


def test_visits_stand_where_and_how_the_published_b02_says(visits):
    claims, _, _, region, _ = visits
    share, stays = regional("luot"), regional("tl_noi_tru_pct")
    for name, visits_of in share.items():
        mine = region == name
        assert mine.mean() == pytest.approx(visits_of / sum(share.values()), abs=0.01)
        assert 100 * claims.inpatient[mine].mean() == pytest.approx(stays[name], abs=0.8)


def test_average_costs_and_days_of_every_region_are_the_published_ones(visits):
    claims, _, totals, region, month = visits
    out, stay, days = regional("bq_ngoai_vnd"), regional("bq_noi_vnd"), regional("ngay_dtbq")
    then = np.isin(month, range(24)[PERIOD])
    for name in out:
        for care, published in ((False, out), (True, stay)):
            mine = then & (region == name) & (claims.inpatient == care)
            assert totals.bv[mine].mean() / 100 == pytest.approx(published[name], rel=0.06)
        beds = (region == name) & claims.inpatient
        assert claims.days[beds].mean() == pytest.approx(days[name], rel=0.05)


def test_exam_bed_and_fund_shares_are_the_published_ones(visits):
    claims, services, totals, _, _ = visits
    out, stay = totals.bv[~claims.inpatient].sum(), totals.bv[claims.inpatient].sum()

    assert services.bv[services.item == 0].sum() / out == pytest.approx(0.1013, abs=0.005)
    assert services.bv[services.item == 1].sum() / stay == pytest.approx(0.2481, abs=0.006)
    assert totals.bhtt.sum() / totals.bv.sum() == pytest.approx(0.862, abs=0.012)


def test_a_year_has_its_published_visits_and_tet_is_quiet(visits):
    claims, _, _, _, month = visits
    per_month = np.bincount(month, minlength=24)

    assert per_month[2:14].sum() == pytest.approx(195_100, rel=0.01)
    assert per_month[15] < 0.87 * per_month[14:18].mean()
    tet = (
        (claims.left // SECONDS_A_DAY >= day("2026-02-16"))
        & (claims.left // SECONDS_A_DAY <= day("2026-02-20"))
    ).sum()
    assert tet < 0.25 * per_month[15] * 5 / 28


def test_monday_is_the_busiest_day(visits):
    claims, *_ = visits
    weekday = (claims.left[~claims.inpatient] // SECONDS_A_DAY + 3) % 7

    assert np.bincount(weekday).argmax() == 0


def test_cards_carry_the_level_of_their_object(world):
    level = level_of()

    assert all(level[k] == v for k, v in zip(world.cards.kind, world.cards.level.tolist(), strict=True))


def test_children_grow_and_people_are_of_an_age_to_work(world):
    working = world.people.birth[world.activity.compulsory.members]

    assert working.max() < MONTH_STARTS[0] - 16 * 365
