"""Checks of Quản lý định danh. `sql` is true for a good row of the standardise file's `t`."""

from __future__ import annotations

from dwh.datapath.sources.check import Check

CHECKS: dict[str, tuple[Check, ...]] = {
    "iam_dinh_danh": (
        Check(
            "IAM-D01",
            "flag",
            "NOT t.is_active OR t.ma_nv IS NULL OR COALESCE(t.staff_is_working, FALSE)",
            "Định danh còn hoạt động của người đã nghỉ việc.",
            "D-38",
        ),
    ),
}
