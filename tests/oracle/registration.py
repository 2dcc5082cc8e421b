"""Households, what they paid and the numbers issued, from the system of numbers and households itself."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from tests.oracle.tables import code_list, living
from tests.oracle.units import REFORM, placed

PERSON_CODE = r"^(\d{10}|\d{12})$"
ORIGINS = {
    "đơn vị": "employer",
    "hộ": "household",
    "trẻ khai sinh liên thông": "birth",
    "CSDLQG": "population",
}
RESULTS = {"khớp": "matched", "lệch": "different", "không tìm thấy": "not_found"}
FOREVER = "9999-12-31"


def premiums(sources: Path, levels: pl.DataFrame) -> pl.DataFrame:
    """Return every payment with a whole number and a day."""
    texts = ("ma_ho", "ma_so_bhxh", "ngay_dong", "ma_cq_bhxh")
    numbers = ("id", "thu_tu_nguoi", "muc_dong", "so_thang")
    columns = dict.fromkeys(numbers, pl.Int64) | dict.fromkeys(texts, pl.String)
    paid = living(sources, "hgd_dong_bhyt", columns).filter(
        pl.col("ma_so_bhxh").str.contains(PERSON_CODE), pl.col("ngay_dong").is_not_null()
    )
    order = pl.col("thu_tu_nguoi")
    named = (
        paid.join(_register(sources), left_on="ma_so_bhxh", right_on="code", how="left")
        .join(_homes(sources).select("ma_ho", "household"), on="ma_ho", how="left")
        .with_columns(
            pl.col("ngay_dong").str.slice(0, 7).alias("month"),
            (pl.col("muc_dong").fill_null(0) * pl.col("so_thang").fill_null(0)).alias("premium"),
            pl.when(order <= 4).then(order.cast(pl.String)).otherwise(pl.lit("5+")).alias("order.order"),
        )
    )
    return placed(named, levels)


def issues(sources: Path, levels: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    """Return every number issued in these months, at the office that issued it."""
    columns = dict.fromkeys(("ma_so_bhxh", "ngay_cap", "ma_cq", "nguon", "ket_qua_xac_thuc"), pl.String)
    issued = living(sources, "hgd_cap_ma", columns).with_columns(
        pl.col("ngay_cap").str.slice(0, 7).alias("month")
    )
    named = issued.filter(
        pl.col("ma_so_bhxh").str.contains(r"^\d{10}$"), pl.col("month").is_in(months)
    ).with_columns(
        pl.col("ma_cq").alias("ma_cq_bhxh"),
        pl.col("nguon").replace_strict(ORIGINS, default="other").alias("origin.origin"),
        pl.col("ket_qua_xac_thuc").replace_strict(RESULTS, default="unasked").alias("matching.matching"),
    )
    return placed(named, levels)


def stock(sources: Path, levels: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    """Return one row per stay and month end: who lived where, at which office, with a card or without."""
    stays, moves = _stays(sources), _moves(sources)
    cards, matched = _cards(sources), _matched(sources)
    parts = []
    for month in months:
        last = _last_day(month)
        here = stays.filter(pl.col("since") <= last, pl.col("until") >= last)
        valid = cards.filter(pl.col("tu_ngay") <= last, pl.col("den_ngay") >= last)["ma_so_bhxh"].unique()
        known = matched.filter(pl.col("on") <= last)["ma_so_bhxh"].unique()
        parts.append(
            _placed_on(here, moves, last).with_columns(
                pl.lit(month).alias("month"),
                pl.col("number").is_in(valid.implode()).fill_null(value=False).alias("has_card"),
                pl.col("number").is_in(known.implode()).fill_null(value=False).alias("is_matched"),
            )
        )
    every = pl.concat(parts)
    whole, some = (getattr(pl.col("has_card"), f)().over("household", "month") for f in ("all", "any"))
    named = every.with_columns(
        pl.when("has_card").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("card.card"),
        pl.when(whole).then(pl.lit("full")).when(some).then(pl.lit("part")).otherwise(pl.lit("none"))
        .alias("household_card.household_card"),
    )  # fmt: skip
    return placed(named, levels)


def _last_day(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    after = date(year + number // 12, number % 12 + 1, 1)
    return (after - timedelta(days=1)).isoformat()


def _register(sources: Path) -> pl.DataFrame:
    """Return code → person and own number: the mã số itself, and the CCCD of the first person who has it."""
    columns = {"id": pl.Int64} | dict.fromkeys(("ma_so_bhxh", "so_ddcn"), pl.String)
    people = living(sources, "tst_nguoi_tham_gia", columns).filter(
        pl.col("ma_so_bhxh").str.contains(r"^\d{10}$")
    )
    by_number = people.select(pl.col("ma_so_bhxh").alias("code"), pl.col("id").alias("person"), "ma_so_bhxh")
    by_id = people.filter(pl.col("so_ddcn").str.contains(r"^\d{12}$")).select(
        pl.col("so_ddcn").alias("code"), pl.col("id").alias("person"), "ma_so_bhxh"
    )
    both = pl.concat([by_number, by_id]).sort("person").unique("code", keep="first")
    return both.rename({"ma_so_bhxh": "number"})


def _homes(sources: Path) -> pl.DataFrame:
    """Return the households whose province is known, with its number before the reform and since."""
    old = {r["province_code"]: r["successor_code"] for r in code_list("province_old")}
    new = {r["province_code"] for r in code_list("province_new")}
    districts = {(r["province_code"], r["district_code"]) for r in code_list("district_old")}
    columns = {"id": pl.Int64} | dict.fromkeys(("ma_ho", "ma_tinh", "ma_huyen", "ma_cq_bhxh"), pl.String)
    rows = []
    for row in (
        living(sources, "hgd_ho", columns).sort("id").unique("ma_ho", keep="first").iter_rows(named=True)
    ):
        province = row["ma_tinh"]
        if province not in old and province not in new:
            continue
        is_old = (province, row["ma_huyen"]) in districts or province not in new
        now = old[province] if is_old else province
        rows.append((row["ma_ho"], row["id"], row["ma_cq_bhxh"], now, province if is_old else None))
    schema = ["ma_ho", "household", "office_now", "province_now", "province_before"]
    return pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)


def _stays(sources: Path) -> pl.DataFrame:
    texts = ("ma_ho", "ma_so_bhxh", "so_ddcn", "gioi_tinh", "tu_ngay", "den_ngay")
    rows = living(sources, "hgd_thanh_vien", {"id": pl.Int64} | dict.fromkeys(texts, pl.String))
    code = pl.col("ma_so_bhxh")
    return (
        rows.filter(code.is_null() | code.str.contains(PERSON_CODE))
        .join(_homes(sources), on="ma_ho", how="inner")
        .join(_register(sources), left_on="ma_so_bhxh", right_on="code", how="left")
        .with_columns(
            pl.coalesce("person", -pl.col("id")).alias("member"),
            code.is_not_null().alias("has_number"),
            pl.col("gioi_tinh").alias("sex.sex"),
            pl.col("tu_ngay").fill_null("1995-02-16").alias("since"),
            pl.col("den_ngay").fill_null(FOREVER).alias("until"),
        )
    )


def _moves(sources: Path) -> dict[str, pl.DataFrame]:
    """Return, for the office and the province, the old values in the order they were given up."""
    columns = dict.fromkeys(("ma_ho", "truong", "gia_tri_cu", "ngay_bien_dong"), pl.String)
    log = living(sources, "hgd_bien_dong", {"id": pl.Int64} | columns).sort("ngay_bien_dong", "id")
    return {f: log.filter(pl.col("truong") == f) for f in ("ma_cq_bhxh", "ma_tinh")}


def _placed_on(here: pl.DataFrame, moves: dict[str, pl.DataFrame], last: str) -> pl.DataFrame:
    """Give every stay the office and the place of that day: the first old value given up later, else today's."""
    found = here
    for field, name in (("ma_cq_bhxh", "office_then"), ("ma_tinh", "province_then")):
        later = (
            moves[field]
            .filter(pl.col("ngay_bien_dong") > last)
            .unique("ma_ho", keep="first", maintain_order=True)
        )
        then = later.select("ma_ho", pl.col("gia_tri_cu").alias(name))
        found = found.join(then, on="ma_ho", how="left")
    before = pl.when(pl.lit(last < REFORM)).then("province_before")
    province = pl.coalesce("province_then", before, "province_now")
    era = "-1995" if last < REFORM else "-2025"
    return found.with_columns(
        pl.coalesce("office_then", "office_now").alias("ma_cq_bhxh"),
        (pl.lit("P") + province + pl.lit(era)).alias("place.province"),
    )


def _cards(sources: Path) -> pl.DataFrame:
    texts = ("ma_the", "ma_so_bhxh", "tu_ngay", "den_ngay", "trang_thai")
    cards = living(sources, "tst_the_bhyt", dict.fromkeys(texts, pl.String))
    shaped = pl.col("ma_the").str.contains(r"^[A-Z]{2}[1-5][0-9]{12}$")
    own = pl.col("ma_the").str.slice(5, 10) == pl.col("ma_so_bhxh")
    return cards.filter(shaped, own, pl.col("trang_thai") == "1")


def _matched(sources: Path) -> pl.DataFrame:
    columns = dict.fromkeys(("ma_so_bhxh", "ket_qua_xac_thuc", "ngay_xac_thuc"), pl.String)
    found = living(sources, "hgd_cap_ma", columns).filter(pl.col("ket_qua_xac_thuc") == "khớp")
    return found.group_by("ma_so_bhxh").agg(pl.col("ngay_xac_thuc").min().alias("on"))
