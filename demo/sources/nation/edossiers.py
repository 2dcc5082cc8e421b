"""Electronic dossiers: who filed what, when it was received, when the result was given. Knows no source table.

About 100 million a year in the nation. Moments are Vietnamese local seconds; -1 stands for a moment that has not come.
Most results come in time, about one in thirty late, and a few dossiers lie for months.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.employers import Employers
from demo.sources.nation.people import People
from demo.sources.nation.procedures import procedures
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import LAST_DAY, MONTH_ENDS, MONTH_STARTS, SECONDS_A_DAY
from demo.sources.nation.working_time import is_open, working_days_after

Array = Any
NATION_YEAR, FEWEST = 100.0, 60  # millions a year; dossiers in a month at least
MONTH_SHAPE = (
    0.97, 1.08, 1.12, 0.90, 1.00, 0.98, 1.00, 1.02, 1.04, 1.03, 1.10, 1.02,
    1.00, 1.12, 1.16, 0.86, 1.03, 1.02, 1.04, 1.06, 1.08, 1.07, 1.14, 1.06,
)  # fmt: skip
WEEKEND = 0.03  # the portals take dossiers on free days too
CHANNELS = ("IVAN", "DVC BHXH", "Cổng DVCQG", "VssID", "bưu chính", "trực tiếp")
BY_EMPLOYER, BY_PERSON = (0.70, 0.20, 0.02, 0.0, 0.05, 0.03), (0.0, 0.14, 0.22, 0.20, 0.14, 0.30)
PAPER = 4  # channels from here on bring paper
OPENS, CLOSES = 27_000, 61_200  # 07:30 and 17:00
DONE, REFUSED, WITHDRAWN, OPEN, WAITING = range(5)
OUTCOMES = (0.955, 0.032, 0.013)
LATE, STUCK = 0.032, 0.0015


@dataclass(slots=True)
class Dossiers:
    """One array per attribute, in the order of receipt."""

    procedure: Array
    filer: Array  # position of the employer, or of the person
    district: Array
    channel: Array
    full_service: Array  # toàn trình, of an electronic channel
    submitted: Array
    received: Array
    limit: Array
    closed: Array
    outcome: Array

    def __len__(self) -> int:
        return len(self.procedure)

    def take(self, rows: Array) -> Dossiers:
        """Return the dossiers at these positions."""
        return Dossiers(*(getattr(self, f.name)[rows] for f in fields(self)))


def make_dossiers(people: People, employers: Employers, scale: float, seed: int) -> Dossiers:
    """Return every dossier received in the 24 months."""
    rng = stream(seed, "dossiers")
    days = _days(scale, rng)
    n, kinds = len(days), procedures()
    received = days * SECONDS_A_DAY + rng.integers(OPENS, CLOSES, size=n)
    received.sort()
    days = received // SECONDS_A_DAY
    procedure = rng.choice(len(kinds), size=n, p=kinds.share)
    by_employer = kinds.by_employer[procedure]
    filer = np.where(
        by_employer, rng.integers(employers.idle_from, size=n), rng.integers(len(people), size=n)
    )
    district = np.where(by_employer, employers.district[filer % len(employers)], people.district[filer])
    channel: Array = np.where(by_employer, _channels(BY_EMPLOYER, n, rng), _channels(BY_PERSON, n, rng))
    limit = kinds.limit_on(procedure, days)
    closed, outcome = _ends(received, np.where(kinds.calendar[procedure], limit * 5 // 7, limit), rng)
    return Dossiers(
        procedure=procedure, filer=filer, district=district, channel=channel,
        full_service=(channel < PAPER) & (rng.random(n) < 0.5 + 0.3 * (days - days[0]) / (days[-1] - days[0])),
        submitted=received - np.where(channel < PAPER, rng.integers(300, 50_000, size=n), 600),
        received=received, limit=limit, closed=closed, outcome=outcome,
    )  # fmt: skip


def _days(scale: float, rng: Any) -> Array:
    """Draw the days of receipt: more in the first days of a month and in its last, few on free days."""
    out = []
    for at, shape in enumerate(MONTH_SHAPE):
        days = np.arange(MONTH_STARTS[at], MONTH_ENDS[at] + 1)
        place = days - MONTH_STARTS[at]
        weight = np.where(is_open(days), 1.0, WEEKEND) * np.where(
            place < 5, 1.4, np.where(place > 24, 1.25, 1.0)
        )
        count = max(FEWEST, round(NATION_YEAR / 12 * shape * scale * 1e6))
        out.append(rng.choice(days, size=count, p=weight / weight.sum()))
    return np.concatenate(out)


def _channels(shares: tuple[float, ...], n: int, rng: Any) -> Array:
    return rng.choice(len(CHANNELS), size=n, p=shares)


def _ends(received: Array, limit: Array, rng: Any) -> tuple[Array, Array]:
    """Return when each dossier was closed and how; what would close after the cut-off is open."""
    n, days = len(received), received // SECONDS_A_DAY
    took = np.floor(rng.beta(2.2, 1.4, size=n) * (limit + 0.999)).astype(np.int64)
    late, stuck = rng.random(n) < LATE, rng.random(n) < STUCK
    took = np.where(late, limit + 1 + rng.geometric(0.3, size=n).clip(max=20), took)
    took = np.where(stuck, rng.integers(60, 240, size=n), took)
    closing = working_days_after(days, took) * SECONDS_A_DAY + rng.integers(OPENS, CLOSES, size=n)
    closing = np.maximum(closing, received + rng.integers(300, 1_800, size=n))
    outcome = rng.choice(3, size=n, p=OUTCOMES)
    open_still = closing // SECONDS_A_DAY > LAST_DAY
    outcome = np.where(open_still, OPEN, outcome)
    waiting = open_still & (days >= LAST_DAY - 2) & (rng.random(n) < 0.3)
    return np.where(open_still, -1, closing), np.where(waiting, WAITING, outcome)
