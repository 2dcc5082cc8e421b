"""Decisions, turns, lump sums, unemployment awards and payments, from the benefit system's own tables."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import polars as pl

from tests.oracle.collection import employers, people
from tests.oracle.tables import code_list, living
from tests.oracle.units import placed

FIRST_DAY, TEN = "2024-11-01", r"^\d{10}$"
OLD_FONT = "¸µ¶·¹¨©ª«¬®"
WAYS = {"tài khoản": "account", "tiền mặt": "cash"}
STATES = {"đã nhận": "received", "chưa nhận": "waiting", "trả lại": "returned"}


def benefit_frames(sources: Path, levels: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return one row per decision, turn, lump sum, award and payment that no rule holds back."""
    made = {
        "decision": _decisions(sources), "turn": _turns(sources), "lump_sum": _lump_sums(sources),
        "ui_award": _awards(sources), "payment": _payments(sources),
    }  # fmt: skip
    return {name: placed(_about_people(frame, sources), levels) for name, frame in made.items()}


def _about_people(frame: pl.DataFrame, sources: Path) -> pl.DataFrame:
    register = people(sources).rename(lambda c: c.replace("participant.", "beneficiary."))
    return frame.join(register, on="ma_so_bhxh", how="left").with_columns(pl.col("ma_so_bhxh").alias("head"))


def _month_of(day: str) -> pl.Expr:
    return pl.col(day).str.slice(0, 7).alias("month")


def _benefit_of(column: str) -> list[pl.Expr]:
    rows = code_list("benefit")
    kinds = {
        "benefit.benefit": "benefit_code",
        "benefit.group": "group_code",
        "benefit.frequency": "frequency_code",
    }
    return [
        pl.col(column).replace_strict({r["benefit_code"]: r[of] for r in rows}, default=None).alias(name)
        for name, of in {**kinds, "component": "component_code"}.items()
    ]  # fmt: skip


def _payer_of(source: pl.Expr) -> list[pl.Expr]:
    payers = {r["fund_source_code"]: r["payer_code"] for r in code_list("fund_source")}
    return [
        source.alias("fund_source.fund"),
        source.replace_strict(payers, default=None).alias("fund_source.payer"),
    ]


def _source() -> pl.Expr:
    """Return who pays: the fund of the benefit where the source says no more than «quỹ BHXH bắt buộc»."""
    known = [r["fund_source_code"] for r in code_list("fund_source")]
    named = pl.when(pl.col("nguon").is_in(known)).then(pl.col("nguon"))
    return pl.coalesce(named, pl.when(pl.col("nguon") == "QBB").then(pl.col("component")))


def _decisions(sources: Path) -> pl.DataFrame:
    texts = (
        "ma_so_bhxh", "ho_ten", "ngay_sinh", "loai_che_do", "nguon", "ngay_quyet_dinh", "ma_cq_duyet", "tuoi_nghi_huu",
        "ma_cq_bhxh",
    )  # fmt: skip
    numbers = ("id", "so_nam_dong", "so_thang_dong", "muc_huong")
    rows = living(
        sources, "tcs_ho_so_huong", dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Int64)
    )
    age = pl.col("tuoi_nghi_huu")
    years, months = (
        age.str.extract(rf"(\d+) {word}").cast(pl.Int64).fill_null(0) for word in ("tuổi", "tháng")
    )
    kept = rows.with_columns(_benefit_of("loai_che_do")).with_columns(_payer_of(_source())).filter(
        pl.col("ma_so_bhxh").str.contains(TEN), pl.col("ngay_quyet_dinh") >= FIRST_DAY,
        pl.col("benefit.benefit").is_not_null(), pl.col("fund_source.fund").is_not_null(),
    )  # fmt: skip
    return _without_strangers(kept, sources).with_columns(
        _month_of("ngay_quyet_dinh"), pl.coalesce("ma_cq_duyet", "ma_cq_bhxh").alias("ma_cq_bhxh"),
        (pl.col("so_nam_dong").fill_null(0) * 12 + pl.col("so_thang_dong").fill_null(0)).alias("insured"),
        (years * 12 + months).alias("retired"), pl.col("muc_huong").fill_null(0).alias("level"),
    )  # fmt: skip


