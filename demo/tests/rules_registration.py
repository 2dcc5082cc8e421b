"""The checks of CMS-HGĐ written a second time, in Polars and Python."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from demo.sources.nation.geography import districts, provinces
from demo.tests.names import is_damaged
from demo.tests.reading import read

FULL_DATE = r"^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}$"
NUMBER = r"^([0-9]{10}|[0-9]{12})$"
REDUCED = {1: 100, 2: 70, 3: 60, 4: 50, 5: 40}  # percent of the first member's premium (Luật BHYT)
Found = dict[str, set[int]]


def _ids(frame: pl.DataFrame) -> set[int]:
    return set(frame["id"].to_list())


def registration(home: Path) -> Found:
    """Return what each check of the six tables must find."""
    return {**_households(home), **_members(home), **_pairs(home), **_premiums(home)}


def _households(home: Path) -> Found:
    homes = read(home, "HGD", "hgd_ho", "ma_ho ma_tinh ma_huyen updated_at")
    heads = _stays(home).filter(pl.col("quan_he_chu_ho") == "00")["ma_ho"].implode()
    old = {p.code for p in provinces()}
    new = {p.new_code for p in provinces()}
    pairs = {(provinces()[d.province].code, d.code) for d in districts()}

    def obsolete(province: str, district: str | None, updated: str) -> bool:
        if updated >= "2025-07-01":
            return district is not None or province not in new
        return (province, district) not in pairs

    unknown = homes.filter(~pl.col("ma_tinh").is_in([*old, *new]))
    known = homes.filter(pl.col("ma_tinh").is_in([*old, *new]))
    rows = known.select("id", "ma_tinh", "ma_huyen", "updated_at").iter_rows()
    return {
        "HGD-H01": {i for i, *place in rows if obsolete(*place)},
        "HGD-H02": _ids(homes.filter(~pl.col("ma_ho").is_in(heads))),
        "HGD-H03": _ids(unknown),
    }


def _stays(home: Path) -> pl.DataFrame:
    return read(home, "HGD", "hgd_thanh_vien").filter(pl.col("den_ngay").is_null())


def _members(home: Path) -> Found:
    every = read(home, "HGD", "hgd_thanh_vien")
    homes = read(home, "HGD", "hgd_ho", "ma_ho ma_tinh")
    codes = [p.code for p in provinces()] + [p.new_code for p in provinces()]
    placed = homes.filter(pl.col("ma_tinh").is_in(codes))["ma_ho"].implode()
    twice = _stays(home).filter(pl.col("ma_so_bhxh").is_not_null() & pl.col("ma_so_bhxh").is_duplicated())
    return {
        "HGD-V01": _ids(every.filter(~pl.col("ma_ho").is_in(placed))),
        "HGD-V02": _ids(every.filter(~pl.col("ma_so_bhxh").str.contains(NUMBER))),
        "HGD-V03": _ids(every.filter(~pl.col("so_ddcn").str.contains(r"^[0-9]{12}$"))),
        "HGD-V04": _ids(every.filter(~pl.col("ngay_sinh").str.contains(FULL_DATE))),
        "HGD-V05": {i for i, name in every.select("id", "ho_ten").iter_rows() if is_damaged(name)},
        "HGD-V06": _ids(twice),
    }


def _pairs(home: Path) -> Found:
    pairs = read(home, "HGD", "hgd_trung_ma", "trang_thai")
    return {"HGD-T01": _ids(pairs.filter(pl.col("trang_thai").is_in(["nghi trùng", "xác nhận"])))}


def _premiums(home: Path) -> Found:
    paid = read(home, "HGD", "hgd_dong_bhyt")
    base = pl.when(pl.col("ngay_dong") >= "2026-07-01").then(2_530_000).otherwise(2_340_000)
    percent = pl.col("thu_tu_nguoi").clip(1, 5).replace_strict(REDUCED, return_dtype=pl.Int64)
    off = pl.col("muc_dong") * 100_000 - base * percent * 45
    return {
        "HGD-D01": _ids(paid.filter(~pl.col("ma_so_bhxh").str.contains(NUMBER))),
        "HGD-D02": _ids(paid.filter(off.abs() > 100_000)),
    }
