"""The rules of the benefit system's checks written a second time, straight from the sources."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import polars as pl

from demo.sources.nation.geography import provinces
from demo.tests.reading import read

Found = dict[str, set[int]]
OLD_FONT = r"[\u00a1-\u00bf]"
REFORM = "2025-07-01"


def benefits(home: Path) -> Found:
    """Return what each check of the benefit system must find."""
    return {**_dossiers(home), **_levels(home), **_payments(home)}


def _ids(frame: pl.DataFrame) -> set[int]:
    return set(frame["id"].to_list())


def _dossiers(home: Path) -> Found:
    register = read(home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh ho_ten ngay_sinh").drop("id")
    rows = read(home, "TCS", "tcs_ho_so_huong", "ma_so_bhxh ho_ten ngay_sinh")
    both = rows.join(
        register.unique("ma_so_bhxh", keep="first", maintain_order=True), on="ma_so_bhxh", how="left"
    )
    found: Found = {"XD-H01": set(), "XD-H02": set(), "XD-H03": set()}
    for i, _, name, born, known, known_born in both.iter_rows():
        broken = re.search(OLD_FONT, name) is not None
        if broken or unicodedata.normalize("NFC", name) != name or re.search(r"[\x00-\x1f]", name):
            found["XD-H03"].add(i)
        other_name = not broken and _plain(name) != _plain(known)
        other_year = born[-4:] != known_born[-4:]
        if other_name and other_year:
            found["XD-H01"].add(i)
        elif other_name or other_year:
            found["XD-H02"].add(i)
    return found


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.lower())
    return "".join(c for c in letters if not unicodedata.combining(c) and c >= " ").strip()


def _levels(home: Path) -> Found:
    rows = read(home, "TCS", "tcs_muc_huong_ls", "tu_ngay created_at")
    return {
        "XD-M01": _ids(rows.filter(pl.col("created_at").str.slice(0, 7) > pl.col("tu_ngay").str.slice(0, 7)))
    }


def _payments(home: Path) -> Found:
    rows = read(
        home, "TCS", "tcs_chi_tra_thang", "ky so_ho_so ma_so_bhxh loai_che_do khoan ma_cq_bhxh created_at"
    )
    regular = rows.filter(pl.col("khoan") == "lương hưu")
    months = [
        pl.col(c).str.replace_all("-", "").str.slice(0, 4).cast(pl.Int64) * 12
        + pl.col(c).str.replace_all("-", "").str.slice(4, 2).cast(pl.Int64)
        for c in ("created_at", "ky")
    ]
    return {
        "XD-T02": _ids(_to_the_dead(home, regular)),
        "XD-T03": _ids(_from_the_old_province(home, regular)),
        "XD-T04": _ids(_to_contributors(home, regular)),
        "XD-T05": _ids(rows.filter(months[0] - months[1] > 1)),
    }


def _to_the_dead(home: Path, regular: pl.DataFrame) -> pl.DataFrame:
    deaths = read(home, "TCS", "tcs_tu_tuat", "ma_so_bhxh_nguoi_chet ngay_chet").drop("id")
    month = pl.col("ngay_chet").str.replace_all("-", "").str.slice(0, 6)
    joined = regular.join(deaths, left_on="ma_so_bhxh", right_on="ma_so_bhxh_nguoi_chet")
    return joined.filter(month < pl.col("ky"))


def _from_the_old_province(home: Path, regular: pl.DataFrame) -> pl.DataFrame:
    """Return payments by the province a dossier had left, both provinces named as they are today."""
    today = {p.code: p.new_code for p in provinces()}
    moves = read(home, "TCS", "tcs_di_chuyen", "so_ho_so tinh_di ngay").drop("id")
    by_name = pl.col("tinh_di").replace_strict(today, default=None)
    left = pl.when(pl.col("ngay") < REFORM).then(by_name).otherwise(pl.col("tinh_di")).alias("left")
    office = pl.col("ma_cq_bhxh").str.slice(0, 2)
    paid_by = (
        pl.when(pl.col("ky") < "202507").then(office.replace_strict(today, default=None)).otherwise(office)
    )
    joined = regular.join(moves.with_columns(left), on="so_ho_so")
    after = pl.col("ngay").str.replace_all("-", "").str.slice(0, 6) < pl.col("ky")
    return joined.filter(after, paid_by == pl.col("left"))


def _to_contributors(home: Path, regular: pl.DataFrame) -> pl.DataFrame:
    lines = read(home, "TST", "tst_dong_ca_nhan", "ky ma_so_bhxh quy").filter(pl.col("quy") == "HTTT")
    payers = lines.select("ky", "ma_so_bhxh").unique()
    pensions = regular.filter(pl.col("loai_che_do").is_in(["01", "02"]))
    return pensions.join(payers, on=["ky", "ma_so_bhxh"], how="semi")
