"""Checks of Phần mềm Thu và quản lý sổ, thẻ. `sql` is true for a good row of the standardise file's `t`."""

from __future__ import annotations

from dwh.datapath.sources.check import Check

MIN_BASE_VND = 500_000  # ours: below it, thousands were written for đồng (D-41)
_TCVN3 = "[¸µ¶·¹¨©ª«¬®\u00ad]"  # what the fonts of before Unicode leave behind

CHECKS: dict[str, tuple[Check, ...]] = {
    "tst_nguoi_tham_gia": (
        Check(
            "TST-N01", "hold", r"regexp_full_match(t.ma_so_bhxh, '\d{10}')", "Mã số BHXH phải gồm 10 chữ số.", "D-40"
        ),
        Check(
            "TST-N02",
            "flag",
            "(t.so_ddcn IS NULL OR t.citizen_id IS NOT NULL)"
            r" AND (t.so_cmnd IS NULL OR regexp_full_match(t.so_cmnd, '\d{9}|\d{12}'))",
            "Số định danh phải gồm 12 chữ số, số CMND 9 hoặc 12 chữ số.",
            "D-03",
        ),
        Check(
            "TST-N03",
            "flag",
            "t.citizen_id IS NULL OR t.birth_year IS NULL OR t.gioi_tinh NOT IN (1, 2) OR ("
            "CAST(t.citizen_id[4] AS INTEGER) = 2 * (t.birth_year // 100 - 19) + t.gioi_tinh - 1"
            " AND CAST(t.citizen_id[5:6] AS INTEGER) = t.birth_year % 100)",
            "Số định danh không khớp giới tính hoặc năm sinh.",
            "D-04",
        ),
        Check("TST-N04", "flag", "t.birth_precision = 'day'", "Ngày sinh không đủ ngày, tháng, năm.", "D-05"),
        Check(
            "TST-N05",
            "flag",
            f"t.ho_ten = nfc_normalize(t.ho_ten) AND NOT regexp_matches(t.ho_ten, '[[:cntrl:]]|{_TCVN3}')",
            "Họ tên có ký tự hỏng hoặc chưa theo bảng mã Unicode dựng sẵn.",
            "D-39",
        ),
        Check("TST-N06", "flag", "NOT t.shares_citizen_id", "Số định danh đang dùng cho nhiều mã số BHXH.", "D-01"),
    ),
    "tst_don_vi": (
        Check(
            "TST-D01",
            "flag",
            "t.ma_huyen IS NULL OR t.ngay_tham_gia >= DATE '2025-07-01' OR t.district_is_known",
            "Huyện không thuộc tỉnh đã ghi vào ngày tham gia.",
            "D-06",
        ),
    ),
    "tst_dong_ca_nhan": (
        Check("TST-C01", "hold", "t.number_is_whole", "Mã số BHXH phải gồm 10 chữ số.", "D-40"),
        Check(
            "TST-C02",
            "hold",
            "NOT t.number_is_whole OR t.participant_key IS NOT NULL",
            "Mã số BHXH không có trong danh sách người tham gia.",
            "D-02",
        ),
        Check(
            "TST-C03", "hold", "t.employer_key IS NOT NULL", "Mã đơn vị không có trong danh sách đơn vị.", "D-08"
        ),
        Check(
            "TST-C04",
            "flag",
            "ABS(t.due_vnd * 10000 - t.can_cu_dong * t.rate_bp) <= 10000",
            "Số phải đóng không bằng căn cứ đóng nhân tỷ lệ đóng của tháng.",
            "D-11",
        ),
        Check(
            "TST-C05",
            "flag",
            "t.can_cu_dong <= 20 * t.base_salary_vnd",
            "Căn cứ đóng vượt 20 lần mức lương cơ sở của tháng.",
            "D-10",
        ),
        Check(
            "TST-C06",
            "hold",
            f"NOT t.is_compulsory OR t.can_cu_dong >= {MIN_BASE_VND}",
            "Căn cứ đóng dưới 500.000 đồng: có thể đã ghi nghìn đồng thay cho đồng.",
            "D-41",
        ),
        Check("TST-C07", "hold", "t.landed_month <> 'none'", "Kỳ đóng không đọc được thành tháng (yyyymm).", "D-43"),
    ),
    "tst_the_bhyt": (
        Check(
            "TST-T01",
            "hold",
            "regexp_full_match(t.ma_the, '[A-Z]{2}[1-5][0-9]{2}[0-9]{10}') AND t.ma_the[6:15] = t.ma_so_bhxh",
            "Số thẻ BHYT sai dạng hoặc không khớp mã số BHXH.",
            "D-40",
        ),
        Check(
            "TST-T02", "flag", "t.muc_huong = t.right_level", "Mức hưởng không hợp với mã đối tượng.", "D-16"
        ),
        Check("TST-T03", "flag", "NOT t.overlaps", "Hai thẻ còn giá trị của một người trùng thời hạn.", "D-15"),
    ),
}  # fmt: skip
