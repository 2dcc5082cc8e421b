"""Checks of Quản lý nhân sự. `sql` is true for a good row of the standardise file's `t`."""

from __future__ import annotations

from dwh.datapath.sources.check import Check

CHECKS: dict[str, tuple[Check, ...]] = {
    "ns_quyet_dinh": (
        Check(
            "NS-Q01",
            "flag",
            "t.ngay_nhap IS NULL OR t.ngay_hieu_luc IS NULL OR t.ngay_nhap <= t.ngay_hieu_luc",
            "Quyết định được nhập sau ngày có hiệu lực.",
            "D-29",
        ),
    ),
    "ns_nhan_vien": (
        Check(
            "NS-N01",
            "flag",
            "NOT t.is_working OR COALESCE(TRIM(t.email_nganh), '') <> ''",
            "Cán bộ đang làm việc chưa có hộp thư ngành.",
            "D-38",
        ),
    ),
}
