"""Payment lists built step by step equal a full build, whoever dies, moves or goes back to work in between.

A payment looks at five other tables; each of them may change months after the payment landed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dwh.datapath.pipeline.tests import kit
from dwh.datapath.pipeline.tests.small_plans import benefits_plan
from dwh.datapath.pipeline.tests.test_incremental import FEW, KEYS, MONTHS, Act, World, check_history

PERSON, MONTH = st.integers(1, 4), st.sampled_from(MONTHS)
PLACES = st.sampled_from(("01001", "01501", "48490"))
OTHER_PROVINCE = [kit.unit(6, "48", 2, "48000"), kit.unit(7, "48.490", 3, "48490")]
acts = st.one_of(
    st.tuples(st.just("pay"), KEYS, MONTH, PERSON, PLACES, st.sampled_from(("lương hưu", "mai táng"))),
    st.tuples(st.just("unpay"), KEYS),
    st.tuples(st.just("die"), PERSON, MONTH),
    st.tuples(st.just("live"), PERSON),
    st.tuples(st.just("move"), PERSON, MONTH),
    st.tuples(st.just("work"), KEYS, MONTH, PERSON),
    st.tuples(st.just("rest"), KEYS),
)


def payment(key: int, month: str = "2025-05", *, person: int = 1, **changes: object) -> kit.Row:
    """A pension of 5 million đồng, paid through an account."""
    return {
        "id": key, "ky": month.replace("-", ""), "so_ho_so": f"HS{person}", "ma_so_bhxh": f"01000000{person:02d}",
        "loai_che_do": "02", "nguon": "QBB", "khoan": "lương hưu", "so_tien": 5_000_000, "hinh_thuc": "tài khoản",
        "trang_thai": "đã nhận", "created_at": kit.moment(0, month=month),
    } | changes  # fmt: skip


def act_on_payments(world: World, act: Act) -> None:
    kind, key = act[0], act[1]
    if kind == "pay":
        _, _, month, person, place, item = act
        world.land("tcs_chi_tra_thang", payment(key, month, person=person, ma_cq_bhxh=place, khoan=item))
    elif kind == "die":
        day = date.fromisoformat(f"{act[2]}-12")
        world.land(
            "tcs_tu_tuat", {"id": key, "ma_so_bhxh_nguoi_chet": f"01000000{key:02d}", "ngay_chet": day}
        )
    elif kind == "move":
        day = date.fromisoformat(f"{act[2]}-12")
        world.land(
            "tcs_di_chuyen",
            {"id": key, "so_ho_so": f"HS{key}", "tinh_di": "01", "tinh_den": "48", "ngay": day},
        )
    elif kind == "work":
        world.land("tst_dong_ca_nhan", kit.line(key, act[2], person=act[3]))
    else:
        table = {"unpay": "tcs_chi_tra_thang", "live": "tcs_tu_tuat", "rest": "tst_dong_ca_nhan"}[kind]
        kit.delete(world.settings, table, [key])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("benefits")
    settings = kit.settings_in(path)
    kit.small_nation(settings, lines=[kit.line(1, person=4)])
    kit.land(settings, "ns_don_vi", OTHER_PROVINCE)
    rows = [payment(key, MONTHS[key % 3], person=1 + key % 4) for key in range(1, 7)]
    kit.land(settings, "tcs_chi_tra_thang", rows)
    kit.make_public(settings, plan=benefits_plan())
    return path


@pytest.mark.slow
@FEW
@given(st.lists(st.lists(acts, min_size=1, max_size=3), min_size=1, max_size=2))
@example([[("die", 1, "2025-05")], [("live", 1)]])
@example(
    [[("move", 2, "2025-05"), ("pay", 7, "2025-06", 2, "01001", "lương hưu")], [("work", 3, "2025-06", 2)]]
)
@example([[("work", 2, "2025-06", 3)], [("rest", 2)]])
def test_payments_built_step_by_step_equal_a_full_build(home, rounds):
    check_history(home, rounds, act_on_payments, benefits_plan())


def test_a_death_reported_later_flags_the_payments_of_the_months_after(home, tmp_path):
    settings = kit.settings_in(tmp_path)
    kit.small_nation(settings)
    kit.land(settings, "ns_don_vi", OTHER_PROVINCE)
    kit.land(
        settings, "tcs_chi_tra_thang", [payment(key, month) for key, month in enumerate(MONTHS, start=1)]
    )
    before = kit.make_public(settings, plan=benefits_plan())
    kit.land(
        settings,
        "tcs_tu_tuat",
        [{"id": 1, "ma_so_bhxh_nguoi_chet": "0100000001", "ngay_chet": date(2025, 5, 31)}],
    )
    after = kit.make_public(settings, plan=benefits_plan())

    assert kit.rows_of(before, "quarantine.flagged", "source_id") == []
    assert kit.rows_of(after, "quarantine.flagged", "source_id, check_codes") == [
        (2, ["XD-T02"]),
        (3, ["XD-T02"]),
    ]