def _without_strangers(rows: pl.DataFrame, sources: Path) -> pl.DataFrame:
    """Leave out dossiers whose name and year of birth are both another person's than the register says."""
    columns = {"id": pl.Int64} | dict.fromkeys(("ma_so_bhxh", "ho_ten", "ngay_sinh"), pl.String)
    register = living(sources, "tst_nguoi_tham_gia", columns).sort("id").unique("ma_so_bhxh", keep="first")
    known = {number: (_plain(name), _year(born)) for _, number, name, born in register.iter_rows()}
    strange = [
        i for i, number, name, born in rows.select("id", "ma_so_bhxh", "ho_ten", "ngay_sinh").iter_rows()
        if number in known and _differs(_plain(name), known[number][0]) and _differs(_year(born), known[number][1])
    ]  # fmt: skip
    return rows.filter(~pl.col("id").is_in(strange))


def _differs(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _plain(name: str | None) -> str | None:
    """Return a name without marks and capitals; None where an old font damaged it."""
    if name is None or set(name) & set(OLD_FONT):
        return None
    printable = re.sub(r"[\x00-\x1f\x7f]", "", unicodedata.normalize("NFC", name)).strip()
    marked = unicodedata.normalize("NFD", printable.lower())
    return "".join(letter for letter in marked if not unicodedata.combining(letter))


def _year(born: str | None) -> str | None:
    found = re.search(r"((?:19|20)\d{2})$", (born or "").strip())
    return found[1] if found else None


def _turns(sources: Path) -> pl.DataFrame:
    texts = ("ma_so_bhxh", "ma_don_vi", "loai", "ngay_duyet", "ma_cq_bhxh")
    numbers = ("id", "so_ngay", "so_tien")
    rows = living(sources, "tcs_ngan_han", dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Int64))
    kinds = code_list("turn_kind")
    named = rows.filter(pl.col("ma_so_bhxh").str.contains(TEN), pl.col("ngay_duyet") >= FIRST_DAY).with_columns(
        pl.col("ma_don_vi").str.strip_chars(), _month_of("ngay_duyet"), pl.col("so_ngay").fill_null(0).alias("days"),
        pl.col("so_tien").fill_null(0).alias("approved"),
        pl.col("loai").replace_strict({k["kind_word"]: k["kind_code"] for k in kinds}, default=None)
        .alias("turn_kind.turn_kind"),
        pl.col("loai").replace_strict({k["kind_word"]: k["benefit_code"] for k in kinds}, default=None).alias("code"),
    ).filter(pl.col("code").is_not_null())  # fmt: skip
    return named.with_columns(_benefit_of("code")).with_columns(_payer_of(pl.lit("ODTS"))).join(
        employers(sources), on="ma_don_vi", how="left"
    )  # fmt: skip


def _lump_sums(sources: Path) -> pl.DataFrame:
    texts = ("ma_so_bhxh", "ly_do", "ngay_quyet_dinh", "ma_cq", "ma_cq_bhxh")
    numbers = ("id", "so_nam_truoc_2014", "so_nam_sau_2014", "so_tien")
    rows = living(sources, "tcs_mot_lan", dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Int64))
    reasons = {r["reason_word"]: r["reason_code"] for r in code_list("lump_sum_reason")}
    kept = rows.filter(pl.col("ma_so_bhxh").str.contains(TEN), pl.col("ngay_quyet_dinh") >= FIRST_DAY)
    return kept.with_columns(
        _month_of("ngay_quyet_dinh"), pl.coalesce("ma_cq", "ma_cq_bhxh").alias("ma_cq_bhxh"),
        pl.col("ly_do").replace_strict(reasons, default="other").alias("lump_sum_reason.lump_sum_reason"),
        (pl.col("so_nam_truoc_2014").fill_null(0) + pl.col("so_nam_sau_2014").fill_null(0)).alias("years"),
        pl.col("so_tien").fill_null(0).alias("decided"), pl.lit("21").alias("code"),
    ).with_columns(_benefit_of("code")).with_columns(_payer_of(pl.lit("HTTT")))  # fmt: skip


