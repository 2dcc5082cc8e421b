"""A run's progress, written where people look: the run table, and the terminal when there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import count
from types import TracebackType

from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dwh.kernel.errors import Cancelled
from dwh.operations.runs import services
from dwh.operations.runs.models import Run, RunStep
from dwh.operations.runs.rules import HEARTBEAT_SECONDS, State

WRITE_EVERY = 0.5  # seconds between two writes of the same step: the table is for people, not a log


class TableProgress:
    """Writes the steps of a run into `RunStep`."""

    def __init__(self, run: Run, stop_asked: threading.Event, beside: TableProgress | None = None) -> None:
        self._run, self._stop_asked = run, stop_asked
        self._numbers: Iterator[int] = beside._numbers if beside else count(1)
        self._one_writes: threading.Lock = beside._one_writes if beside else threading.Lock()
        self._step: RunStep | None = None
        self._written = 0.0

    def lane(self) -> TableProgress:
        """Return the progress of work done beside other work of this run, in a thread of its own."""
        return TableProgress(self._run, self._stop_asked, self)

    def step(self, name: str, *, total: int | None = None, unit: str = "") -> None:
        self._close()
        with self._one_writes:
            self._step = RunStep.objects.create(
                run=self._run,
                seq=next(self._numbers),
                name=name,
                total=total,
                unit=unit,
                started_at=timezone.now(),
            )

    def advance(self, done: int, **counts: int) -> None:
        if self._step is None:
            return
        self._step.done, self._step.counts = done, {**self._step.counts, **counts}
        now = timezone.now().timestamp()
        if now - self._written >= WRITE_EVERY:
            self._written = now
            with self._one_writes:
                self._step.save(update_fields=["done", "counts"])

    def check(self) -> None:
        if self._stop_asked.is_set():
            raise Cancelled("Lượt chạy đã dừng theo yêu cầu. Số liệu đang dùng giữ nguyên.")

    def finish(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._step is not None:
            self._step.state, self._step.ended_at = State.SUCCEEDED, timezone.now()
            with self._one_writes:
                self._step.save()
            self._step = None


class TerminalProgress:
    """Draws the same steps as bars on a terminal."""

    def __init__(self, inner: TableProgress, bars: Progress) -> None:
        self._inner, self._bars = inner, bars
        self._task: TaskID | None = None

    def lane(self) -> TerminalProgress:
        """Return the progress of work done beside other work of this run: bars of its own."""
        return TerminalProgress(self._inner.lane(), self._bars)

    def step(self, name: str, *, total: int | None = None, unit: str = "") -> None:
        self._inner.step(name, total=total, unit=unit)
        self._end()
        self._task = self._bars.add_task(name, total=total)

    def advance(self, done: int, **counts: int) -> None:
        self._inner.advance(done, **counts)
        if self._task is not None:
            self._bars.update(self._task, completed=done)

    def check(self) -> None:
        self._inner.check()

    def finish(self) -> None:
        self._inner.finish()
        self._end()

    def _end(self) -> None:
        if self._task is not None:
            task = self._bars.tasks[self._task]
            total = task.total or max(1, int(task.completed))
            self._bars.update(self._task, total=total, completed=total)


Watched = TableProgress | TerminalProgress


def bars() -> Progress:
    """Return the progress display for a terminal; it prints nothing when the output is not one."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, disable=not console.is_terminal,
    )  # fmt: skip


class Heart:
    """Renews the lease of a run while it works, and hears when somebody asks it to stop."""

    def __init__(self, run: Run, worker: str, on_stop: Callable[[], None]) -> None:
        self._run_id, self._worker, self._on_stop = run.pk, worker, on_stop
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heart-{run.pk}", daemon=True)

    def __enter__(self) -> Heart:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        told = 0
        try:
            while not self._ended.wait(1.0):
                told += 1
                keep_on = (
                    services.beat(self._run_id, self._worker, now=timezone.now())
                    if told % HEARTBEAT_SECONDS == 0
                    else not Run.objects.filter(pk=self._run_id).exclude(stop_asked_by="").exists()
                )
                if not keep_on:
                    self._on_stop()
        finally:
            connection.close()
