"""The checks' rules written a second time, in Polars and Python: what each must find, straight from the sources."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from demo.sources.nation.geography import districts, provinces
from demo.sources.nation.geography import read as facts
from demo.tests.benefit_rules import benefits
from demo.tests.efiling_rules import dossiers
from demo.tests.names import is_damaged
from demo.tests.reading import read
from demo.tests.rules_accounting import accounting
from demo.tests.rules_registration import registration

TEN, TWELVE = r"^[0-9]{10}$", r"^[0-9]{12}$"
PAPER, FULL_DATE = r"^([0-9]{9}|[0-9]{12})$", r"^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/[0-9]{4}$"
RATES = {"HTTT": 22.0, "ODTS": 3.0, "TNLD": 0.5, "BHTN": 2.0, "BHYT": 4.5, "BHXHTN": 22.0, "BHYTHGD": 4.5}
COMPULSORY = ["HTTT", "ODTS", "TNLD", "BHTN", "BHYT"]
Found = dict[str, set[int]]


def _ids(frame: pl.DataFrame) -> set[int]:
    return set(frame["id"].to_list())


def people(home: Path) -> Found:
    p = read(home, "TST", "tst_nguoi_tham_gia")
    twelve = p.filter(pl.col("so_ddcn").str.contains(TWELVE))
    digit, year = (
        pl.col("so_ddcn").str.slice(3, 1).cast(pl.Int64),
        pl.col("ngay_sinh").str.slice(-4).cast(pl.Int64),
    )
    century = (year >= 2000).cast(pl.Int64) * 2 + (pl.col("gioi_tinh") == 2).cast(pl.Int64)
    off = (digit != century) | (pl.col("so_ddcn").str.slice(4, 2).cast(pl.Int64) != year % 100)
    active = p.filter((pl.col("trang_thai_ma") == "1") & pl.col("so_ddcn").is_not_null())
    return {
        "TST-N01": _ids(p.filter(~pl.col("ma_so_bhxh").str.contains(TEN))),
        "TST-N02": _ids(p.filter(~pl.col("so_ddcn").str.contains(TWELVE) | ~pl.col("so_cmnd").str.contains(PAPER))),
        "TST-N03": _ids(twelve.filter(off)),
        "TST-N04": _ids(p.filter(~pl.col("ngay_sinh").str.contains(FULL_DATE))),
        "TST-N05": {i for i, name in p.select("id", "ho_ten").iter_rows() if is_damaged(name)},
        "TST-N06": _ids(active.filter(pl.col("so_ddcn").is_duplicated())),
    }  # fmt: skip


def employers(home: Path) -> Found:
    e = read(home, "TST", "tst_don_vi")
    real = {(provinces()[d.province].code, d.code) for d in districts()}
    old = e.filter((pl.col("ngay_tham_gia") < "2025-07-01") & pl.col("ma_huyen").is_not_null())
    rows = old.select("id", "ma_tinh", "ma_huyen").iter_rows()
    return {"TST-D01": {i for i, province, district in rows if (province, district) not in real}}


def contributions(home: Path) -> Found:
    c = read(home, "TST", "tst_dong_ca_nhan")
    known = read(home, "TST", "tst_nguoi_tham_gia", "ma_so_bhxh")["ma_so_bhxh"].implode()
    firms = read(home, "TST", "tst_don_vi", "ma_don_vi")["ma_don_vi"].implode()
    rate = pl.col("quy").replace_strict(RATES, return_dtype=pl.Float64)
    due = pl.col("so_tien_ld") + pl.col("so_tien_sd") + pl.col("so_tien_nsnn")
    cap = pl.when(pl.col("ky") >= "202607").then(20 * 2_530_000).otherwise(20 * 2_340_000)
    well = pl.col("ma_so_bhxh").str.contains(TEN)
    return {
        "TST-C01": _ids(c.filter(~well)),
        "TST-C02": _ids(c.filter(well & ~pl.col("ma_so_bhxh").is_in(known))),
        "TST-C03": _ids(c.filter(~pl.col("ma_don_vi").is_in(firms))),
        "TST-C04": _ids(c.filter((due - pl.col("can_cu_dong") * rate / 100).abs() > 1)),
        "TST-C05": _ids(c.filter(pl.col("can_cu_dong") > cap)),
        "TST-C08": _ids(_two_bases(c)),
        "TST-C09": _ids(c.filter(pl.col("so_tien_da_dong") > due)),
        "TST-C06": _ids(c.filter(pl.col("quy").is_in(COMPULSORY) & (pl.col("can_cu_dong") < 500_000))),
    }


def _two_bases(c: pl.DataFrame) -> pl.DataFrame:
    pensions = c.filter(pl.col("quy") == "HTTT")
    return pensions.filter(pl.col("ma_don_vi").n_unique().over("ky", "ma_so_bhxh") > 1)


def cards(home: Path) -> Found:
    t = read(home, "TST", "tst_the_bhyt")
    level = {r["ma_doi_tuong"]: int(r["ky_tu_muc_huong"]) for r in facts("bhyt_object_codes.csv")}
    allowed = pl.col("ma_doi_tuong").replace_strict(level, return_dtype=pl.Int64)
    shaped = pl.col("ma_the").str.contains(r"^[A-Z]{2}[1-5][0-9]{2}[0-9]{10}$")
    own = pl.col("ma_the").str.slice(5) == pl.col("ma_so_bhxh")
    by_time = t.sort("ma_so_bhxh", "tu_ngay", "den_ngay")
    until = pl.col("den_ngay").str.to_date().to_physical()
    reach = until.cum_max().over("ma_so_bhxh")
    since = pl.col("tu_ngay").str.to_date().to_physical()
    spans = by_time.with_columns(since=since, until=until, reach=reach)
    later = spans.with_columns(before=pl.col("reach").shift(1).over("ma_so_bhxh"))
    second = later.filter(pl.col("since") <= pl.col("before"))
    pairs = second.join(spans, on="ma_so_bhxh", suffix="_other").filter(
        (pl.col("id") != pl.col("id_other")) & (pl.col("since") <= pl.col("until_other"))
        & (pl.col("since_other") <= pl.col("until"))
    )  # fmt: skip
    return {
        "TST-T01": _ids(t.filter(~(shaped & own))),
        "TST-T02": _ids(t.filter(pl.col("muc_huong") != allowed)),
        "TST-T03": _ids(pairs) | set(pairs["id_other"].to_list()),
    }


def claims(home: Path) -> Found:
    h = read(
        home, "GIAMDINH", "gd_ho_so",
        "ma_cskcb ma_lk lan_gui ngay_vao ngay_ra ma_benh_chinh gt_the_tu gt_the_den t_tongchi_bv",
    )  # fmt: skip
    f = read(home, "GIAMDINH", "gd_cskcb", "ma_cskcb hop_dong_tu hop_dong_den")
    moment = r"^[0-9]{8}([01][0-9]|2[0-3])[0-5][0-9]$"
    good = h.filter(pl.col("ngay_vao").str.contains(moment) & pl.col("ngay_ra").str.contains(moment))
    day = pl.col("ngay_ra").str.slice(0, 8).str.to_date("%Y%m%d").cast(pl.String)
    placed = h.with_columns(day=day).join(f.drop("id"), on="ma_cskcb", how="left")
    contracted = (pl.col("hop_dong_tu") <= pl.col("day")) & (
        pl.col("day") <= pl.col("hop_dong_den").fill_null("9999")
    )
    lines = pl.concat([_amounts(home, "gd_thuoc"), _amounts(home, "gd_dvkt")])
    sums = lines.group_by("ma_cskcb", "ma_lk", "lan_gui").agg(pl.col("thanh_tien_bv").sum())
    total = h.join(sums, on=["ma_cskcb", "ma_lk", "lan_gui"], how="left")
    newest = pl.col("lan_gui").max().over("ma_cskcb", "ma_lk")
    came, left = pl.col("ngay_vao").str.slice(0, 8), pl.col("ngay_ra").str.slice(0, 8)
    inside = (pl.col("gt_the_tu") <= came) & (pl.max_horizontal(came, left) <= pl.col("gt_the_den"))
    return {
        "GD-H01": _ids(placed.filter(~contracted.fill_null(value=False))),
        "GD-H02": _ids(good.filter(pl.col("ngay_vao") > pl.col("ngay_ra"))),
        "GD-H03": _ids(h) - _ids(good),
        "GD-H04": _ids(h.filter(~pl.col("ma_benh_chinh").str.contains(r"^[A-Z][0-9]{2}(\.[0-9]{1,2})?$"))),
        "GD-H05": _ids(h.filter(~inside)),
        "GD-H06": _ids(
            total.filter((pl.col("t_tongchi_bv") - pl.col("thanh_tien_bv").fill_null(0)).abs() > 10)
        ),
        "GD-H07": _ids(h.filter(pl.col("lan_gui") < newest)),
    }


def conduct(home: Path) -> Found:
    h = read(
        home, "GIAMDINH", "gd_ho_so",
        "ma_cskcb ngay_vao ngay_ra ma_the_bhyt ma_dkbd ma_doituong_kcb ma_loai_kcb so_ngay_dtri ky_qt",
    )  # fmt: skip
    placed = set(h["id"].to_list()) - claims(home)["GD-H01"]
    moment = r"^[0-9]{8}([01][0-9]|2[0-3])[0-5][0-9]$"
    good = h.filter(pl.col("ngay_vao").str.contains(moment) & pl.col("ngay_ra").str.contains(moment))
    days = [pl.col(c).str.slice(0, 8).str.to_date("%Y%m%d") for c in ("ngay_vao", "ngay_ra")]
    stays = good.filter(pl.col("ma_loai_kcb").is_in(["03", "04"]))
    left, settled = (
        pl.col(c).str.slice(0, 4).cast(pl.Int64) * 12 + pl.col(c).str.slice(4, 2).cast(pl.Int64)
        for c in ("ngay_ra", "ky_qt")
    )
    places = pl.col("ma_cskcb").n_unique().over("ma_the_bhyt", pl.col("ngay_ra").str.slice(0, 8))
    elsewhere = (pl.col("ma_doituong_kcb") == "1.1") & (pl.col("ma_dkbd") != pl.col("ma_cskcb"))
    return {
        "GD-H08": _ids(h.filter(~(settled - left).is_between(0, 6))),
        "GD-H09": _ids(stays.filter(pl.col("so_ngay_dtri") > (days[1] - days[0]).dt.total_days() + 1)),
        "GD-H10": _ids(h.filter(elsewhere)) & placed,
        "GD-H11": _ids(good.filter(places > 3)),
    }


def _amounts(home: Path, table: str) -> pl.DataFrame:
    return read(home, "GIAMDINH", table, "ma_cskcb ma_lk lan_gui thanh_tien_bv").drop("id")


def claim_lines(home: Path) -> Found:
    d = read(home, "GIAMDINH", "gd_thuoc", "so_luong don_gia thanh_tien_bv")
    s = read(home, "GIAMDINH", "gd_dvkt", "so_luong don_gia_bv don_gia_bh tyle_tt_dv thanh_tien_bv")
    off_d = pl.col("so_luong") * pl.col("don_gia") - pl.col("thanh_tien_bv")
    off_s = pl.col("so_luong") * pl.col("don_gia_bv") * pl.col("tyle_tt_dv") / 100 - pl.col("thanh_tien_bv")
    dear = s.filter(pl.col("don_gia_bh") > pl.col("don_gia_bv"))
    return {
        "GD-T01": _ids(d.filter(off_d.abs() > 1)), "GD-S01": _ids(s.filter(off_s.abs() > 1)), "GD-S02": _ids(dear),
    }  # fmt: skip


def licences(home: Path) -> Found:
    """Return the lines naming a licence that no registration at their facility covers on the day of the order."""
    lines = read(home, "GIAMDINH", "gd_dvkt", "ma_cskcb ma_bac_si ngay_yl")
    known = read(home, "GIAMDINH", "gd_cskcb", "ma_cskcb")["ma_cskcb"].implode()
    registered = read(home, "GIAMDINH", "gd_nguoi_hanh_nghe", "ma_cskcb ma_cchn tu_ngay den_ngay").drop("id")
    named = lines.filter(pl.col("ma_cskcb").is_in(known)).with_columns(
        ma_cchn=pl.col("ma_bac_si").str.split(";"), day=pl.col("ngay_yl").str.slice(0, 8)
    )
    spells = named.explode("ma_cchn").join(registered, on=["ma_cskcb", "ma_cchn"], how="left")
    since, until = (pl.col(c).str.replace_all("-", "") for c in ("tu_ngay", "den_ngay"))
    covered = ((since <= pl.col("day")) & (pl.col("day") <= until.fill_null("9999"))).fill_null(value=False)
    by_name = spells.group_by("id", "ma_cchn").agg(covered.any().alias("covered"))
    return {"GD-S03": _ids(by_name.filter(~pl.col("covered")))}


def personnel_and_iam(home: Path) -> Found:
    staff, papers = read(home, "QLNS", "ns_nhan_vien"), read(home, "QLNS", "ns_quyet_dinh")
    who = read(home, "IAM", "iam_dinh_danh")
    gone = staff.filter(pl.col("trang_thai").is_in(["nghỉ hưu", "thôi việc"]))["ma_nv"].implode()
    working = staff.filter(pl.col("trang_thai") == "làm việc")
    return {
        "NS-Q01": _ids(papers.filter(pl.col("ngay_nhap") > pl.col("ngay_hieu_luc"))),
        "NS-N01": _ids(working.filter(pl.col("email_nganh").is_null())),
        "IAM-D01": _ids(who.filter((pl.col("trang_thai") == "hoạt động") & pl.col("ma_nv").is_in(gone))),
    }


def everything(home: Path) -> Found:
    """Return the ids each rule finds over the whole demonstration."""
    parts = (
        people, employers, contributions, cards, claims, conduct, claim_lines, licences, accounting, personnel_and_iam,
        benefits, registration, dossiers,
    )  # fmt: skip
    return {check: ids for part in parts for check, ids in part(home).items()}
