"""What is asked of one build beyond the usual."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """`locked` months are carried over byte for byte. `full` makes every other part again from the batches.

    `accept_loss`: source tables whose sudden loss of rows was found to be right.
    `distrust`: a reader met a damaged file, so the release in use is read whole, whatever its size and time say.
    """

    locked: frozenset[str] = frozenset()
    full: bool = False
    accept_loss: frozenset[str] = frozenset()
    distrust: bool = False


USUAL = Order()
