"""Contribution lines and the stock of participants, from the collection system's own tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.oracle.tables import code_list, living
from tests.oracle.units import placed

LEAST_BASE = 500_000


def contribution_lines(sources: Path, levels: pl.DataFrame) -> pl.DataFrame:
    """Return every line that no rule holds back, one row per source row."""
    month = pl.col("ky").str.slice(0, 4) + "-" + pl.col("ky").str.slice(4, 2)
    due = sum((pl.col(c).fill_null(0) for c in ("so_tien_ld", "so_tien_sd", "so_tien_nsnn")), pl.lit(0))
    kept = _joined(sources).filter(
        pl.col("ma_so_bhxh").str.contains(r"^\d{10}$"),
        pl.col("person").is_not_null(),
        pl.col("employer").is_not_null(),
        ~pl.col("is_compulsory") | (pl.col("can_cu_dong") >= LEAST_BASE),
        pl.col("ky").str.contains(r"^20\d{2}(0[1-9]|1[0-2])$"),
    )
    named = kept.with_columns(
        month.alias("month"),
        due.alias("due"),
        pl.col("so_tien_da_dong").fill_null(0).alias("collected"),
        pl.col("can_cu_dong").fill_null(0).alias("base"),
        pl.col("quy").alias("fund.component"),
    )
    return placed(named, levels)


def _joined(sources: Path) -> pl.DataFrame:
    money = ("can_cu_dong", "so_tien_ld", "so_tien_sd", "so_tien_nsnn", "so_tien_da_dong")
    texts = ("ky", "ma_so_bhxh", "ma_don_vi", "quy", "ma_cq_bhxh")
    columns = {"id": pl.Int64} | dict.fromkeys(texts, pl.String) | dict.fromkeys(money, pl.Int64)
    funds = [
        {"quy": f["component_code"], "fund.fund": f["fund_code"], "is_compulsory": f["is_compulsory"] == "1"}
        for f in code_list("fund")
    ]
    return (
        living(sources, "tst_dong_ca_nhan", columns)
        .with_columns(pl.col("ma_don_vi").str.strip_chars())
        .join(people(sources), on="ma_so_bhxh", how="left")
        .join(employers(sources), on="ma_don_vi", how="left")
        .join(pl.DataFrame(funds), on="quy", how="left")
    )


def contributions(lines: pl.DataFrame) -> pl.DataFrame:
    """Return one row per person, employer, component, month and office: a correction is part of its line."""
    grain = ["person", "employer", "fund.component", "month", "ma_cq_bhxh"]
    carried = [c for c in lines.columns if c not in (*grain, "due", "collected", "base")]
    sums = [pl.col(c).sum() for c in ("due", "collected", "base")]
    return lines.group_by(grain).agg(*sums, *(pl.col(c).first() for c in carried))


def participation(lines: pl.DataFrame) -> pl.DataFrame:
    """Return one row per person, fund and month: the line with the largest base says where.

    A head is of a fund, not of one of its components.
    """
    ranked = lines.sort(["base", "employer", "id"], descending=[True, False, False])
    heads = ranked.unique(["person", "fund.fund", "month"], keep="first", maintain_order=True)
    return heads.drop("fund.component")  # one head of a fund, whatever it pays to inside


def people(sources: Path) -> pl.DataFrame:
    """Return per number of ten digits the oldest row of the register: key, sex, decade of birth."""
    register = living(
        sources,
        "tst_nguoi_tham_gia",
        {"id": pl.Int64, "ma_so_bhxh": pl.String, "gioi_tinh": pl.String, "ngay_sinh": pl.String},
    ).filter(pl.col("ma_so_bhxh").str.contains(r"^\d{10}$"))
    year = pl.col("ngay_sinh").str.strip_chars().str.extract(r"((?:19|20)\d{2})$")
    decade = (year.cast(pl.Int64) // 10 * 10).cast(pl.String)
    return (
        register.sort("id")
        .unique("ma_so_bhxh", keep="first", maintain_order=True)
        .select(
            "ma_so_bhxh",
            pl.col("id").alias("person"),
            pl.col("gioi_tinh").alias("participant.sex"),
            decade.alias("participant.birth_decade"),
        )
    )


def employers(sources: Path) -> pl.DataFrame:
    """Return per code the oldest row of the register of employers: key, sector."""
    register = living(sources, "tst_don_vi", {"id": pl.Int64, "ma_don_vi": pl.String, "khoi": pl.String})
    code = pl.col("ma_don_vi").str.strip_chars()
    return (
        register.with_columns(code)
        .sort("id")
        .unique("ma_don_vi", keep="first", maintain_order=True)
        .select(
            "ma_don_vi",
            pl.col("id").alias("employer"),
            pl.col("khoi").alias("employer.sector"),
            pl.col("ma_don_vi").alias("employer.employer"),
        )
    )
