"""What a dossier is worth a month: salary, rate and level at the decision, and how decrees raised it.

Rates: `sources.md` 2.4 (Luật BHXH 2014, 2024): 45 to 75 % of the average salary; decrees raised pensions by 15 % in
July 2024 and by 8 % in July 2026; survivors get half the lương cơ sở. All amounts are whole đồng. Levels between a
decision before 2024 and July 2024 are left out: the system shows the one carried over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.dossiers import PENSIONS, SI_PAYS, VOLUNTARY_PAYS, Dossiers
from demo.sources.nation.money import BASE_PAY
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import MONTH_STARTS, day

Array = Any
CARRIED_OVER, RAISED = day("2024-07-01"), day("2026-07-01")
RAISED_MONTH = int(np.searchsorted(MONTH_STARTS, RAISED))
DECREES = {CARRIED_OVER: "NĐ 75/2024/NĐ-CP", RAISED: "NĐ 162/2026/NĐ-CP"}
GROWTH = 1.065  # of pensions a year before July 2024
SOCIAL_PENSION = 500_000
MEAN = {  # đồng a month in November 2024
    "01": 7.6e6, "02": 5.4e6, "03": 2.9e6, "04": 1.15e6, "05": 1.25e6, "06": 2.34e6, "07": 2.6e6, "08": 2.9e6,
    "09": 1.17e6, "10": 1.64e6, "11": 2.4e6, "12": SOCIAL_PENSION,
}  # fmt: skip
FIXED = ("06", "09", "10", "12")  # an amount set by law, not by what was earned
SPREAD = 0.33
LEAST_RATE, MOST_RATE = 4_500, 7_500  # hundredths of a percent


@dataclass(slots=True)
class Levels:
    """One array per attribute, one entry per dossier; đồng a month but for rate (hundredths of a percent)."""

    salary: Array  # mbq_tien_luong, 0 where the amount does not follow a salary
    rate: Array
    at_decision: Array
    carried: Array  # in force from July 2024 or from the first month
    raised: Array  # in force from July 2026
    contributed_months: Array

    def in_month(self, row: Array, month: Array) -> Array:
        """Return the level in force on the first day of a month."""
        return np.where(month >= RAISED_MONTH, self.raised[row], self.carried[row])


def make_levels(dossiers: Dossiers, seed: int) -> Levels:
    """Return the amounts of every dossier."""
    rng = stream(seed, "benefit levels")
    n = len(dossiers)
    earned = ~np.isin(dossiers.benefit, FIXED)
    mean = np.array([MEAN[b] for b in dossiers.benefit])
    now = np.where(earned, mean * np.exp(rng.normal(-SPREAD * SPREAD / 2, SPREAD, size=n)), mean)
    years = np.maximum(CARRIED_OVER - dossiers.since, 0) / 365.25
    salaried = np.isin(dossiers.benefit, PENSIONS) & np.isin(dossiers.source, (SI_PAYS, VOLUNTARY_PAYS))
    insured = np.where(salaried, rng.integers(15 * 12, 38 * 12, size=n), 0)
    rate = np.where(salaried, np.clip(LEAST_RATE + (insured // 12 - 15) * 200, LEAST_RATE, MOST_RATE), 0)
    start = np.round(now / GROWTH**years)
    salary = np.where(salaried, np.round(start * 10_000 / np.maximum(rate, 1)), 0).astype(np.int64)
    start = np.where(salaried, _share(salary, rate), start).astype(np.int64)
    carried = np.where(years > 0, np.round(now), start).astype(np.int64)
    return Levels(salary, rate, start, carried, _raised(dossiers, carried), insured)


def _share(amount: Array, hundredths: Array) -> Array:
    return (amount * hundredths + 5_000) // 10_000


def _raised(dossiers: Dossiers, level: Array) -> Array:
    """Return the level since July 2026: 8 % more, or with the lương cơ sở; who came later has it already."""
    by_decree = (level * 108 + 50) // 100
    by_base_pay = level * BASE_PAY[1][1] // BASE_PAY[0][1]
    raised = np.where(np.isin(dossiers.benefit, ("06", "09", "10")), by_base_pay, by_decree)
    stays = (dossiers.benefit == "12") | (dossiers.since >= RAISED)
    return np.where(stays, level, raised)
