"""Cards valid at month end and insurance books, from the collection system's own tables."""

from __future__ import annotations

from calendar import monthrange
from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle.tables import code_list, living
from tests.oracle.units import placed

REFORMED = "2025-07"
CARD = r"^[A-Z]{2}[1-5][0-9]{2}[0-9]{10}$"
FACT_OF = {"cards": ("card", "card_issue", "book")}
FIELDS = {
    "cards": [
        "object.group", "object", "benefit_level", "facility.level", "facility.class", "facility.facility",
        "issue_kind", "issue_reason",
    ],
}  # fmt: skip
DEFAULTS = {"issue_kind": "issue_kind.issue_kind"}
MEASURES: dict[str, tuple[str, pl.Expr]] = {
    "cardholders_end": ("card", pl.col("person").drop_nulls().n_unique()),
    "cards_end": ("card", pl.len()),
    "books_issued": ("book", pl.col("issued").sum()),
    "books_new": ("book", pl.col("issued").filter(pl.col("issue_kind.issue_kind") == "mới").sum()),
    "books_held_end": ("book", pl.col("held").sum()),
}
STOCKS = ("cardholders_end", "cards_end", "books_held_end")
DIFFERENCES = {
    "overlapping_cards": ("cards_end", "cardholders_end"),
    "books_reissued": ("books_issued", "books_new"),
}


def frames(sources: Path, levels: pl.DataFrame, months: list[str]) -> dict[str, pl.DataFrame]:
    """Return a row per valid card and month end, and a row per book known and month end, of the given months."""
    return {"card": _cards(sources, levels, months), "book": _books(sources, levels, months)}


def ends(months: list[str]) -> pl.DataFrame:
    last = [f"{m}-{monthrange(int(m[:4]), int(m[5:]))[1]}" for m in months]
    return pl.DataFrame({"month": months, "last": last})


def card_rows(sources: Path) -> pl.DataFrame:
    """Return every card whose number is whole and its holder's."""
    texts = (
        "ma_the", "ma_so_bhxh", "ma_doi_tuong", "muc_huong", "ma_dkbd", "tu_ngay", "den_ngay", "trang_thai",
        "ly_do_cap", "ngay_5nam", "ma_cq_bhxh",
    )  # fmt: skip
    rows = living(sources, "tst_the_bhyt", {"id": pl.Int64} | dict.fromkeys(texts, pl.String))
    number = pl.col("ma_the").str.strip_chars()
    return rows.filter(number.str.contains(CARD), number.str.slice(5) == pl.col("ma_so_bhxh"))


def _cards(sources: Path, levels: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    """Return the cards; `person` is the holder on his first card of the month, empty on the others."""
    good = card_rows(sources).filter(pl.col("trang_thai") == "1")
    rank = {row["object_code"]: int(row["priority"]) for row in code_list("hi_object")}
    group = {row["object_code"]: row["group_code"] for row in code_list("hi_object")}
    valid = good.join(ends(months), how="cross").filter(
        pl.col("tu_ngay") <= pl.col("last"), pl.col("last") <= pl.col("den_ngay").fill_null("9999-12-31")
    )
    ranked = valid.with_columns(
        pl.col("ma_doi_tuong").replace_strict(rank, default=9_999, return_dtype=pl.Int64).alias("rank")
    ).sort("rank", "tu_ngay", "id")
    first = pl.int_range(pl.len()).over("month", "ma_so_bhxh") == 0
    named = ranked.with_columns(
        pl.when(first).then(pl.col("ma_so_bhxh")).alias("person"),
        (pl.col("ngay_5nam") <= pl.col("last")).fill_null(value=False).alias("is_long"),
        pl.col("ma_doi_tuong").alias("object.object"),
        pl.col("ma_doi_tuong")
        .replace_strict(group, default=None, return_dtype=pl.String)
        .alias("object.group"),
        pl.col("muc_huong").alias("benefit_level.benefit_level"),
    ).join(_facilities(sources, months), left_on=["month", "ma_dkbd"], right_on=["month", "code"], how="left")
    return standing_now(named, levels)


def _facilities(sources: Path, months: list[str]) -> pl.DataFrame:
    """Return per month and code the facility: the one under contract at month end, else the one that was last."""
    texts = ("ma_cskcb", "tuyen", "hang", "hop_dong_tu", "hop_dong_den")
    rows = living(sources, "gd_cskcb", {"id": pl.Int64} | dict.fromkeys(texts, pl.String)).select(
        "id", pl.col("ma_cskcb").str.strip_chars().alias("code"), pl.col("tuyen").alias("facility.level"),
        pl.col("hang").alias("facility.class"), pl.col("ma_cskcb").str.strip_chars().alias("facility.facility"),
        pl.col("hop_dong_tu").fill_null("1900-01-01").alias("since"),
        pl.col("hop_dong_den").fill_null("9999-12-31").alias("until"),
    )  # fmt: skip
    off = ~((pl.col("since") <= pl.col("last")) & (pl.col("last") <= pl.col("until")))
    ranked = rows.join(ends(months), how="cross").with_columns(off.alias("off"))
    best = ranked.sort(["off", "until", "id"], descending=[False, True, False])
    return best.unique(["month", "code"], keep="first", maintain_order=True).drop(
        "id", "since", "until", "last", "off"
    )


def _books(sources: Path, levels: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    texts = ("ma_so_bhxh", "loai_cap", "ngay_cap", "trang_thai", "ma_cq_bhxh")
    columns: dict[str, Any] = {"id": pl.Int64, "lan_cap": pl.Int64} | dict.fromkeys(texts, pl.String)
    known = living(sources, "tst_so_bhxh", columns).join(ends(months), how="cross").filter(
        pl.col("ngay_cap") <= pl.col("last")
    )  # fmt: skip
    newest = known.sort(["ngay_cap", "lan_cap", "id"], descending=True)
    first = pl.int_range(pl.len()).over("month", "ma_so_bhxh") == 0
    named = newest.with_columns(
        (pl.col("ngay_cap").str.slice(0, 7) == pl.col("month")).cast(pl.Int64).alias("issued"),
        first.cast(pl.Int64).alias("held"),
        (first & (pl.col("trang_thai") == "người LĐ giữ")).cast(pl.Int64).alias("handed_over"),
        pl.col("loai_cap").alias("issue_kind.issue_kind"),
    )
    return standing_now(named, levels)


def standing_now(rows: pl.DataFrame, levels: pl.DataFrame) -> pl.DataFrame:
    """Join rows to their office; from the reform on, an office is the one that stands there now."""
    every = [c for c in levels.columns if c.startswith("org.")]
    heirs = levels.select(
        pl.col("org.unit@as_was").alias("owner"), *(pl.col(c).alias(f"heir {c}") for c in every)
    )
    here = placed(rows, levels).join(heirs, on="owner", how="left")
    since = pl.col("month") >= REFORMED
    moved = [pl.when(since).then(pl.col(f"heir {c}")).otherwise(pl.col(c)).alias(c) for c in every]
    return here.with_columns(moved).drop(f"heir {c}" for c in every)
