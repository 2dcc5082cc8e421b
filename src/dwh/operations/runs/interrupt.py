"""Ctrl+C at the terminal: the first stops the run as the button does, the second ends the process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stops_on_ctrl_c(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at the first SIGINT inside the block; what SIGINT did before it does again at the second.

    Left to itself, SIGINT surfaces inside the engine as a fault nobody recognises as a wish. `stop` takes locks, so it
    runs on a thread of its own: the handler may interrupt the very code that holds them.
    """
    before = signal.getsignal(signal.SIGINT)

    def first(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        threading.Thread(target=stop, name="ctrl-c", daemon=True).start()

    if threading.current_thread() is not threading.main_thread():  # only there may a handler be set
        yield
        return
    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
