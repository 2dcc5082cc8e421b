"""How many people of each kind live where: published national totals fitted to the provinces.

Units: millions of people nation-wide by month; 2024-12, 2025-03 and 2025-12 follow the published figures, the other
months interpolate the year-end push (up to December, down in the first quarter); 2026 is an assumption.
The table province x group is fitted by iterative proportional scaling: rows to the registered population times a
coverage of 90-96 %, columns to the national totals.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from demo.sources.nation.geography import provinces

Array = Any
GROUPS = ("employee", "si_fund", "budget", "supported", "household")

COMPULSORY = (
    17.75, 17.80, 17.35, 17.15, 17.07, 17.18, 17.28, 17.38, 17.52, 17.64, 17.76, 17.92,
    18.10, 18.26, 17.92, 17.74, 17.68, 17.76, 17.86, 17.96, 18.05, 18.12, 18.20, 18.30,
)  # fmt: skip
VOLUNTARY = (
    2.15, 2.30, 1.95, 1.82, 1.75, 1.78, 1.83, 1.90, 1.98, 2.08, 2.20, 2.38,
    2.65, 3.07, 2.60, 2.42, 2.35, 2.36, 2.40, 2.44, 2.50, 2.56, 2.64, 2.75,
)  # fmt: skip
HOUSEHOLD = (
    22.6, 22.9, 21.9, 21.4, 21.2, 21.3, 21.5, 21.6, 21.8, 22.0, 22.3, 22.6,
    22.9, 23.2, 22.3, 21.8, 21.7, 21.8, 21.9, 22.0, 22.2, 22.4, 22.6, 22.8,
)  # fmt: skip
HELD = {"si_fund": 4.1, "budget": 27.6, "supported": 25.0}  # millions with a card at any time

# People per 100 inhabitants in compulsory insurance; the shape is own judgement, only the total is published.
INDUSTRY = {
    "74": 34, "75": 26, "79": 27, "77": 20, "27": 27, "24": 19, "31": 22, "30": 20, "26": 19, "19": 18, "01": 25,
    "48": 22, "80": 20, "70": 15, "35": 18, "22": 19, "33": 19, "36": 13, "37": 16, "34": 13, "72": 18, "38": 11,
    "25": 13, "46": 14, "56": 13, "82": 12, "40": 9, "92": 11,
}  # fmt: skip
INDUSTRY_ELSEWHERE = {"V01": 8, "V02": 13, "V03": 10, "V04": 7, "V05": 15, "V06": 8}
POOR = {
    "V01": 2.0,
    "V02": 0.6,
    "V03": 1.1,
    "V04": 1.8,
    "V05": 0.5,
    "V06": 1.0,
}  # relative share paid by the budget
KEEN_ON_VOLUNTARY = {"40": 2.2, "38": 1.8, "01": 1.4, "42": 1.6}


@cache
def covered() -> Array:
    """Return millions of registered people with a card per old province, by an assumed coverage of 91.5-96 %."""
    people = np.array([p.people for p in provinces()]) / 1e6
    poorer = np.array([POOR[p.region] for p in provinces()])
    return people * (0.90 + 0.06 * np.clip(poorer, 0.5, 2.0) / 2.0)


@cache
def fitted() -> Array:
    """Return millions of people per old province and group of `GROUPS`, fitted to both margins."""
    here, margins = covered(), _national()
    rows = here / here.sum() * margins.sum()
    table = _seed_table() * here[:, None]
    for _ in range(60):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= margins / table.sum(axis=0)
    return table


def headcounts(share: Array, total: int) -> Array:
    """Return whole people per row of `share` that add up to `total`, largest remainders first."""
    exact = share / share.sum() * total
    whole = np.floor(exact).astype(np.int64)
    rest = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return whole


def voluntary_weight() -> Array:
    """Return how much more often people of each old province join voluntarily."""
    return np.array([KEEN_ON_VOLUNTARY.get(p.code, 1.0) for p in provinces()])


def _national() -> Array:
    return np.array([max(COMPULSORY), HELD["si_fund"], HELD["budget"], HELD["supported"], max(HOUSEHOLD)])


def _seed_table() -> Array:
    out = []
    for p in provinces():
        work = INDUSTRY.get(p.code, INDUSTRY_ELSEWHERE[p.region]) / 100
        out.append([work, 0.04, 0.27 * POOR[p.region], 0.26, 0.24])
    return np.array(out)
