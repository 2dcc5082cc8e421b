"""A source is read no faster than it allows and in its hours only; the clock is the test's."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dwh.datapath.settings import SourceSettings, Window, source_settings
from dwh.datapath.sources.contract import load_contract
from dwh.datapath.sources.landing import batches
from dwh.datapath.sources.pace import REAL_TIME, SlowConnector, WindowClosed
from dwh.datapath.sources.reading.table_job import Limits
from dwh.datapath.sources.registry import open_url
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import LINES, NOW, landed_lines
from dwh.kernel.errors import Cancelled, Invalid
from dwh.kernel.progress import Silent
from dwh.kernel.vi import VIETNAM_TIME

TABLE = load_contract("collection").table(LINES)
NIGHT = Window(time(22), time(5))


class Hand:
    """A clock that moves only when somebody waits, or by `tick` whenever it is looked at."""

    def __init__(self, tick: float = 0.0) -> None:
        self.at, self.tick, self.waits = 0.0, tick, []

    def seconds(self) -> float:
        self.at += self.tick
        return self.at

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        self.at += seconds
        return stop.is_set()


def run(source, settings, *, clock=REAL_TIME, now=NOW, batch_rows=1_000_000, **reading):
    settings = replace(settings, reading={source.name: SourceSettings(**reading)})
    limits = Limits(batch_rows=batch_rows, overlap=timedelta(seconds=5), clock=clock)
    return sync_source(source.name, settings=settings, now=now, limits=limits)


def test_rows_come_no_faster_than_the_source_allows(source, settings_for):
    source.fill(1_000)
    settings, clock = settings_for(source), Hand()
    assert run(source, settings, clock=clock, max_rows_s=100).rows == 1_000
    assert clock.at >= 1_000 / 100 - 1  # the first second's rows need not be waited for
    assert max(clock.waits) <= 1
    assert landed_lines(settings) == source.lines()


def test_the_slow_way_lands_the_same_batches_and_deletes(source, settings_for, tmp_path):
    source.fill(95)
    settings = settings_for(source)
    quick = replace(settings, home=tmp_path / "quick")
    for turn in range(2):
        done = [
            run(source, one, clock=Hand(), batch_rows=40, **pace)
            for one, pace in ((settings, {"max_rows_s": 7}), (quick, {}))
        ]
        assert [(r.rows, r.deletes) for r in done] == [((95, 0), (2, 1))[turn]] * 2
        source.remove(5)
        source.pay(8, 9_000, amount=3)
        source.pay(9, -9_000, amount=4)
    shapes = [[(b.kind, b.rows) for b in batches(s, "collection", LINES)] for s in (settings, quick)]
    assert shapes[0] == shapes[1]


def test_a_source_read_slowly_is_asked_for_one_second_at_a_time(source):
    source.fill(50)
    asked = []

    class Watched:
        def __init__(self, inner):
            self._inner = inner

        def read(self, table, **wanted):
            asked.append(wanted["limit"])
            return self._inner.read(table, **wanted)

    inner = open_url(source.url)
    slow = SlowConnector(Watched(inner), 20, Hand())
    upto = inner.high_water(TABLE)
    keys = [k for c in slow.read(TABLE, after=None, upto=upto, limit=45) for k in c["id"].to_pylist()]
    assert keys == list(range(1, 46))
    assert asked == [20, 20, 5]
    inner.close()


def test_waiting_ends_at_once_when_it_is_told_to(sqlite_source):
    sqlite_source.fill(3)
    waiting = threading.Event()

    class Long(Hand):
        def wait(self, stop, seconds):
            waiting.set()
            return stop.wait(60)

    inner = open_url(sqlite_source.url)
    slow = SlowConnector(inner, 1, Long())
    rows = slow.read(TABLE, after=None, upto=inner.high_water(TABLE), limit=3)
    next(rows)
    stopper = threading.Thread(target=lambda: waiting.wait(60) and slow.cancel())
    stopper.start()
    with pytest.raises(Cancelled):
        next(rows)
    stopper.join()
    inner.close()


def test_a_person_who_stops_a_slow_sync_keeps_its_batches(sqlite_source, settings_for):
    class StopAfter(Silent):
        left, reading = 25, False

        def step(self, name, **_):
            self.reading = name == f"Đọc {TABLE.label}"

        def check(self):
            self.left -= self.reading
            if self.left < 0:
                raise Cancelled("Đã dừng theo yêu cầu.")

    sqlite_source.fill(100)
    settings = settings_for(sqlite_source)
    slow = replace(settings, reading={"collection": SourceSettings(max_rows_s=1)})
    limits = Limits(batch_rows=10, clock=Hand())
    with pytest.raises(Cancelled):
        sync_source("collection", settings=slow, now=NOW, progress=StopAfter(), limits=limits)
    assert landed_lines(settings) == {key: key for key in range(1, 21)}
    assert run(sqlite_source, settings).rows == 80


@pytest.mark.parametrize(
    ("hour", "open_"), [(21, False), (22, True), (0, True), (4, True), (5, False), (12, False)]
)
def test_a_window_over_midnight_is_of_vietnam_time(hour, open_):
    assert NIGHT.holds(datetime(2026, 11, 22, hour, 59, tzinfo=VIETNAM_TIME)) is open_
    assert NIGHT.holds(datetime(2026, 11, 22, hour, 59, tzinfo=VIETNAM_TIME).astimezone(UTC)) is open_


@given(opens=st.times(), closes=st.times(), moment=st.datetimes(timezones=st.just(VIETNAM_TIME)))
def test_a_window_and_the_one_between_it_share_the_day(opens, closes, moment):
    if opens != closes:
        assert Window(opens, closes).holds(moment) is not Window(closes, opens).holds(moment)


def test_outside_its_hours_a_source_is_not_even_opened(settings_for, sqlite_source):
    settings = replace(settings_for(sqlite_source), sources={"collection": "sqlite:///nowhere.sqlite"})
    with pytest.raises(WindowClosed, match=r"22:00–05:00.*13:00.*--outside-window") as refused:
        run(sqlite_source, settings, window=NIGHT)  # NOW is 13:00 in Hà Nội
    assert refused.value.facts == {"source": "collection", "window": "22:00–05:00"}


def test_a_window_lifted_by_hand_is_on_record(source, settings_for):
    source.fill(3)
    settings = settings_for(source)
    report = run(source, settings, window=NIGHT, outside_window=True)
    assert (report.rows, report.outside_window) == (3, True)
    assert report.notes[-1] == "Đọc ngoài khung giờ 22:00–05:00 theo lệnh của người vận hành."
    assert report.to_json()["outside_window"] is True
    inside = run(source, settings, window=Window(time(13), time(14)), outside_window=True)
    assert (inside.outside_window, inside.notes) == (False, ())


def test_when_the_hours_end_what_was_read_is_kept_and_the_next_night_goes_on(source, settings_for):
    source.fill(500)
    settings = settings_for(source)
    for night in range(2):  # of two minutes each, two rows a second
        late = datetime(2026, 11, 22 + night, 4, 58, tzinfo=VIETNAM_TIME)
        with pytest.raises(WindowClosed, match="bây giờ là 05:00"):
            run(source, settings, clock=Hand(tick=0.005), now=late, window=NIGHT, max_rows_s=2)
        assert 200 * (night + 1) <= len(landed_lines(settings)) <= 245 * (night + 1)
    run(source, settings, clock=Hand(), now=datetime(2026, 11, 24, 23, tzinfo=VIETNAM_TIME), window=NIGHT)
    assert landed_lines(settings) == source.lines()


def test_settings_written_wrongly_are_refused_by_their_names():
    assert source_settings("claims") == SourceSettings()
    assert source_settings("claims", max_rows_s="5000", window="22:00-05:30") == SourceSettings(
        5_000, Window(time(22), time(5, 30))
    )
    for wrong in (
        {"max_rows_s": "0"},
        {"max_rows_s": "nhanh"},
        {"window": "22h-5h"},
        {"window": "24:00-05:00"},
    ):
        with pytest.raises(Invalid, match="DWH_SOURCE_CLAIMS_WINDOW"):
            source_settings("claims", **wrong)
