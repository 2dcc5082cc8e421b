"""The demonstration's calendar: its 24 months, the reform, and dates as the sources write them."""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

import numpy as np

from demo.sources.schema import DATA

Array = Any  # numpy is read without stubs

FIRST_MONTH = "2024-11"
MONTH_COUNT = 24
REFORM = "2025-07-01"
CUTOFF = "2026-10-31T23:59:59"
SECONDS_A_DAY = 86_400


def day(text: str) -> int:
    """Return a date as whole days since 1970."""
    return int(np.datetime64(text, "D").astype(np.int64))


MONTHS: Array = np.datetime64(FIRST_MONTH, "M") + np.arange(MONTH_COUNT)
MONTH_STARTS: Array = MONTHS.astype("datetime64[D]").astype(np.int64)
MONTH_ENDS: Array = (MONTHS + 1).astype("datetime64[D]").astype(np.int64) - 1  # the last day, inclusive
KY: Array = np.array([str(m).replace("-", "") for m in MONTHS], dtype=object)
REFORM_DAY = day(REFORM)
REFORM_MONTH = int(np.searchsorted(MONTH_STARTS, REFORM_DAY))
FIRST_DAY, LAST_DAY = int(MONTH_STARTS[0]), int(MONTH_ENDS[-1])
CUTOFF_SECOND = int(np.datetime64(CUTOFF, "s").astype(np.int64))


def month_of(days: Array) -> Array:
    """Return the index of the demonstration month each day falls into."""
    return np.searchsorted(MONTH_STARTS, days, side="right") - 1


def years_of(days: Array) -> Array:
    """Return the calendar year of each day."""
    return np.asarray(days, dtype="datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def year_start(years: Array) -> Array:
    """Return 1 January of each year as a day."""
    return (np.asarray(years) - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)


def dates(days: Array) -> Array:
    """Return 'YYYY-MM-DD' strings that share their objects."""
    return _spelled(days, lambda few: np.datetime_as_string(few.astype("datetime64[D]")))


def compact(days: Array) -> Array:
    """Return 'yyyymmdd' strings, as the claim XML writes days."""
    return _spelled(days, lambda few: [text.replace("-", "") for text in _iso_days(few)])


def slashed(days: Array) -> Array:
    """Return 'dd/mm/yyyy' strings, as TST writes birth dates."""
    return _spelled(days, lambda few: [f"{t[8:]}/{t[5:7]}/{t[:4]}" for t in _iso_days(few)])


def stamps(seconds: Array) -> Array:
    """Return 'YYYY-MM-DD HH:MM:SS' strings (UTC) that share their objects where moments repeat."""
    return _spelled(seconds, lambda few: [t.replace("T", " ") for t in _iso_seconds(few)])


def minutes(seconds: Array) -> Array:
    """Return 'yyyymmddHHMM' strings, as the claim XML writes moments."""
    return _spelled(
        seconds, lambda few: [f"{t[:4]}{t[5:7]}{t[8:10]}{t[11:13]}{t[14:16]}" for t in _iso_seconds(few)]
    )


@cache
def holidays() -> frozenset[int]:
    """Return the public holidays as days."""
    with (DATA / "holidays_vn_2015_2030.csv").open(encoding="utf-8") as file:
        return frozenset(day(row["date"]) for row in csv.DictReader(file))


def _spelled(values: Array, spell: Any) -> Array:
    values = np.asarray(values, dtype=np.int64)
    few, where = np.unique(values, return_inverse=True)
    return np.array(list(map(str, spell(few))), dtype=object)[where.reshape(values.shape)]


def _iso_days(days: Array) -> list[str]:
    return list(np.datetime_as_string(days.astype("datetime64[D]")).tolist())


def _iso_seconds(seconds: Array) -> list[str]:
    return list(np.datetime_as_string(seconds.astype("datetime64[s]")).tolist())
