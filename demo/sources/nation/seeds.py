"""Independent streams of chance by name, so that one part can change without moving the others."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np


def stream(seed: int, name: str) -> Any:
    """Return the generator of this name; the same seed and name always give the same numbers."""
    return np.random.default_rng([seed, crc32(name.encode("utf-8"))])


def some(rng: Any, candidates: Any, count: int) -> Any:
    """Return up to `count` different candidates, in ascending order."""
    candidates = np.asarray(candidates)
    return np.sort(rng.choice(candidates, size=min(count, len(candidates)), replace=False))
