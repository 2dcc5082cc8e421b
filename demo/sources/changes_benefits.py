"""A day's changes in the benefit system."""

from __future__ import annotations

from demo.sources.changes import Day

PAYMENTS, TURNS, LUMP_SUMS, AWARDS, DOSSIERS = (
    "tcs_chi_tra_thang", "tcs_ngan_han", "tcs_mot_lan", "tcs_bhtn", "tcs_ho_so_huong",
)  # fmt: skip
LAST, BEFORE_LAST, LAST_MONTH = "202610", "202609", "2026-10"


def change_benefits(day: Day) -> None:
    """Let people fetch their money, correct, add and remove payments and awards; deaths and moves stay."""
    k = day.count
    fetched = day.choose(PAYMENTS, "trang_thai = 'chưa nhận'", 2 * k)
    day.update(PAYMENTS, fetched, "trang_thai = 'đã nhận'", action="paid", note="nhận tiền muộn")
    day.update(
        PAYMENTS, day.choose(PAYMENTS, "khoan = 'trợ cấp ngắn hạn'", k), "so_tien = so_tien + 50000",
        action="corrected", note="điều chỉnh số tiền",
    )  # fmt: skip
    regular = f"ky = '{LAST}' AND khoan = 'lương hưu'"
    day.update(
        PAYMENTS, day.choose(PAYMENTS, regular, k), f"ky = '{BEFORE_LAST}'", action="moved",
        note="chuyển sang tháng trước",
    )  # fmt: skip
    day.copy(PAYMENTS, day.choose(PAYMENTS, regular, k), {"khoan": "'truy lĩnh'"}, note="truy lĩnh của tháng")
    day.soft_delete(PAYMENTS, day.choose(PAYMENTS, "1", k))
    day.hard_delete(PAYMENTS, day.choose(PAYMENTS, "1", k))
    _change_awards(day)


def _change_awards(day: Day) -> None:
    k, approved = day.count, f"ngay_duyet LIKE '{LAST_MONTH}%'"
    day.copy(TURNS, day.choose(TURNS, approved, k), {"so_ho_so": "'NH9' || ?2"}, note="lượt mới")
    day.update(
        TURNS,
        day.choose(TURNS, "so_ngay > 1", k),
        "so_ngay = so_ngay - 1",
        action="corrected",
        note="bớt ngày",
    )
    day.soft_delete(TURNS, day.choose(TURNS, "1", max(1, k // 2)))
    day.hard_delete(LUMP_SUMS, day.choose(LUMP_SUMS, "1", 1))
    day.update(
        AWARDS, day.choose(AWARDS, "trang_thai = 'hưởng'", k), "trang_thai = 'tạm dừng'", action="corrected",
        note="tạm dừng hưởng",
    )  # fmt: skip
    day.update(
        DOSSIERS, day.choose(DOSSIERS, "trang_thai = 'đang hưởng'", k), "trang_thai = 'tạm dừng'", action="corrected",
        note="tạm dừng hưởng",
    )  # fmt: skip
