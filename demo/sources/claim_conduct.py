"""Claims that are whole and still not right: days, referral, late settlement, prices, one card everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.claims import Claims
from demo.sources.nation.facilities import OPEN_END
from demo.sources.nation.times import MONTH_COUNT, SECONDS_A_DAY, month_of
from demo.sources.nation.world import World
from demo.sources.planting import Notebook

Array = Any
TABLE = "gd_ho_so"
MORE_DAYS, MONTHS_LATE = 3, 9
VISITS_A_DAY = 4  # of one card, at as many facilities


def misconduct(
    world: World, claims: Claims, services: Any, rest: Array, plan: tuple[Notebook, int, Any]
) -> tuple[Array, Array]:
    """Spoil a few of the claims `rest` that nothing else is wrong with; return (settled late, registered elsewhere)."""
    notes, count, rng = plan
    busy = _everywhere(world, claims, rest, count)
    rest = rng.permutation(np.setdiff1d(rest, busy))
    month = month_of(claims.left // SECONDS_A_DAY)
    late = np.sort(rest[month[rest] < MONTH_COUNT - MONTHS_LATE][:count])
    rest = np.setdiff1d(rest, late)
    away = rest[
        (claims.facility[rest] != world.cards.registered[claims.card[rest]]) & (claims.person[rest] % 23 != 0)
    ]
    elsewhere = np.sort(away[:count])
    rest = np.setdiff1d(rest, elsewhere)
    stays = np.flatnonzero(np.isin(claims.kind, ("03", "04")) & ~claims.deleted & (claims.sending == 1))
    stays = stays[~np.isin(claims.number[stays], claims.number[claims.sending > 1])]
    longer = np.sort(rng.choice(stays, size=count, replace=False))
    claims.days[longer] += MORE_DAYS
    for check, defect, note, rows in (
        ("GD-H08", "D-28", "quyết toán sau chín tháng", late),
        ("GD-H09", "D-23", "số ngày điều trị nhiều hơn thời gian nằm viện", longer),
        ("GD-H10", "D-27", "ghi đúng tuyến, thẻ đăng ký nơi khác", elsewhere),
        ("GD-H11", "D-44", "một thẻ khám bốn cơ sở trong ngày", busy),
    ):
        notes.write(TABLE, rows + 1, check=check, defect=defect, note=note)
    dear = _overprice(services, rest, count, rng)
    notes.write(
        "gd_dvkt", dear + 1, check="GD-S02", defect="D-24", note="đơn giá BHYT cao hơn giá được duyệt"
    )
    return late, elsewhere


def _everywhere(world: World, claims: Claims, rest: Array, count: int) -> Array:
    """Let a few cards be used at four facilities on one day: that of the earliest of four visits of a month."""
    month = month_of(claims.left // SECONDS_A_DAY)
    usual = rest[(world.facilities.until[claims.facility[rest]] == OPEN_END) & ~claims.deleted[rest]]
    taken: list[int] = []
    for at in np.unique(month[usual]).tolist():
        if len(taken) == count * VISITS_A_DAY:
            break
        mine = usual[month[usual] == at]
        _, first = np.unique(claims.facility[mine], return_index=True)
        four = mine[np.sort(first)][:VISITS_A_DAY]
        if len(four) == VISITS_A_DAY:
            _on_one_day(claims, four)
            taken += four.tolist()
    return np.array(sorted(taken), dtype=np.int64)


def _on_one_day(claims: Claims, four: Array) -> None:
    day = claims.left[four] // SECONDS_A_DAY
    model = four[np.argmin(day)]
    shift = (day.min() - day) * SECONDS_A_DAY
    for moments in (claims.came, claims.left, claims.created, claims.updated):
        moments[four] += shift
    claims.person[four], claims.card[four] = claims.person[model], claims.card[model]


def _overprice(services: Any, rest: Array, count: int, rng: Any) -> Array:
    """Let BHYT be asked for more per unit than the approved price on a few service lines."""
    own = np.flatnonzero(np.isin(services.claim, rest))
    _, first = np.unique(services.claim[own], return_index=True)
    rows: Array = np.sort(rng.choice(own[first], size=count, replace=False))
    services.price_covered[rows] = services.price[rows] + 5_000_00
    return rows
