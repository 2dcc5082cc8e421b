"""Where the data path works and how much it may take. Built by whoever starts it, never read from the air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataPathSettings:
    """Folders under `home`, one connection URL per source, and the builder's share of the machine.

    A source table that lost more than `loss_percent` of its living rows and more than `loss_rows` of them since
    the last release is not built upon until somebody accepts it.
    """

    home: Path
    sources: Mapping[str, str] = field(
        default_factory=dict
    )  # source name -> sqlite:///file or postgresql://...
    memory_limit: str = "2GB"
    threads: int = 2
    loss_percent: int = 20
    loss_rows: int = 1_000

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def parts(self) -> Path:
        return self.home / "parts"

    @property
    def releases(self) -> Path:
        return self.home / "releases"

    @property
    def work(self) -> Path:
        return self.home / "work"
