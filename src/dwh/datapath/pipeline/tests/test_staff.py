"""Staff and accounts step by step: a stock is made whole and cut into months, and steps equal a build of everything."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import staff_plan
from dwh.datapath.pipeline.tests.test_incremental import FEW, World, check_history
from dwh.datapath.warehouse.release import current_release

KEYS = st.integers(1, 4)
DAYS = st.sampled_from((date(2025, 5, 20), date(2025, 6, 30), date(2025, 7, 1)))
acts = st.one_of(
    st.tuples(st.just("leaves"), KEYS, DAYS),
    st.tuples(st.just("moves"), KEYS, DAYS),
    st.tuples(st.just("decided"), KEYS, DAYS),
    st.tuples(st.just("closed"), KEYS, DAYS),
    st.tuples(st.just("signs in"), KEYS, st.sampled_from((5, 6, 7))),
    st.tuples(st.just("log lost"), KEYS),
)


def person(key: int, **changes: Any) -> kit.Row:
    return {
        "id": key, "ma_nv": f"NV{key}", "ho_ten": f"Lê {key}", "gioi_tinh": 1 + key % 2, "loai": "viên chức",
        "email_nganh": f"a{key}@vss.gov.vn", "ngay_vao": date(2020, 1, 1), "trang_thai": "làm việc",
    } | changes  # fmt: skip


def spell(key: int, unit: str, since: date, **changes: Any) -> kit.Row:
    return {
        "id": key,
        "ma_nv": f"NV{key % 10}",
        "don_vi": unit,
        "chuc_vu": "Chuyên viên",
        "tu_ngay": since,
    } | changes


def identity(key: int, **changes: Any) -> kit.Row:
    return {
        "id": key, "loai": "nội bộ", "ma_nv": f"NV{key}", "ma_dv": "01.501", "trang_thai": "hoạt động",
        "ngay_tao": date(2020, 1, 1),
    } | changes  # fmt: skip


def event(key: int, month: int, **changes: Any) -> kit.Row:
    when = datetime(2025, month, 10, 1, key % 60)  # noqa: DTZ001 - as the source writes it
    return {
        "id": key,
        "thoi_gian": when,
        "tai_khoan": "a",
        "su_kien": "đăng nhập",
        "ung_dung": "TST",
    } | changes


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people at one office, with accounts, who signed in from May to July."""
    home = tmp_path_factory.mktemp("staff")
    settings = kit.settings_in(home)
    kit.land(settings, "ns_don_vi", kit.UNITS)
    kit.land(settings, "ns_nhan_vien", [person(key) for key in (1, 2, 3)])
    kit.land(settings, "ns_vi_tri", [spell(key, "01.001", date(2020, 1, 1)) for key in (1, 2, 3)])
    kit.land(settings, "iam_ung_dung", [{"id": 1, "ma_ung_dung": "TST", "ten": "Thu"}])
    kit.land(settings, "iam_dinh_danh", [identity(key) for key in (1, 2, 3)])
    accounts = [
        {"id": key, "ten_dang_nhap": f"a{key}", "dinh_danh_id": str(key), "mfa": True} for key in (1, 2, 3)
    ]
    kit.land(settings, "iam_tai_khoan", accounts)
    kit.land(settings, "iam_su_kien", [event(month, month) for month in (5, 6, 7)])
    kit.make_public(settings, plan=staff_plan())
    return home


def act(world: World, one: tuple[Any, ...]) -> None:
    kind, key = one[0], one[1]
    if kind == "leaves":
        world.land("ns_nhan_vien", person(key, ngay_nghi=one[2], trang_thai="thôi việc"))
    elif kind == "moves":
        world.land("ns_vi_tri", spell(10 + key, "01.501", one[2]))
    elif kind == "decided":
        paper = {"so_qd": f"{key}/QĐ", "loai": "điều động", "ma_nv": f"NV{key}", "don_vi_moi": "01.501"}
        world.land(
            "ns_quyet_dinh", paper | {"id": key, "ngay_hieu_luc": one[2], "ngay_nhap": date(2025, 7, 5)}
        )
    elif kind == "closed":
        world.land("iam_dinh_danh", identity(key, trang_thai="khóa", ngay_khoa=one[2]))
    elif kind == "signs in":
        world.land("iam_su_kien", event(20 + key, one[2]))
    else:
        kit.delete(world.settings, "iam_su_kien", [4 + key])


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example(
    [[("leaves", 1, date(2025, 6, 30))], [("decided", 2, date(2025, 5, 20)), ("moves", 3, date(2025, 7, 1))]]
)
@example([[("log lost", 2)], [("closed", 2, date(2025, 5, 20))], [("signs in", 1, 6)]])
def test_staff_and_accounts_built_step_by_step_equal_a_full_build(staffed, rounds):
    check_history(staffed, rounds, act, staff_plan())


def test_the_stock_follows_who_left_and_the_account_that_stayed_open_is_seen(staffed, tmp_path):
    world = World(tmp_path / "own")
    shutil.copytree(staffed, tmp_path / "own", symlinks=True)
    act(world, ("leaves", 1, date(2025, 6, 30)))
    act(world, ("closed", 2, date(2025, 7, 1)))
    kit.make_public(world.settings, plan=staff_plan())
    release = current_release(world.settings)

    heads = "SELECT month, COUNT(*) FROM core.fct_staff_stock GROUP BY month"
    assert kit.rows_of(release, f"({heads})") == [("2025-05", 3), ("2025-06", 2), ("2025-07", 2)]
    open_of_leavers = kit.rows_of(
        release, "core.fct_account WHERE state_code = 'active' AND holder_code = 'left'", "month, account_key"
    )
    assert open_of_leavers == [("2025-06", 1), ("2025-07", 1)]