def _awards(sources: Path) -> pl.DataFrame:
    texts = ("ma_so_bhxh", "tu_ngay", "ma_cq_bhxh")
    numbers = ("id", "so_thang", "muc_huong", "ho_tro_hoc_nghe")
    rows = living(sources, "tcs_bhtn", dict.fromkeys(texts, pl.String) | dict.fromkeys(numbers, pl.Int64))
    kept = rows.filter(pl.col("ma_so_bhxh").str.contains(TEN), pl.col("tu_ngay") >= FIRST_DAY)
    return kept.with_columns(
        _month_of("tu_ngay"), pl.col("so_thang").fill_null(0).alias("granted"),
        pl.col("muc_huong").fill_null(0).alias("level"), pl.col("ho_tro_hoc_nghe").fill_null(0).alias("training"),
        pl.lit("41").alias("code"),
    ).with_columns(_benefit_of("code")).with_columns(_payer_of(pl.lit("BHTN")))  # fmt: skip


def _payments(sources: Path) -> pl.DataFrame:
    texts = (
        "ky", "ma_so_bhxh", "loai_che_do", "nguon", "khoan", "hinh_thuc", "trang_thai", "ma_cq_bhxh", "created_at",
    )  # fmt: skip
    rows = living(sources, "tcs_chi_tra_thang", dict.fromkeys(texts, pl.String) | {"so_tien": pl.Int64})
    items = {r["item_word"]: r["item_code"] for r in code_list("payment_item")}
    made = rows.with_columns(_benefit_of("loai_che_do")).with_columns(_payer_of(_source())).with_columns(
        (pl.col("ky").str.slice(0, 4) + "-" + pl.col("ky").str.slice(4, 2)).alias("month"),
        pl.col("so_tien").fill_null(0).alias("amount"),
        pl.col("khoan").replace_strict(items, default="other").alias("item.item"),
        pl.col("hinh_thuc").replace_strict(WAYS, default="unknown").alias("method.method"),
        pl.col("trang_thai").replace_strict(STATES, default="unknown").alias("status.status"),
    )  # fmt: skip
    number = [pl.col(c).str.slice(0, 4).cast(pl.Int64) * 12 + pl.col(c).str.slice(5, 2).cast(pl.Int64)
              for c in ("created_at", "month")]  # fmt: skip
    valid = made.filter(
        pl.col("ky").str.contains(r"^20\d{2}(0[1-9]|1[0-2])$"), pl.col("ma_so_bhxh").str.contains(TEN),
        pl.col("benefit.benefit").is_not_null(), pl.col("fund_source.fund").is_not_null(),
    )  # fmt: skip
    return valid.filter(number[0] - number[1] >= -2)


PENSION = pl.col("benefit.group") == "pension"
REGULAR = pl.col("item.item") == "regular"
RECEIVED = pl.col("status.status") == "received"
MONTHLY = pl.col("benefit.frequency") == "monthly"
UNEMPLOYMENT = pl.col("fund_source.fund") == "BHTN"
ODTS = pl.col("fund_source.fund") == "ODTS"
KIND = pl.col("benefit.benefit")


def _sum(column: str, where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col(column) if where is None else pl.col(column).filter(where)).sum()


def _count(where: pl.Expr | None = None) -> pl.Expr:
    return pl.len() if where is None else where.sum()


def _heads(where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col("head") if where is None else pl.col("head").filter(where)).n_unique()


