"""Amounts of one contribution line: rates by date, the parts of worker, employer and budget.

Rates: `sources.md` 2.3 (Luật BHXH, Luật Việc làm, Luật BHYT). All amounts are whole đồng.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.times import MONTH_STARTS, day

Array = Any
FUNDS = ("HTTT", "ODTS", "TNLD", "BHTN", "BHYT", "BHXHTN", "BHYTHGD")
HTTT, ODTS, TNLD, BHTN, BHYT, BHXHTN, BHYTHGD = range(7)
WORKER = np.array([800, 0, 0, 100, 150, 2200, 450])  # in hundredths of a percent
EMPLOYER = np.array([1400, 300, 50, 100, 300, 0, 0])
BASE_PAY = ((day("2024-07-01"), 2_340_000), (day("2026-07-01"), 2_530_000))  # lương cơ sở
CAP_TIMES = 20
WAGE_CAP = CAP_TIMES * BASE_PAY[0][1]  # the lower of the two caps: nobody passes either
POVERTY_LINE = 1_500_000  # floor of the voluntary base


def base_pay(month: Array) -> Array:
    """Return the lương cơ sở in force in each month of the demonstration."""
    since = np.array([d for d, _ in BASE_PAY])
    return np.array([v for _, v in BASE_PAY])[np.searchsorted(since, MONTH_STARTS[month], side="right") - 1]


def share(base: Array, hundredths: Array) -> Array:
    """Return base x rate, rounded half up to the đồng."""
    return (base * hundredths + 5_000) // 10_000


def due(base: Array, fund: Array) -> tuple[Array, Array]:
    """Return (worker's part, employer's part); their sum is base x the fund's whole rate, rounded."""
    whole = share(base, WORKER[fund] + EMPLOYER[fund])
    employer = share(base, EMPLOYER[fund])
    return whole - employer, employer
