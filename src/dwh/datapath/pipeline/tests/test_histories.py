"""Whatever happens at the sources, read and built step by step: row for row what one reading of everything makes.

Nine kinds of events, from real source files through the reading: rows inserted, changed, deleted and late, ties on
the cursor, a clock set back, a code list that changes, a reorganisation, months that are locked and opened again.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import cards_plan
from dwh.datapath.pipeline.tests.test_incremental import FEW, MONTHS, Act, content
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.sync import sync_source
from dwh.datapath.sources.tests.miniature import NOW, Miniature, at, of_sqlite
from dwh.datapath.warehouse.release import Release, current_release

SOURCES = ("collection", "claims", "personnel")
OF_THE_READING = {"batch_id", "last_batch_id", "first_seen"}  # when a row came, not what it says
WHAT_WAS_READ_BEFORE = "quarantine.versions"  # of failed rows: who reads only now has not seen it
KEYS, MONTH = st.integers(1, 7), st.sampled_from(MONTHS)
acts = st.one_of(
    st.tuples(st.just("insert"), st.integers(20, 25), MONTH, st.integers(1, 6)),
    st.tuples(st.just("update"), KEYS, st.integers(1, 9)),
    st.tuples(st.just("delete"), KEYS, st.booleans()),
    st.tuples(st.just("late"), st.integers(30, 33), st.integers(1, 4)),
    st.tuples(st.just("tie"), KEYS, st.integers(1, 9)),
    st.tuples(st.just("clock back"), st.sampled_from((111, 11_111))),
    st.tuples(st.just("code list"), MONTH, st.booleans()),
    st.tuples(st.just("reorganisation"), st.just(0)),
    st.tuples(st.just("lock"), MONTH),
    st.tuples(st.just("unlock"), MONTH),
)
FEWER = hypothesis.settings(
    FEW, max_examples=int(os.environ.get("DWH_HISTORIES", "1"))
)  # each reads and builds
EVENTS: Counter[str] = Counter()


class World:
    """Three source files as they are now, their clock, and the months that are locked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = replace(
            kit.settings_in(folder / "home"),
            sources={name: f"sqlite:///{folder}/{name}.sqlite" for name in SOURCES},
        )
        self.clock, self.reading = 10_000, 0
        self.locked: dict[str, dict[str, str]] = {}  # month -> the digest of every part of it
        self.wanted: set[str] = set()

    def put(self, table: str, *rows: kit.Row, tick: int = 61) -> None:
        """Write rows as the source does: the moment of change is that of its clock."""
        self.clock += tick
        with closing(sqlite3.connect(self.file(table))) as source, source:
            for row in rows:
                full = {"created_at": at(0), "is_deleted": 0, "ma_cq_bhxh": "01001"} | row
                full |= {"updated_at": at(self.clock)}
                names, marks = ", ".join(full), ", ".join("?" * len(full))
                values = [str(v) if isinstance(v, date) else v for v in full.values()]
                source.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", values)

    def run(self, table: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.file(table))) as source, source:
            return source.execute(sql, values).fetchall()

    def file(self, table: str) -> Path:
        return self.folder / f"{kit.source_of(table)}.sqlite"

    def read(self, settings: DataPathSettings) -> None:
        self.reading += 1
        for name in SOURCES:
            sync_source(name, settings=settings, now=NOW + timedelta(hours=self.reading))

    def step(self) -> Release | None:
        """Read what changed, build and publish it; what is locked keeps its bytes."""
        self.read(self.settings)
        locked = frozenset(self.wanted)
        report = kit.make(self.settings, plan=cards_plan(), locked=locked)
        if report.release_id is None:
            return None
        release = kit.publish(report, settings=self.settings, locked=locked)
        for month in locked:
            assert digests(release, month) == self.locked[month], month
        return release