MEASURES: dict[str, tuple[str, pl.Expr]] = {  # name -> frame, expression
    "decisions": ("decision", _count()),
    "decided_people": ("decision", _heads()),
    "decided_level_vnd": ("decision", _sum("level")),
    "pension_decisions": ("decision", _count(PENSION)),
    "pension_level_vnd": ("decision", _sum("level", PENSION)),
    "pension_contributed_months": ("decision", _sum("insured", PENSION)),
    "pension_age_months": ("decision", _sum("retired", PENSION)),
    "turns": ("turn", _count()),
    "sickness_turns": ("turn", _count(KIND == "31")),
    "maternity_turns": ("turn", _count(KIND == "32")),
    "convalescence_turns": ("turn", _count(KIND == "33")),
    "turn_people": ("turn", _heads()),
    "turn_days": ("turn", _sum("days")),
    "turn_vnd": ("turn", _sum("approved")),
    "lump_sums": ("lump_sum", _count()),
    "lump_sum_people": ("lump_sum", _heads()),
    "lump_sum_vnd": ("lump_sum", _sum("decided")),
    "lump_sum_years": ("lump_sum", _sum("years")),
    "ui_awards": ("ui_award", _count()),
    "ui_people": ("ui_award", _heads()),
    "ui_months": ("ui_award", _sum("granted")),
    "ui_level_vnd": ("ui_award", _sum("level")),
    "training_awards": ("ui_award", _count(pl.col("training") > 0)),
    "training_vnd": ("ui_award", _sum("training")),
    "paid_vnd": ("payment", _sum("amount", RECEIVED)),
    "listed_vnd": ("payment", _sum("amount")),
    "waiting_vnd": ("payment", _sum("amount", pl.col("status.status") == "waiting")),
    "returned_vnd": ("payment", _sum("amount", pl.col("status.status") == "returned")),
    "recovered_vnd": ("payment", _sum("amount", pl.col("item.item") == "recovery")),
    "back_pay_vnd": ("payment", _sum("amount", pl.col("item.item") == "back_pay")),
    "monthly_paid_vnd": ("payment", _sum("amount", RECEIVED & MONTHLY)),
    "payments": ("payment", _count()),
    "beneficiaries": ("payment", _heads()),
    "roll_end": ("payment", _heads(MONTHLY & REGULAR & ~UNEMPLOYMENT & ~ODTS)),
    "ui_roll_end": ("payment", _heads(MONTHLY & REGULAR & UNEMPLOYMENT)),
    "pension_vnd": ("payment", _sum("amount", PENSION & REGULAR)),
    "pension_payments": ("payment", _count(PENSION & REGULAR)),
    "regular_payments": ("payment", _count(REGULAR)),
    "account_payments": ("payment", _count(REGULAR & (pl.col("method.method") == "account"))),
}
HEADS = ("decided_people", "turn_people", "lump_sum_people", "ui_people", "beneficiaries")
STOCKS = ("roll_end", "ui_roll_end")
TWELFTH = Fraction(1, 12)
RATIOS: dict[str, tuple[tuple[str, ...], str, int | Fraction, int]] = {
    "avg_decided_level_vnd": (("decided_level_vnd",), "decisions", 1, 0),
    "avg_new_pension_vnd": (("pension_level_vnd",), "pension_decisions", 1, 0),
    "avg_retirement_age": (("pension_age_months",), "pension_decisions", TWELFTH, 2),
    "avg_contributed_years": (("pension_contributed_months",), "pension_decisions", TWELFTH, 2),
    "days_per_turn": (("turn_days",), "turns", 1, 2),
    "avg_turn_vnd": (("turn_vnd",), "turns", 1, 0),
    "turns_per_person": (("turns",), "turn_people", 1, 2),
    "avg_lump_sum_vnd": (("lump_sum_vnd",), "lump_sums", 1, 0),
    "avg_ui_level_vnd": (("ui_level_vnd",), "ui_awards", 1, 0),
    "paid_per_beneficiary_vnd": (("paid_vnd",), "beneficiaries", 1, 0),
    "avg_pension_vnd": (("pension_vnd",), "pension_payments", 1, 0),
    "account_rate": (("account_payments",), "regular_payments", 100, 2),
    "waiting_rate": (("waiting_vnd",), "listed_vnd", 100, 2),
    "paid_share": (("paid_vnd",), "all:paid_vnd", 100, 2),
}
DEFAULTS = {
    "benefit": "benefit.group", "fund_source": "fund_source.payer", "turn_kind": "turn_kind.turn_kind",
    "lump_sum_reason": "lump_sum_reason.lump_sum_reason", "item": "item.item", "method": "method.method",
    "status": "status.status",
}  # fmt: skip
PERSON = ("beneficiary.sex", "beneficiary.birth_decade")
FIELDS = {
    "benefits": [
        "benefit.frequency", "benefit.group", "benefit", "benefit.benefit", "fund_source", "fund_source.fund",
        "turn_kind", "lump_sum_reason", "employer.sector", *PERSON,
    ],
    "benefit_payments": [
        "benefit.frequency", "benefit.group", "benefit", "benefit.benefit", "fund_source", "fund_source.fund", "item",
        "method", "status", *PERSON,
    ],
}  # fmt: skip
FACT_OF = {"benefits": ("decision", "turn", "lump_sum"), "benefit_payments": ("payment",)}
