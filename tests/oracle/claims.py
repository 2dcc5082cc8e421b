"""Claims from the review system's own tables: the newest sending of every visit that no rule holds back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl

from tests.oracle.tables import code_list, living, xu
from tests.oracle.units import placed

VISIT = ["ma_cskcb", "ma_lk", "lan_gui"]
MONEY = {
    "total": "t_tongchi_bv", "hi_paid": "t_bhtt", "copay": "t_bncct", "self_paid": "t_bntt",
    "in_scope": "t_tongchi_bh", "other_source": "t_nguonkhac", "outside_capitation": "t_bhtt_gdv",
}  # fmt: skip
ORIGINS = {"1": "outside", "0": "inside"}
REFERRALS = {"1": "referred", "2": "emergency", "3": "self"}
AGES = ((6, "0-5"), (15, "6-14"), (25, "15-24"), (40, "25-39"), (60, "40-59"), (80, "60-79"))


def claims(sources: Path, levels: pl.DataFrame) -> pl.DataFrame:
    """Return one row per visit with its money in xu and every level it can be cut by."""
    sent = _sent(sources)
    newest = pl.col("lan_gui") == pl.col("lan_gui").max().over("ma_cskcb", "ma_lk")
    kept = (
        sent.with_columns(newest.alias("is_newest"))
        .filter("is_newest", pl.col("came").is_not_null(), pl.col("left").is_not_null())
        .filter(pl.col("came") <= pl.col("left"))
        .join(_under_contract(sources, sent), on="id", how="inner")
    )
    for name, frame in (("drug", _lines(sources, "gd_thuoc")), ("service", _lines(sources, "gd_dvkt"))):
        sums = [pl.col("xu").sum().alias(name)]
        if name == "service":
            sums += [
                pl.col("xu").filter(pl.col("ma_nhom") == 13).sum().alias("exam"),
                pl.col("xu").filter(pl.col("ma_nhom").is_in([14, 15, 16])).sum().alias("bed"),
            ]
        kept = kept.join(frame.group_by(VISIT).agg(sums), on=VISIT, how="left")
    lines = [pl.col(c).fill_null(0) for c in ("exam", "bed", "drug")]
    other = pl.col("total") - pl.col("exam") - pl.col("bed") - pl.col("drug")
    return placed(kept.with_columns(lines).with_columns(other.alias("other")), levels)


def claim_costs(sources: Path, visits: pl.DataFrame) -> pl.DataFrame:
    """Return the drug and service lines of the visits that count, with what lines can be cut by."""
    lines = pl.concat([_lines(sources, table) for table in ("gd_thuoc", "gd_dvkt")])
    classes = {row["cost_group_code"]: row["class_code"] for row in code_list("cost_group")}
    group = pl.col("ma_nhom").cast(pl.String)
    other = ("object", "benefit_level", "sex", "age_band", "referral", "origin", "card_province")
    kept = visits.drop([column for column in visits.columns if column.split(".")[0] in other])
    return kept.join(lines, on=VISIT, how="inner").with_columns(
        group.alias("cost_group.cost_group"),
        group.replace_strict(classes, default=None, return_dtype=pl.String).alias("cost_group.class"),
    )


TEXTS = (
    "ma_cskcb", "ma_lk", "ma_the_bhyt", "gioi_tinh", "ngay_sinh", "ngay_vao", "ngay_ra", "ma_loai_kcb", "ma_cq_bhxh",
    "ma_doituong_kcb", "noi_ngoai_tinh",
)  # fmt: skip


def _sent(sources: Path) -> pl.DataFrame:
    columns = {"id": pl.Int64, "lan_gui": pl.Int64, "so_ngay_dtri": pl.Int64} | dict.fromkeys(
        TEXTS, pl.String
    )
    rows = living(sources, "gd_ho_so", columns | dict.fromkeys(MONEY.values(), pl.Float64))
    groups = {r["object_code"]: r["group_code"] for r in code_list("hi_object")}
    inpatient = [r["visit_type_code"] for r in code_list("visit_type") if r["care_code"] == "inpatient"]
    card = pl.col("ma_the_bhyt").str.split(";").list.first().str.strip_chars()
    named = rows.with_columns(
        pl.col("ma_cskcb").str.strip_chars(),
        _moment("ngay_vao").alias("came"),
        _moment("ngay_ra").alias("left"),
        card.str.slice(0, 2).alias("object.object"),
        card.str.slice(0, 2).replace_strict(groups, default=None).alias("object.group"),
        card.str.slice(2, 1).cast(pl.Int16, strict=False).cast(pl.String).alias("benefit_level.benefit_level"),
        card.str.slice(-10).alias("patient"),
        pl.col("gioi_tinh").alias("sex.sex"),
        pl.col("ma_loai_kcb").alias("visit_type.type"),
        pl.when(pl.col("ma_loai_kcb").is_in(inpatient)).then(pl.lit("inpatient")).otherwise(pl.lit("outpatient"))
        .alias("visit_type.care"),
        pl.col("ma_doituong_kcb").str.slice(0, 1).replace_strict(REFERRALS, default="other").alias("referral.referral"),
        pl.col("noi_ngoai_tinh").replace_strict(ORIGINS, default="unknown").alias("origin.origin"),
        pl.when(card.str.slice(3, 2).is_in([r["province_code"] for r in code_list("province_old")]))
        .then("P" + card.str.slice(3, 2) + "-1995").alias("card_province.card_province"),
        pl.col("so_ngay_dtri").fill_null(0).alias("days"),
        *(xu(source).alias(name) for name, source in MONEY.items()),
    )  # fmt: skip
    month = pl.col("ngay_ra").str.slice(0, 4) + "-" + pl.col("ngay_ra").str.slice(4, 2)
    age = pl.struct("came", "ngay_sinh").map_elements(_age_band, return_dtype=pl.String)
    return named.with_columns(month.alias("month"), age.alias("age_band.age_band"))


def _moment(column: str) -> pl.Expr:
    twelve = pl.when(pl.col(column).str.contains(r"^\d{12}$")).then(pl.col(column))
    return twelve.str.to_datetime("%Y%m%d%H%M", strict=False)


def _age_band(visit: dict[str, object]) -> str:
    came, born = visit["came"], str(visit["ngay_sinh"] or "")
    if not isinstance(came, datetime) or born[:2] not in ("19", "20") or not born[:4].isdigit():
        return "unknown"
    years = came.year - int(born[:4]) - (f"{came:%m%d}" < (born[4:8] or "0101"))
    if years < 0:
        return "unknown"
    return next((band for limit, band in AGES if years < limit), "80+")


def _under_contract(sources: Path, sent: pl.DataFrame) -> pl.DataFrame:
    """Return id → the facility that had a contract on the day of the visit."""
    texts = ("ma_cskcb", "tuyen", "hang", "hop_dong_tu", "hop_dong_den")
    facilities = living(sources, "gd_cskcb", {"id": pl.Int64} | dict.fromkeys(texts, pl.String)).select(
        pl.col("ma_cskcb").str.strip_chars(),
        pl.col("id").alias("facility"),
        pl.col("tuyen").alias("facility.level"),
        pl.col("hang").alias("facility.class"),
        pl.col("ma_cskcb").str.strip_chars().alias("facility.facility"),
        pl.col("hop_dong_tu").fill_null("1900-01-01").alias("from"),
        pl.col("hop_dong_den").fill_null("9999-12-31").alias("to"),
    )
    day = pl.col("came").dt.strftime("%Y-%m-%d")
    visits = sent.filter(pl.col("came").is_not_null()).select("id", "ma_cskcb", day.alias("day"))
    held = visits.join(facilities, on="ma_cskcb").filter(
        pl.col("from") <= pl.col("day"), pl.col("day") <= pl.col("to")
    )
    return held.sort("facility").unique("id", keep="first").drop("ma_cskcb", "day", "from", "to")


def _lines(sources: Path, table: str) -> pl.DataFrame:
    columns = {"ma_cskcb": pl.String, "ma_lk": pl.String, "lan_gui": pl.Int64, "ma_nhom": pl.Int64}
    rows = living(sources, table, columns | {"thanh_tien_bv": pl.Float64, "t_bhtt": pl.Float64})
    money = (xu("thanh_tien_bv").alias("xu"), xu("t_bhtt").alias("line_hi_paid"))
    return rows.select("ma_lk", "lan_gui", "ma_nhom", pl.col("ma_cskcb").str.strip_chars(), *money)
