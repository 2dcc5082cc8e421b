"""The accounting checks' rules written a second time, straight from the source tables."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import polars as pl

from demo.sources.schema import DATA
from demo.tests.reading import read

SWITCH = "202601"
Found = dict[str, set[int]]


def _ids(frame: pl.DataFrame) -> set[int]:
    return set(frame["id"].to_list())


def accounting(home: Path) -> Found:
    papers, lines = read(home, "KTTT", "kt_chung_tu"), read(home, "KTTT", "kt_but_toan")
    total = lines.group_by("ct_id").agg(pl.col("so_tien").sum().alias("sum"))
    booked = lines.join(
        papers.select("so_ct", "ky", "ma_cq", "tong_tien", "trang_thai"), left_on="ct_id", right_on="so_ct"
    ).join(total, on="ct_id")
    closed = read(home, "KTTT", "kt_so_du", "ky ma_cq created_at").group_by("ky", "ma_cq").agg(
        pl.col("created_at").min().alias("closed")
    )  # fmt: skip
    timed = booked.join(closed, on=["ky", "ma_cq"], how="left")
    old_number = (pl.col("tk_no").str.contains("-") | pl.col("tk_co").str.contains("-")) & (
        pl.col("ky") >= "202601"
    )
    shares = papers.filter((pl.col("loai_ct") == "ghi sổ") & pl.col("doi_tuong").is_not_null())
    settled = shares.group_by("doi_tuong").agg(pl.col("tong_tien").sum().alias("settled"))
    received = papers.filter(pl.col("loai_ct").is_in(["thu", "báo có"]) & pl.col("doi_tuong").is_not_null())
    receipts = received.join(settled, left_on="so_ct", right_on="doi_tuong", how="left")
    budget = read(home, "KTTT", "kt_du_toan", "so_giao_dau_nam bo_sung dieu_chinh")
    odd = [pl.col(c) % 1_000_000 != 0 for c in ("so_giao_dau_nam", "bo_sung", "dieu_chinh")]
    return {
        "KT-C01": _ids(receipts.filter(pl.col("settled").fill_null(0) != pl.col("tong_tien"))),
        "KT-B01": _ids(booked.filter(old_number)),
        "KT-B03": _ids(timed.filter(pl.col("created_at") > pl.col("closed"))),
        "KT-B04": _ids(booked.filter(pl.col("sum") != pl.col("tong_tien"))),
        "KT-S01": _balances(home, booked),
        "KT-D01": _ids(budget.filter(pl.any_horizontal(odd))),
    }


def _balances(home: Path, booked: pl.DataFrame) -> set[int]:
    """Balances that are not opening and turnover, or whose turnover is not that of the entries."""
    posted = booked.filter(pl.col("trang_thai") != "nháp")
    sums: dict[tuple[str, str, str, str], list[int]] = {}
    for side, column in enumerate(("tk_no", "tk_co")):
        for ky, unit, code, fund, amount in posted.select(
            "ky", "ma_cq", column, "ma_quy", "so_tien"
        ).iter_rows():
            sums.setdefault((ky, unit, _number(code, fund or "", ky), fund or ""), [0, 0])[side] += amount
    wrong = set()
    for row in read(home, "KTTT", "kt_so_du").iter_rows(named=True):
        moved = sums.get((row["ky"], row["ma_cq"], row["ma_tk"], row["ma_quy"] or ""), [0, 0])
        net = row["dau_ky_no"] - row["dau_ky_co"] + row["ps_no"] - row["ps_co"]
        if [row["ps_no"], row["ps_co"]] != moved or row["cuoi_ky_no"] - row["cuoi_ky_co"] != net:
            wrong.add(row["id"])
    return wrong


@cache
def _charts() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """Return old number → line, and (line, fund) → new number; fund "" is every other fund."""
    raw = tomllib.loads((DATA / "ledger.toml").read_text(encoding="utf-8"))
    return {code: line for line, code, _ in raw["old"]}, {(line, f): code for line, f, code, _ in raw["new"]}


def _number(code: str, fund: str, ky: str) -> str:
    """Return the number an account has in a period: the old one is read as its successor."""
    old, new = _charts()
    if ky < SWITCH or code not in old:
        return code
    return new.get((old[code], fund)) or new[old[code], ""]
