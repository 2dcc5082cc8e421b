"""A day's changes in the system of numbers and households."""

from __future__ import annotations

from demo.sources.changes import Day

PREMIUMS, MEMBERS, HOMES, LOG = "hgd_dong_bhyt", "hgd_thanh_vien", "hgd_ho", "hgd_bien_dong"
PAIRS, ISSUED = "hgd_trung_ma", "hgd_cap_ma"
SAME_BASE_PAY = "ngay_dong >= '2026-07-01'"
STAYS = "den_ngay IS NULL AND quan_he_chu_ho != '00'"


def change_registration(day: Day) -> None:
    """Change payments, stays, households, pairs and what the population database says."""
    k = day.count
    _change_premiums(day, k)
    day.update(
        MEMBERS, day.choose(MEMBERS, STAYS, k), "den_ngay = '2026-10-31'", action="corrected", note="rời hộ"
    )
    born = {
        "ma_so_bhxh": "NULL", "so_ddcn": "NULL", "ma_the": "NULL", "da_tham_gia_bhyt": "0", "tu_ngay": "'2026-10-20'",
        "ngay_sinh": "'12/10/2026'", "quan_he_chu_ho": "'05'",
    }  # fmt: skip
    day.copy(MEMBERS, day.choose(MEMBERS, STAYS, max(1, k // 2)), born, note="trẻ mới sinh, chưa có mã số")
    day.hard_delete(MEMBERS, day.choose(MEMBERS, STAYS, max(1, k // 4)))
    homes = day.choose(HOMES, "1", k)
    day.update(HOMES, homes, "so_dien_thoai = '0900000002'", action="corrected", note="đổi điện thoại")
    edits = day.choose(LOG, "truong = 'so_dien_thoai'", max(1, k // 2))
    day.copy(LOG, edits, {"ngay_bien_dong": "'2026-10-31'"}, note="nhật ký đổi điện thoại")
    found = day.choose(ISSUED, "ket_qua_xac_thuc != 'khớp'", k)
    day.update(
        ISSUED,
        found,
        "ket_qua_xac_thuc = 'khớp', ngay_xac_thuc = '2026-10-31'",
        action="corrected",
        note="xác thực lại",
    )
    joined = day.choose(PAIRS, "trang_thai = 'không trùng'", 1)
    day.update(
        PAIRS,
        joined,
        "trang_thai = 'đã gộp', ngay_xu_ly = '2026-10-31'",
        action="corrected",
        note="gộp hai mã số",
    )


def _change_premiums(day: Day, k: int) -> None:
    new = day.choose(PREMIUMS, SAME_BASE_PAY, k)
    day.copy(PREMIUMS, new, {"ngay_dong": "'2026-10-30'"}, note="đóng mới")
    moved = day.choose(PREMIUMS, f"{SAME_BASE_PAY} AND ngay_dong >= '2026-10-01'", k)
    day.update(
        PREMIUMS, moved, "ngay_dong = '2026-09-20'", action="moved", note="ngày đóng thuộc tháng trước"
    )
    fewer = day.choose(PREMIUMS, "so_thang > 1", k)
    day.update(PREMIUMS, fewer, "so_thang = so_thang - 1", action="corrected", note="bớt một tháng")
    day.soft_delete(PREMIUMS, day.choose(PREMIUMS, "1", k))
    day.hard_delete(PREMIUMS, day.choose(PREMIUMS, "1", k))
