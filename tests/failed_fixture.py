"""The failed rows of the small release, what was decided about them, and what a check on trial counted."""

from __future__ import annotations

from decimal import Decimal

FAILED_ROW = """source VARCHAR, source_table VARCHAR, source_id BIGINT, check_codes VARCHAR[], messages VARCHAR[],
  org_code VARCHAR, month VARCHAR, amount_vnd DECIMAL(18,2), batch_id VARCHAR, raw VARCHAR, first_seen TIMESTAMP,
  version VARCHAR"""
HELD = [
    ("collection", "tst_dong_ca_nhan", 9001, ["TST-C01"], ["Mã số BHXH phải gồm 10 chữ số."], "00.01.001", "2025-05",
     Decimal("1760000.00"), "collection.1", '{"ma_so_bhxh": "100000077", "can_cu_dong": 8000000}'),
    ("collection", "tst_dong_ca_nhan", 9002, ["TST-C06"], ["Mức đóng nhỏ hơn 500.000 đồng."], "00.48.492", "2025-06",
     Decimal("1760.00"), "collection.1", '{"ma_so_bhxh": "4800000009", "can_cu_dong": 8000}'),
    ("claims", "gd_ho_so", 9101, ["GD-H02"], ["Ngày ra trước ngày vào."], "00.01.502", "2025-07",
     Decimal("350000.00"), "claims.1", '{"ma_the_bhyt": "DN4010100000001", "ngay_vao": "202507050800"}'),
    ("collection", "tst_nguoi_tham_gia", 9003, ["TST-N01"], ["Mã số BHXH phải gồm 10 chữ số."], None, None,
     Decimal("0.00"), "collection.1", '{"ma_so_bhxh": "10000", "ho_ten": "NGUYỄN VĂN THỬ"}'),
]  # fmt: skip
REJECTED = [
    ("collection", "tst_dong_ca_nhan", 9050, ["TST-C03"], ["Mã đơn vị không có trong danh sách đơn vị."], "00.01.006",
     "2025-06", Decimal("440000.00"), "collection.1", '{"ma_don_vi": "KHONG-CO"}'),
]  # fmt: skip
ACCEPTED = [  # in the figures, although it fails a check: somebody said so
    ("collection", "tst_dong_ca_nhan", 9060, ["TST-C06"], ["Căn cứ đóng dưới 500.000 đồng."], "00.01.001", "2025-06",
     Decimal("88000.00"), "collection.1", '{"can_cu_dong": 400000}'),
]  # fmt: skip
DECISIONS = [  # as two decisions of an earlier day left them in the release
    (
        1,
        "earlier-1",
        "tst_dong_ca_nhan",
        9050,
        "v9050",
        "TST-C03",
        "reject",
        "2025-06",
        "2026-11-19 03:00:00",
    ),
    (
        2,
        "earlier-2",
        "tst_dong_ca_nhan",
        9060,
        "v9060",
        "TST-C06",
        "accept",
        "2025-06",
        "2026-11-19 03:00:00",
    ),
]
TRIAL = [("TST-C05", "collection", "tst_dong_ca_nhan", "00.01.006", "2025-06", 3, Decimal("12000000.00"))]
VERSIONS = [
    ("tst_dong_ca_nhan", 9001, "v8001", "collection.1", "2026-11-18 01:00:00", False,
     '{"ma_so_bhxh": "100000077", "can_cu_dong": 7000000}'),
    ("tst_dong_ca_nhan", 9001, "v9001", "collection.2", "2026-11-20 01:00:00", False,
     '{"ma_so_bhxh": "100000077", "can_cu_dong": 8000000}'),
]  # fmt: skip
FLAGGED = [
    ("collection", "tst_nguoi_tham_gia", 4, ["TST-N03"], "00.01.006", None, "collection.1"),
    ("claims", "gd_ho_so", 1003, ["GD-H05", "GD-H06"], "00.48.492", "2025-05", "claims.1"),
]
