"""The rules about dossiers written a second time, in Polars."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from demo.tests.reading import read

MOMENT = r"^20[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])([01][0-9]|2[0-3])[0-5][0-9]$"
MIDNIGHT = r"^20[0-9]{6}2400$"
Found = dict[str, set[int]]


def dossiers(home: Path) -> Found:
    """Return the ids each rule about dossiers finds."""
    d = read(home, "GDDT", "gdt_ho_so")
    in_force, known = _listed(home, d)
    came, left = pl.col("ngay_tiep_nhan"), pl.col("ngay_tra")
    read_well = [(c.is_null() | c.str.contains(MOMENT) | c.str.contains(MIDNIGHT)) for c in (came, left)]
    arrived = came.is_not_null() | pl.col("trang_thai").is_in(["chờ", "rút", "từ chối"])
    ended = pl.col("trang_thai").is_in(["trả KQ", "từ chối", "rút"])
    readable = d.filter(read_well[0] & read_well[1])
    current = pl.col("id").is_in(in_force)
    listed = pl.col("ma_thu_tuc").is_in(known)
    return {
        "GDT-H01": _ids(readable.filter(left < came)),
        "GDT-H02": _ids(d.filter(came.is_not_null() & pl.col("ngay_hen_tra").is_null())),
        "GDT-H03": _ids(d.filter(ended & left.is_null())),
        "GDT-H04": _ids(d.filter(came.str.contains(r"^[0-9]{12}$") & listed & ~current & read_well[0])),
        "GDT-H05": _ids(d.filter(~listed)),
        "GDT-H06": _ids(d.filter(came.str.contains(MIDNIGHT) | left.str.contains(MIDNIGHT))),
        "GDT-H07": _ids(d.filter(~(read_well[0] & read_well[1] & arrived))),
    }


def _listed(home: Path, d: pl.DataFrame) -> tuple[list[int], list[str]]:
    """Return the dossiers whose code was in force on the day of receipt, and every code there ever was."""
    codes = read(home, "GDDT", "gdt_thu_tuc", "ma hieu_luc_tu hieu_luc_den").drop("id")
    day = pl.col("ngay_tiep_nhan").str.slice(0, 8).str.to_date("%Y%m%d", strict=False).cast(pl.String)
    pairs = d.with_columns(day=day).join(codes, left_on="ma_thu_tuc", right_on="ma")
    inside = (pl.col("hieu_luc_tu") <= pl.col("day")) & (
        pl.col("day") < pl.col("hieu_luc_den").fill_null("9999")
    )
    return pairs.filter(inside)["id"].to_list(), codes["ma"].to_list()


def _ids(frame: pl.DataFrame) -> set[int]:
    return set(frame["id"].to_list())
