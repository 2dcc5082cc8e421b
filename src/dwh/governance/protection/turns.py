"""Whose turn it is: so many questions at once, so many of one group, and so much of the engine in an hour.

A group is the area people ask about: one province, however many ask in it, cannot starve the others.
Source: QC-DWH Điều 7.3 (nothing may harm the system or the processes that run on it).
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Final, TypeVar

from dwh.kernel.errors import Conflict
from dwh.kernel.law import QC_DWH, cites

AT_ONCE: Final = 8  # questions one process works on together
OF_ONE_GROUP: Final = 5  # of them may be of one group
HOUR_S = 3600.0
BUDGET_S: Final = AT_ONCE * HOUR_S / 4  # of the engine a group may use in an hour, in one process
T = TypeVar("T")


class Turns:
    """The places of one process. Fair between groups; within one, whoever comes first."""

    def __init__(self, at_once: int = AT_ONCE, of_one_group: int = OF_ONE_GROUP) -> None:
        self._free, self._of_one = at_once, of_one_group
        self._changed = threading.Condition()
        self._working: dict[str, int] = defaultdict(int)
        self._used: dict[str, deque[tuple[float, float]]] = defaultdict(deque)  # group → (when, seconds)

    @cites(QC_DWH.art("7.3"))
    def take(self, work: Callable[[], T], group: str, wait_s: float) -> T:
        """Run `work` when a place is free for `group`.

        Raises: Conflict when none became free in time, or the group has used up its hour.
        """
        self._enter(group, wait_s)
        begun = time.monotonic()
        try:
            return work()
        finally:
            with self._changed:
                self._free += 1
                self._working[group] -= 1
                self._used[group].append((begun, time.monotonic() - begun))
                self._changed.notify_all()

    def _enter(self, group: str, wait_s: float) -> None:
        with self._changed:
            if self._seconds(group) > BUDGET_S:
                raise Conflict(
                    "Đơn vị đã dùng hết thời gian tính toán của giờ này (QC-DWH Điều 7.3)."
                    " Hãy thu hẹp kỳ hoặc đơn vị của câu hỏi, hoặc hỏi lại sau.",
                    group=group,
                )
            is_free = self._changed.wait_for(
                lambda: self._free > 0 and self._working[group] < self._of_one, timeout=wait_s
            )
            if not is_free:
                raise Conflict("Hệ thống đang trả lời nhiều câu hỏi cùng lúc. Vui lòng thử lại sau ít phút.")
            self._free -= 1
            self._working[group] += 1

    def _seconds(self, group: str) -> float:
        """Return the engine's seconds of the last hour; what is older is forgotten."""
        used, since = self._used[group], time.monotonic() - HOUR_S
        while used and used[0][0] < since:
            used.popleft()
        return sum(seconds for _, seconds in used)


turns = Turns()
