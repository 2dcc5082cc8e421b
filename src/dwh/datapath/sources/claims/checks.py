"""Checks of Giám định BHYT. `sql` is true for a good row of the standardise file's `t`."""

from __future__ import annotations

from dwh.datapath.sources.check import Check

CHECKS: dict[str, tuple[Check, ...]] = {
    "gd_ho_so": (
        Check(
            "GD-H01",
            "hold",
            "t.facility_key IS NOT NULL OR (t.facility_is_known AND t.came_at IS NULL AND t.left_at IS NULL)",
            "Cơ sở khám chữa bệnh không có trong danh mục hoặc không có hợp đồng vào ngày khám.",
            "D-18",
        ),
        Check(
            "GD-H02",
            "hold",
            "t.came_at IS NULL OR t.left_at IS NULL OR t.came_at <= t.left_at",
            "Ngày ra viện trước ngày vào viện.",
            "D-22",
        ),
        Check(
            "GD-H03",
            "hold",
            "t.came_at IS NOT NULL AND t.left_at IS NOT NULL",
            "Ngày vào hoặc ngày ra không đọc được theo dạng yyyymmddHHMM.",
            "D-43",
        ),
        Check(
            "GD-H04",
            "flag",
            r"regexp_full_match(t.ma_benh_chinh, '[A-Z][0-9]{2}(\.[0-9]{1,2})?')",
            "Mã bệnh chính không theo dạng ICD-10.",
            "D-25",
        ),
        Check(
            "GD-H05",
            "flag",
            "t.came_at IS NULL OR t.card_is_valid",
            "Ngày khám ngoài thời hạn của thẻ BHYT.",
            "D-17",
        ),
        Check(
            "GD-H06",
            "flag",
            "ABS(t.total_vnd - t.lines_vnd) <= 10",
            "Tổng chi phí của hồ sơ không bằng tổng các dòng thuốc và dịch vụ.",
            "D-20",
        ),
        Check(
            "GD-H07", "flag", "t.is_newest", "Hồ sơ đã được gửi lại: lần gửi này không còn hiệu lực.", "D-19"
        ),
    ),
    "gd_thuoc": (
        Check(
            "GD-T01",
            "flag",
            "ABS(t.thanh_tien_bv - t.so_luong * t.don_gia) <= 1",
            "Thành tiền dòng thuốc không bằng số lượng nhân đơn giá.",
            "D-21",
        ),
    ),
    "gd_dvkt": (
        Check(
            "GD-S01",
            "flag",
            "ABS(t.thanh_tien_bv * 100 - t.so_luong * t.don_gia_bv * t.tyle_tt_dv) <= 100",
            "Thành tiền dòng dịch vụ không bằng số lượng nhân đơn giá nhân tỷ lệ.",
            "D-21",
        ),
    ),
}
