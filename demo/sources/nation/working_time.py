"""Working days as the offices of the demonstration keep them: Monday to Friday without public holidays."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.times import FIRST_DAY, LAST_DAY, holidays

Array = Any
BEGIN, END = FIRST_DAY - 60, LAST_DAY + 400
_DAYS: Array = np.arange(BEGIN, END)
OPEN: Array = ((_DAYS + 3) % 7 < 5) & ~np.isin(_DAYS, list(holidays()))
_NUMBER: Array = np.cumsum(OPEN)
_WORKED: Array = _DAYS[OPEN]


def is_open(days: Array) -> Array:
    """Tell for every day whether offices work."""
    return OPEN[np.asarray(days) - BEGIN]


def working_days_after(days: Array, count: Array) -> Array:
    """Return the working day that many working days later; 0 stays on the day or the working day before it."""
    return _WORKED[_NUMBER[np.asarray(days) - BEGIN] - 1 + np.asarray(count)]
