"""The past of the readings, day by day: how long, how many rows, how they ended; of all sources or of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Sum
from django.utils import timezone

from dwh.datapath.sources.contract import load_contract, source_names
from dwh.kernel import vi
from dwh.kernel.errors import Invalid
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.vi import VIETNAM_TIME
from dwh.operations.runs.models import Run, SourceReading
from dwh.operations.runs.rules import Kind, State

SPANS = (14, 30, 90)  # days one may choose
LABELS_SHOWN = {14: 1, 30: 5, 90: 15}  # every how many days the axis names one
_OUTCOMES = {State.SUCCEEDED: "ok", State.FAILED: "failed", State.CANCELLED: "stopped"}
_WORDS = {"ok": "thành công", "failed": "lỗi", "stopped": "đã dừng", "paused": "tạm dừng"}


@dataclass(frozen=True, slots=True)
class Ended:
    """One run that read. Units: seconds of the run, or of reading the one source; rows landed."""

    at: datetime
    state: str
    seconds: float | None
    rows: int
    deletes: int
    reading_seconds: float


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the chart and its table; heights are per cent of the highest day shown."""

    day: date
    counts: dict[str, int]  # outcome → runs
    longest: float | None
    rows: int
    deletes: int
    reading_seconds: float
    height: float = 0.0
    rows_height: float = 0.0
    is_named: bool = True

    @property
    def state(self) -> str:
        """Return the worst that happened that day."""
        return next((one for one in ("failed", "stopped", "ok", "paused") if one in self.counts), "none")

    @property
    def glyph(self) -> str:
        return {"failed": "×", "stopped": "–", "paused": "‖"}.get(self.state, "")

    @property
    def outcome(self) -> str:
        """Return how the day's runs ended, in words: `23 thành công, 1 lỗi`."""
        said = [f"{count} {_WORDS[state]}" for state, count in self.counts.items()]
        return ", ".join(said) or "không chạy"

    @property
    def took(self) -> str:
        return vi.NO_DATA if self.longest is None else duration(self.longest)

    @property
    def per_second(self) -> float | None:
        return self.rows / self.reading_seconds if self.rows and self.reading_seconds else None

    @property
    def title(self) -> str:
        return f"{self.day:%d/%m}: {self.outcome}; lâu nhất {self.took}, {vi.number(self.rows)} dòng"


@dataclass(frozen=True, slots=True)
class History:
    """What the panel shows. `longest` and `most_rows` are what the highest bars stand for."""

    span: int
    source: str
    label: str
    days: tuple[Day, ...]
    longest: str
    most_rows: int
    spans: tuple[int, ...] = SPANS

    @property
    def sources(self) -> list[tuple[str, str]]:
        return [(name, load_contract(name).label) for name in source_names()]


@cites(QC_DWH.art("12.2"))
def history(source: str, span: str, *, today: date) -> History:
    """Return the last `span` days, oldest first, of one source, or of all when `source` is empty.

    Raises:
        Invalid: no such source, or a number of days one cannot choose.
    """
    if source and source not in source_names():
        raise Invalid(f"Không có nguồn «{source[:40]}». Chọn một nguồn trong danh sách.")
    if span not in {str(days) for days in SPANS}:
        raise Invalid(f"Chọn {', '.join(str(days) for days in SPANS)} ngày.")
    length = int(span)
    first = today - timedelta(days=length - 1)
    begins = datetime.combine(first, time.min, VIETNAM_TIME)
    by_day = defaultdict(list)
    for one in _of_one(source, begins) if source else _of_all(begins):
        by_day[timezone.localdate(one.at)].append(one)
    days = [_day(first + timedelta(days=n), by_day[first + timedelta(days=n)]) for n in range(length)]
    label = load_contract(source).label if source else "Mọi nguồn"
    return _drawn(days, length, source, label)


def duration(seconds: float) -> str:
    """Return a time as people say it: `12,4 giây`, `71 phút`."""
    if seconds < 120:
        return f"{vi.number(seconds, 1)} giây"
    return f"{vi.number(seconds / 60)} phút"


def _of_one(source: str, begins: datetime) -> Iterator[Ended]:
    for one in SourceReading.objects.filter(source=source, ended_at__gte=begins).order_by("ended_at", "id"):
        yield Ended(one.ended_at, one.state, one.seconds, one.rows or 0, one.deletes or 0, one.seconds or 0.0)


def _of_all(begins: datetime) -> Iterator[Ended]:
    """Yield the runs that read; the three sums come with each, its report (large) does not."""
    ended = Run.objects.filter(kind__in=[Kind.SYNC, Kind.RUN], ended_at__gte=begins).order_by(
        "ended_at", "id"
    )
    added = ended.annotate(*(Sum(f"readings__{name}") for name in ("rows", "deletes", "seconds")))
    wanted = ("started_at", "ended_at", "state", "readings__rows__sum", "readings__deletes__sum")
    for began, at, state, rows, deletes, reading in added.values_list(*wanted, "readings__seconds__sum"):
        seconds = (at - began).total_seconds() if began else None
        yield Ended(at, _OUTCOMES[State(state)], seconds, rows or 0, deletes or 0, reading or 0.0)


def _day(day: date, ended: list[Ended]) -> Day:
    counts: dict[str, int] = {}
    for state in _WORDS:
        if found := sum(one.state == state for one in ended):
            counts[state] = found
    longest = max((one.seconds for one in ended if one.seconds is not None), default=None)
    rows, deletes = sum(one.rows for one in ended), sum(one.deletes for one in ended)
    return Day(day, counts, longest, rows, deletes, sum(one.reading_seconds for one in ended))


def _drawn(days: list[Day], span: int, source: str, label: str) -> History:
    longest = max((day.longest or 0.0 for day in days), default=0.0)
    most = max((day.rows for day in days), default=0)
    drawn = (
        replace(
            day, height=_share(day.longest or 0.0, longest), rows_height=_share(day.rows, most),
            is_named=(span - 1 - n) % LABELS_SHOWN[span] == 0,
        )
        for n, day in enumerate(days)
    )  # fmt: skip
    return History(span, source, label, tuple(drawn), duration(longest), most)


def _share(value: float, most: float) -> float:
    """Return a bar's height; what is not nothing is seen."""
    return max(2.0, 100 * value / most) if value and most else 0.0