def digests(release: Release, month: str) -> dict[str, str]:
    """Return the digest of every part of a month; what arrives late is landed all the same, and waits."""
    parts = release.manifest["parts"].items()
    return {t: m[month]["sha256"] for t, m in parts if month in m and not t.startswith("landed.")}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of three sources and of the release made of them; says at the end what happened to its copies."""
    world = World(tmp_path_factory.mktemp("histories"))
    for name in SOURCES:
        with closing(sqlite3.connect(world.folder / f"{name}.sqlite", isolation_level=None)) as made:
            Miniature(name, f"sqlite:///{world.folder}/{name}.sqlite", of_sqlite(made))
    world.put("ns_don_vi", *kit.UNITS)
    world.put("tst_nguoi_tham_gia", *kit.PEOPLE)
    world.put("tst_don_vi", kit.FIRM)
    world.put("gd_cskcb", kit.FACILITY)
    world.put(
        "tst_dong_ca_nhan", *(kit.line(key, MONTHS[key % 3], person=1 + key % 5) for key in range(1, 8))
    )
    world.put("tst_the_bhyt", *(card(key) for key in (1, 2, 3)))
    assert world.step()
    yield world.folder
    print(f"\nevents in the histories: {dict(sorted(EVENTS.items()))}")


def card(key: int) -> kit.Row:
    number = f"01000000{key:02d}"
    return {
        "id": key, "ma_the": f"DN401{number}", "ma_so_bhxh": number, "ma_doi_tuong": "DN", "muc_huong": 4,
        "ma_dkbd": "01001", "tu_ngay": date(2025, 5, 1), "den_ngay": date(2025, 7, 28), "trang_thai": "1",
    }  # fmt: skip


def act_on(world: World, act: Act) -> None:
    kind, key = act[0], act[1]
    EVENTS[kind] += 1
    lines = "tst_dong_ca_nhan"
    if kind == "insert":
        world.put(lines, kit.line(key, act[2], person=act[3]))
    elif kind in ("update", "tie"):  # a tie: the moment the row, or the one before it, was read with
        amount = act[2] * 1_000 + len(EVENTS)
        world.put(lines, kit.line(key, MONTHS[key % 3], person=1 + key % 5, so_tien_da_dong=amount),
                  tick=0 if kind == "tie" else 61)  # fmt: skip
    elif kind == "delete" and act[2]:
        world.put(lines, kit.line(key, MONTHS[key % 3]) | {"is_deleted": 1})
    elif kind == "delete":
        world.run(lines, f"DELETE FROM {lines} WHERE id = ?", key)
    elif kind == "late":
        world.put(lines, kit.line(key, MONTHS[0], person=act[2], created_at=at(world.clock)))
    elif kind == "clock back":
        world.clock -= key
    elif kind == "code list":
        ends = date.fromisoformat(f"{key}-03") if act[2] else None
        world.put("gd_cskcb", kit.FACILITY | {"hop_dong_den": ends})
    elif kind == "reorganisation":
        reorganise(world)
    elif kind == "lock":
        if key not in world.wanted:
            world.locked[key] = digests(current_release(world.settings), key)
        world.wanted.add(key)
    else:
        world.wanted.discard(key)


def reorganise(world: World) -> None:
    """Close the newest office and let another take over its work, a month after the last reform."""
    offices = world.run("ns_don_vi", "SELECT id, ma_dv, hieu_luc_tu, ma_cq_bhxh, tien_than FROM ns_don_vi "
                        "WHERE cap = 3 AND hieu_luc_den IS NULL")  # fmt: skip
    [(number, code, since, office, before)] = offices
    day = date.fromisoformat(since[:10]) + timedelta(days=31)
    new = f"{int(code[-3:]) + 1}"
    world.put(
        "ns_don_vi",
        kit.unit(number, code, 3, office, hieu_luc_tu=since, hieu_luc_den=day, tien_than=before),
        kit.unit(100 + int(new), f"01.{new}", 3, f"01{new}", hieu_luc_tu=day, tien_than=code),
    )
    for key in (1, 3, 5):  # some of its work is written under the new office
        world.put("tst_dong_ca_nhan", kit.line(key, MONTHS[2], person=key, ma_cq_bhxh=f"01{new}"))


def as_readers_see(release: Release) -> dict[str, list[tuple[str, ...]]]:
    """Return every row of every table, without the batch each came in."""
    found = {}
    for table in set(release.manifest["serving_rows"]) - {WHAT_WAS_READ_BEFORE}:
        columns, rows = release.fetch(f"SELECT * FROM {table}", limit=1_000_000)
        keep = [i for i, name in enumerate(columns) if name not in OF_THE_READING]
        found[table] = sorted(tuple(str(row[i]) for i in keep) for row in rows)
    return found


@pytest.mark.slow
@FEWER
@given(st.lists(st.lists(acts, min_size=1, max_size=4), min_size=1, max_size=3))
@example([[("lock", "2025-05")], [("late", 30, 2), ("delete", 3, False)], [("unlock", "2025-05")]])
@example([[("reorganisation", 0), ("lock", "2025-07")], [("reorganisation", 0), ("clock back", 11_111)],
          [("update", 1, 3), ("tie", 2, 4)]])  # fmt: skip
@example([[("code list", "2025-06", True), ("insert", 20, "2025-07", 6)], [("tie", 1, 2), ("tie", 1, 3)],
          [("code list", "2025-05", False), ("delete", 2, True)]])  # fmt: skip
def test_what_is_read_and_built_step_by_step_is_what_is_read_and_built_at_once(first, rounds):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(first, Path(folder) / "steps", symlinks=True)
        world = World(Path(folder) / "steps")
        world.clock, world.reading = 20_000, 1
        for some in rounds:
            for act in some:
                act_on(world, act)
            world.step()
        world.wanted.clear()  # in the end everything is opened again
        world.step()
        stepwise = current_release(world.settings)
        again = replace(world.settings, home=Path(folder) / "again")  # of what has landed, byte for byte
        shutil.copytree(world.settings.landing, again.landing)
        assert content(stepwise) == content(built(again))
        anew = replace(
            world.settings, home=Path(folder) / "anew"
        )  # of what the sources hold now, row for row
        world.read(anew)
        assert as_readers_see(stepwise) == as_readers_see(built(anew))


def built(settings: DataPathSettings) -> Release:
    """Build and publish everything at once in a home that has no release."""
    whole = kit.make(settings, plan=cards_plan())
    assert whole.landed == whole.staged + whole.quarantined + whole.decided["rejected"]["rows"]
    return kit.publish(whole, settings=settings)
