"""Small claims for the tests, all invented, and the settings of a landing area of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from demo.sources.claim_files import SourceClaim, envelope
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources.files.claim_load import ClaimFileReport, load_claim_file
from dwh.datapath.sources.landing import batches

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
FACILITY = "01001"


def claim(number: int = 1, *, day: str = "20261105", **head: Any) -> SourceClaim:
    """Return a claim of one drug line and two service lines: 300.000 đồng, of which BHYT pays 240.000."""
    values = {
        "ma_lk": f"LK{number:04d}", "stt": 1, "ma_bn": f"BN{number}", "ho_ten": "Người Hư Cấu",
        "ngay_sinh": "198001010000", "gioi_tinh": 1, "ma_the_bhyt": f"DN401{number:010d}", "ma_dkbd": FACILITY,
        "gt_the_tu": "20260101", "gt_the_den": "20261231", "ma_benh_chinh": "J06.9", "ma_doituong_kcb": "1.1",
        "ngay_vao": f"{day}0800", "ngay_ra": f"{day}0930", "so_ngay_dtri": 0, "t_thuoc": 100_000, "t_vtyt": 0,
        "t_tongchi_bv": 300_000, "t_tongchi_bh": 300_000, "t_bntt": 0, "t_bncct": 60_000, "t_bhtt": 240_000,
        "t_nguonkhac": 0, "t_bhtt_gdv": 240_000, "nam_qt": int(day[:4]), "thang_qt": int(day[4:6]),
        "ma_loai_kcb": "01", "ma_cskcb": FACILITY,
    } | head  # fmt: skip
    ordered = {"ma_bac_si": "000001/01-CCHN", "ngay_yl": f"{day}0815"}
    return SourceClaim(
        values,
        [{"stt": 1, "ma_nhom": 4, "tyle_tt_bh": 100, **_line(10, 10_000, 100_000)}],
        [
            {
                "stt": 1,
                "ma_nhom": 13,
                "tyle_tt_dv": 100,
                "tyle_tt_bh": 100,
                **ordered,
                **_line(1, 50_000, 50_000),
            },
            {
                "stt": 2,
                "ma_nhom": 1,
                "tyle_tt_dv": 100,
                "tyle_tt_bh": 100,
                **ordered,
                **_line(3, 50_000, 150_000),
            },
        ],
    )


def _line(count: int, price: int, total: int) -> dict[str, Any]:
    return {
        "so_luong": count, "don_gia": price, "don_gia_bv": price, "don_gia_bh": price, "thanh_tien_bv": total,
        "thanh_tien_bh": total, "t_bntt": 0, "t_bncct": total // 5, "t_bhtt": total - total // 5,
    }  # fmt: skip


def load(path: Path, settings: DataPathSettings, **options: Any) -> ClaimFileReport:
    return load_claim_file(path, settings=settings, now=options.pop("now", NOW), by="thu.nghiem", **options)


def written(folder: Path, *claims: SourceClaim, name: str = "ho_so.xml", **options: Any) -> Path:
    """Write one envelope with these claims and return its path."""
    path = folder / name
    path.write_bytes(envelope(claims, **options))
    return path


def landed(settings: DataPathSettings, table: str) -> list[dict[str, Any]]:
    """Return every row of one table that files brought, in the order it landed."""
    return [row for b in batches(settings, "claim_files", table) for row in pq.read_table(b.path).to_pylist()]
