"""Where the data path works and how much it may take. Built by whoever starts it, never read from the air."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path

from dwh.kernel.errors import Invalid
from dwh.kernel.vi import VIETNAM_TIME

_WINDOW = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of a day, in Vietnam time, in which a source may be read; `closes` is no longer among them."""

    opens: time
    closes: time

    def holds(self, moment: datetime) -> bool:
        """Tell whether the moment lies in the window, which may run over midnight."""
        hour = moment.astimezone(VIETNAM_TIME).time()
        if self.opens <= self.closes:
            return self.opens <= hour < self.closes
        return hour >= self.opens or hour < self.closes

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}–{self.closes:%H:%M}"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """How gently one source is read. `outside_window`: somebody lifted the window by hand, for one run."""

    max_rows_s: int | None = None
    window: Window | None = None
    outside_window: bool = False


def source_settings(name: str, *, max_rows_s: str = "", window: str = "") -> SourceSettings:
    """Return the settings of a source written as text: rows a second, and hours as 22:00-05:00.

    Raises:
        Invalid: one of them is written otherwise.
    """
    hours = _WINDOW.fullmatch(window.strip())
    if (window and not hours) or (max_rows_s and not (max_rows_s.isdecimal() and int(max_rows_s))):
        raise Invalid(
            f"Cấu hình đọc nguồn «{name}» không đúng: số dòng mỗi giây phải là số nguyên dương, khung giờ viết như "
            f"22:00-05:00. Sửa DWH_SOURCE_{name.upper()}_MAX_ROWS_S, DWH_SOURCE_{name.upper()}_WINDOW rồi chạy lại.",
            source=name,
        )
    ends = [time.fromisoformat(end) for end in hours.groups()] if hours else []
    return SourceSettings(int(max_rows_s) if max_rows_s else None, Window(*ends) if ends else None)


@dataclass(frozen=True, slots=True)
class DataPathSettings:
    """Folders under `home`, one connection URL per source, and the builder's share of the machine.

    A source table that lost more than `loss_percent` of its living rows and more than `loss_rows` of them since
    the last release is not built upon until somebody accepts it. The monthly check warns when less than
    `free_percent` of a disk is free.
    """

    home: Path
    sources: Mapping[str, str] = field(
        default_factory=dict
    )  # source name -> sqlite:///file or postgresql://...
    reading: Mapping[str, SourceSettings] = field(default_factory=dict)  # source name -> how gently
    memory_limit: str = "2GB"
    threads: int = 2
    loss_percent: int = 20
    loss_rows: int = 1_000
    sources_at_once: int = 1  # read side by side: each is a system of its own
    free_percent: int = 15

    def outside_windows(self) -> DataPathSettings:
        """Return these settings with every reading window lifted by hand."""
        lifted = {name: replace(one, outside_window=True) for name, one in self.reading.items()}
        return replace(self, reading=lifted)

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
