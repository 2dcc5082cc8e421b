"""Where the data path works and how much it may take. Built by whoever starts it, never read from the air."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DataPathSettings:
    """Folders under `home`, one connection URL per source, and the builder's share of the machine."""

    home: Path
    sources: Mapping[str, str] = field(
        default_factory=dict
    )  # source name -> sqlite:///file or postgresql://...
    memory_limit: str = "2GB"
    threads: int = 2

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
