"""Dossiers step by step: what a late result changes, what a lock keeps, and steps equal a build of everything."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import efiling_plan
from dwh.datapath.pipeline.tests.test_incremental import FEW, World, check_history
from dwh.datapath.warehouse.release import current_release

MONTHS = ("202505", "202506", "202507", "202508")
KEYS = st.integers(1, 6)
PROCEDURE = {
    "id": 1, "ma": "BHXH.01", "ten": "Đóng BHXH", "so_ngay_giai_quyet": 5, "don_vi_ngay": "làm việc",
    "hieu_luc_tu": date(2020, 1, 1),
}  # fmt: skip
acts = st.one_of(
    st.tuples(
        st.just("file"), KEYS, st.sampled_from(MONTHS[:3]), st.sampled_from(("01001", "01002", "01501"))
    ),
    st.tuples(st.just("close"), KEYS, st.sampled_from(MONTHS), st.sampled_from(("trả KQ", "từ chối"))),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("limit"), st.integers(1, 20)),
    st.tuples(st.just("office ends"), st.integers(1, 3)),
)


def dossier(key: int, received: str = "202505", **changes: Any) -> kit.Row:
    """A dossier received on the 12th of a month, promised for the 20th."""
    return {
        "id": key, "ma_thu_tuc": "BHXH.01", "linh_vuc": "thu", "kenh": "IVAN", "muc_dvc": "toàn trình",
        "ma_cq_tiep_nhan": "01001", "ngay_tiep_nhan": f"{received}120900", "trang_thai": "xử lý",
        "ngay_hen_tra": date(int(received[:4]), int(received[4:]), 20),
    } | changes  # fmt: skip


def closed(key: int, month: str, received: str = "202505", **changes: Any) -> kit.Row:
    return dossier(key, received, ngay_tra=f"{month}151000", trang_thai="trả KQ") | changes


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three dossiers of May: one closed at once, one in June, one open; and one of July, closed in it."""
    home = tmp_path_factory.mktemp("efiling")
    settings = kit.settings_in(home)
    kit.land(settings, "ns_don_vi", kit.UNITS)
    kit.land(settings, "gdt_thu_tuc", [PROCEDURE])
    kit.land(
        settings,
        "gdt_ho_so",
        [closed(1, "202505"), closed(2, "202506"), dossier(3), closed(4, "202507", "202507")],
    )
    kit.make_public(settings, plan=efiling_plan())
    return home


def act(world: World, one: tuple[Any, ...]) -> None:
    kind, key = one[0], one[1]
    if kind == "file":
        world.land("gdt_ho_so", dossier(key, one[2], ma_cq_tiep_nhan=one[3]))
    elif kind == "close":
        world.land("gdt_ho_so", closed(key, one[2], trang_thai=one[3], ma_cq_bhxh="01501"))
    elif kind == "delete":
        kit.delete(world.settings, "gdt_ho_so", [key])
    elif kind == "limit":
        world.land("gdt_thu_tuc", PROCEDURE | {"so_ngay_giai_quyet": key})
    else:
        world.land("ns_don_vi", kit.UNITS[2] | {"hieu_luc_den": date(2025, 6 + key, 1)})


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example([[("close", 3, "202506", "trả KQ")], [("file", 3, "202506", "01001")]])
@example([[("limit", 1)], [("office ends", 2)], [("close", 3, "202508", "từ chối")]])
def test_dossiers_built_step_by_step_equal_a_full_build(filed, rounds):
    check_history(filed, rounds, act, efiling_plan())


@pytest.fixture
def own(filed, tmp_path):
    world = World(tmp_path / "own")
    shutil.copytree(filed, tmp_path / "own", symlinks=True)
    return world.settings


def figures(release, month):
    """Return received, done and the open dossiers of a month."""
    sums = {m: (int(r), int(d)) for m, r, d in kit.rows_of(
        release, "(SELECT month, SUM(received), SUM(done) FROM core.fct_edossier GROUP BY month)"
    )}  # fmt: skip
    keys = [
        key for key, at in kit.rows_of(release, "core.fct_edossier_open", "dossier_key, month") if at == month
    ]
    return *sums[month], keys


def test_each_thing_is_counted_in_its_month_and_the_stock_is_what_is_left(own):
    release = current_release(own)

    assert figures(release, "2025-05") == (3, 1, [2, 3])
    assert figures(release, "2025-06") == (0, 1, [3])
    assert figures(release, "2025-07") == (1, 1, [3])


def test_a_locked_month_does_not_keep_its_open_dossiers_from_ending_later(own):
    may = frozenset({"2025-05"})
    kit.land(own, "gdt_ho_so", [closed(3, "202507"), closed(5, "202507", "202505")])
    release = kit.make_public(own, plan=efiling_plan(), locked=may)

    assert figures(release, "2025-05") == (3, 1, [2, 3])  # as locked: dossier 5 came to light later
    assert figures(release, "2025-06") == (0, 1, [3, 5])
    assert figures(release, "2025-07") == (1, 3, [])
