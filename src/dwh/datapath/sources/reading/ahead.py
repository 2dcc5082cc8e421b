"""Reading and writing at the same time: the next chunk is fetched while the last one is compressed."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import TypeVar

Item = TypeVar("Item")
_DEPTH = 2  # chunks waiting; bounds memory


def read_ahead(items: Iterator[Item], *, stop: Callable[[], None]) -> Generator[Item, None, None]:
    """Yield the items in order, fetched in a thread of their own; its error is raised here.

    Close it when leaving early: `stop` then breaks off what the thread is waiting for, and the thread ends.
    """
    box: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue(_DEPTH)
    left = threading.Event()
    thread = threading.Thread(target=_fetch, args=(items, box, left), daemon=True)
    thread.start()
    finished = False
    try:
        while True:
            item, error = box.get()
            if error is not None:
                finished = True
                raise error
            if item is None:
                finished = True
                return
            yield item
    finally:
        left.set()
        if not finished:
            stop()
        _drain(box)
        thread.join()


def _fetch(
    items: Iterator[Item], box: queue.Queue[tuple[Item | None, BaseException | None]], left: threading.Event
) -> None:
    try:
        for item in items:
            box.put((item, None))
            if left.is_set():
                return
        box.put((None, None))
    except BaseException as error:  # handed over to the consumer, whatever it is
        box.put((None, error))
    finally:
        if isinstance(items, Generator):
            items.close()  # ends the statement it was reading


def _drain(box: queue.Queue[tuple[Item | None, BaseException | None]]) -> None:
    with suppress(queue.Empty):
        while True:
            box.get_nowait()
