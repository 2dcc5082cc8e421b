"""How long work tells where it is, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives steps of a run. Implementations: a terminal bar, a row of the run table, or nothing."""

    def step(self, name: str, *, total: int | None = None, unit: str = "") -> None:
        """Begin the named step (Vietnamese, shown to people); it ends when the next one begins."""

    def advance(self, done: int, **counts: int) -> None:
        """Report the absolute amount done in this step, and counts such as rows, held, vnd."""

    def check(self) -> None:
        """Raise Cancelled when somebody asked this run to stop. Called between statements and batches."""


class Silent:
    """Progress that nobody watches."""

    def step(self, name: str, *, total: int | None = None, unit: str = "") -> None:
        return None

    def advance(self, done: int, **counts: int) -> None:
        return None

    def check(self) -> None:
        return None
