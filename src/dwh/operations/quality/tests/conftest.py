"""The small release with what the scorecard needs besides: late rows, an accepted one, one of no known office."""

from __future__ import annotations

import pytest

from dwh.datapath.warehouse.engine import connect
from dwh.governance import gate
from dwh.kernel.actor import operator
from tests.warehouse_fixture import RELEASE, tiny_release

FLAGGED = [  # source, table, id, codes, office, month
    ("collection", "tst_dong_ca_nhan", 9060, ["TST-C06", "accepted"], "00.01.001", "2025-06"),
    ("benefits", "tcs_chi_tra_thang", 501, ["XD-T05"], "00.48.490", "2025-06"),
    ("benefits", "tcs_chi_tra_thang", 502, ["XD-T05", "XD-T02"], "00.01.501", "2025-08"),
    ("claims", "gd_ho_so", 1999, ["GD-H05"], "00.01", "2025-07"),
    ("collection", "tst_nguoi_tham_gia", 7, ["TST-N04"], "00.48.490", None),
]
STAGED = [
    ("benefits", "tcs_chi_tra_thang", "00.48.490", "2025-06", 4),
    ("benefits", "tcs_chi_tra_thang", "00.01.501", "2025-08", 3),
    (
        "collection",
        "tst_nguoi_tham_gia",
        "00",
        None,
        2,
    ),  # standardising gives an unknown office to the nation
    ("claims", "gd_ho_so", "00.01", "2025-07", 2),  # of the province itself
    ("collection", "tst_dong_ca_nhan", "00.01.501", "none", 1),  # a month nobody can read
]
REJECTED = ("collection", "tst_dong_ca_nhan", 9051, [], [], "00.01.502", "2025-08", 0, "c", "{}", None, "v")


@pytest.fixture
def release(settings, tmp_path, db):
    settings.DATAPATH = tiny_release(tmp_path)
    engine = connect(settings.DATAPATH.releases / RELEASE / "serving.duckdb", memory_limit="512MB", threads=1)
    for row in FLAGGED:
        engine.run("INSERT INTO quarantine.flagged VALUES (?, ?, ?, ?, ?, ?, 'b')", list(row))
    for row in STAGED:
        engine.run("INSERT INTO quality.staged VALUES (?, ?, ?, ?, ?)", list(row))
    engine.run(f"INSERT INTO quarantine.rejected VALUES ({', '.join('?' * 12)})", list(REJECTED))
    engine.run("CHECKPOINT")
    engine.close()
    gate.refresh_units(by=operator("Kiểm thử"))
    return settings.DATAPATH
