"""What the theme «Người tham gia», «BHTN» and the later facts of other themes count, from the source tables."""

from __future__ import annotations

from calendar import monthrange
from pathlib import Path

import polars as pl

from tests.oracle.cards import card_rows, ends, standing_now
from tests.oracle.collection import employers
from tests.oracle.tables import code_list, living
from tests.oracle.units import placed

FACT_OF = {
    "participants": ("scheme_participation", "change", "coverage", "number_match"),
    "unemployment": ("ui_award", "ui_payment", "ui_line", "ui_participation"),
}
FIELDS = {
    "participants": [
        "fund.fund", "fund", "scheme", "employer.sector", "participant.sex", "participant.birth_decade", "object.group",
        "object",
    ],
    "unemployment": [
        "benefit.benefit", "training", "method", "employer.sector", "person.sex", "person.birth_decade",
    ],
}  # fmt: skip
DEFAULTS = {
    "scheme": "scheme.scheme", "arrears_age": "arrears_age.arrears_age", "issue_reason": "issue_reason.issue_reason",
    "referral": "referral.referral", "origin": "origin.origin", "card_province": "card_province.card_province",
    "training": "training.training",
}  # fmt: skip
SI, UI, BHTN = (
    pl.col("fund.fund") == "si",
    pl.col("fund.fund") == "ui",
    pl.col("fund_source.fund") == "BHTN",
)
COMPULSORY, OUTSIDE = pl.col("scheme.scheme") == "compulsory", pl.col("origin.origin") == "outside"
REASONS = {"mới": "new", "gia hạn": "renewed", "cấp lại": "reissued", "đổi": "changed"}
GONE = ("3", "4")  # dissolved, absconded


def _sum(column: str, where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col(column) if where is None else pl.col(column).filter(where)).sum()


def _heads(column: str, where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col(column) if where is None else pl.col(column).filter(where)).drop_nulls().n_unique()


def _paid(where: pl.Expr) -> pl.Expr:
    return _sum("amount", where & (pl.col("status.status") == "received"))


def _roll(group: str) -> pl.Expr:
    monthly = (pl.col("benefit.frequency") == "monthly") & (pl.col("item.item") == "regular")
    return _heads("head", monthly & (pl.col("benefit.group") == group))


def _of(group: str) -> pl.Expr:
    return pl.col("benefit.group") == group


def _from(*sources: str) -> pl.Expr:
    return pl.col("fund_source.fund").is_in(sources)


def _collected(*components: str) -> tuple[str, pl.Expr]:
    return "contribution", _sum("collected", pl.col("fund.component").is_in(components))


ONCE = pl.col("benefit.frequency") == "once"
MEASURES: dict[str, tuple[str, pl.Expr]] = {  # name -> frame, expression
    "si_participants_end": ("scheme_participation", _heads("golden", SI)),
    "si_compulsory_end": ("scheme_participation", _heads("golden", SI & COMPULSORY)),
    "si_voluntary_end": ("scheme_participation", _heads("golden", SI & ~COMPULSORY)),
    "ui_participants_end": ("scheme_participation", _heads("golden", UI)),
    "injury_participants_end": ("scheme_participation", _heads("golden", pl.col("is_injury"))),
    "si_participants_average": ("scheme_participation", _heads("golden", SI)),
    "si_employers_end": ("scheme_participation", _heads("employer", SI & COMPULSORY)),
    "hi_participants_end": ("coverage", _heads("person")),
    "hi_five_years_end": ("coverage", _heads("person", pl.col("is_long"))),
    "hi_household_end": ("coverage", _heads("person", pl.col("object.object") == "GD")),
    "hi_students_end": ("coverage", _heads("person", pl.col("object.object").is_in(["HS", "SV"]))),
    "si_compulsory_entered": ("change", _sum("entered", SI & COMPULSORY)),
    "si_compulsory_gone": ("change", _sum("gone", SI & COMPULSORY)),
    "si_voluntary_entered": ("change", _sum("entered", SI & ~COMPULSORY)),
    "si_voluntary_gone": ("change", _sum("gone", SI & ~COMPULSORY)),
    "si_numbers_end": ("number_match", _heads("person", SI)),
    "si_numbers_matched_end": ("number_match", _heads("person", SI & pl.col("is_matched"))),
    "ui_receiving_end": ("ui_payment", _heads("head", (pl.col("benefit.frequency") == "monthly")
                                              & (pl.col("item.item") == "regular") & BHTN)),
    "ui_once_payments": ("ui_payment", (ONCE & BHTN).sum()),
    "ui_paid_vnd": ("ui_payment", _paid(BHTN)),
    "ui_premium_due_vnd": ("ui_line", _sum("due", UI)),
    "ui_premium_collected_vnd": ("ui_line", _sum("collected", UI)),
    "ui_fund_participants_end": ("ui_participation", _heads("golden", UI)),
    "ui_fund_participants_average": ("ui_participation", _heads("golden", UI)),
    "participants_average": ("participation", _heads("person")),
    "compulsory_collected_vnd": _collected("HTTT", "ODTS", "TNLD"),
    "sickness_collected_vnd": _collected("ODTS"),
    "injury_collected_vnd": _collected("TNLD"),
    "pension_collected_vnd": _collected("HTTT"),
    "voluntary_collected_vnd": _collected("BHXHTN"),
    "ui_collected_vnd": _collected("BHTN"),
    "hi_collected_vnd": _collected("BHYT", "BHYTHGD"),
    "arrears_end_vnd": ("arrears", _sum("owed")),
    "hard_arrears_end_vnd": ("arrears", _sum("owed", pl.col("arrears_age.arrears_age") == "hard")),
    "employers_in_arrears_end": ("arrears", _heads("employer")),
    "cardholders_average": ("card", _heads("person")),
    "books_handed_over_end": ("book", _sum("handed_over")),
    "numbers_merged": ("merge", pl.len()),
    "cards_issued": ("card_issue", pl.len()),
    "cards_new_issued": ("card_issue", (pl.col("issue_reason.issue_reason") == "new").sum()),
    "in_scope_vnd": ("claim", _sum("in_scope")),
    "other_source_vnd": ("claim", _sum("other_source")),
    "outside_capitation_vnd": ("claim", _sum("outside_capitation")),
    "self_referred_visits": ("claim", (pl.col("referral.referral") == "self").sum()),
    "outside_visits": ("claim", OUTSIDE.sum()),
    "outside_total_vnd": ("claim", _sum("total", OUTSIDE)),
    "outside_hi_paid_vnd": ("claim", _sum("hi_paid", OUTSIDE)),
    "facilities_contracted_end": ("contract", _heads("facility.facility")),
    "holders_average": ("cardholder", _heads("person")),
    "state_paid_vnd": ("payment", _paid(_from("NSNN", "HTXH"))),
    "fund_paid_vnd": ("payment", _paid(_from("HTTT", "ODTS", "TNLD", "QTN"))),
    "once_payments": ("payment", (ONCE & _from("NSNN", "HTXH", "HTTT", "TNLD", "QTN")).sum()),
    "injury_roll_end": ("payment", _roll("employment_injury")),
    "injury_once_payments": ("payment", (ONCE & _of("employment_injury")).sum()),
    "survivor_roll_end": ("payment", _roll("survivor")),
    "survivor_paid_vnd": ("payment", _paid(_of("survivor"))),
    "social_pension_roll_end": ("payment", _roll("social_pension")),
}  # fmt: skip
STOCKS = (
    *(name for name in MEASURES if name.endswith(("_end", "_end_vnd"))),
    "settled_closing_vnd",
)
FIRSTS = ("opening_debit_vnd", "opening_credit_vnd", "settled_opening_vnd")
AVERAGES = tuple(name for name in MEASURES if name.endswith("_average"))
HEADS = ("participants_average", "employers_in_arrears_end", "facilities_contracted_end")
RATIOS: dict[str, tuple[tuple[str, ...], str, int, int]] = {
    "si_voluntary_share": (("si_voluntary_end",), "si_participants_end", 100, 2),
    "heads_per_employer": (("si_compulsory_end",), "si_employers_end", 1, 1),
    "si_matched_rate": (("si_numbers_matched_end",), "si_numbers_end", 100, 2),
    "ui_spending_rate": (("ui_paid_vnd",), "ui_premium_collected_vnd", 100, 2),
    "ui_awards_per_thousand": (("ui_awards",), "ui_fund_participants_average", 1_000, 1),
    "collected_per_average_participant_vnd": (("collected_vnd",), "participants_average", 1, 0),
    "arrears_end_rate": (("arrears_end_vnd",), "due_vnd", 100, 2),
    "cost_per_card_vnd": (("total_vnd",), "holders_average", 1, 0),
    "visits_per_card": (("visits",), "holders_average", 1, 2),
    "running_cost_rate": (("running_cost_vnd",), "revenue_executed_vnd+spending_executed_vnd", 100, 2),
}
DIFFERENCES = {
    "si_compulsory_net": ("si_compulsory_entered", "si_compulsory_gone"),
    "over_budget_vnd": ("spending_executed_vnd", "spending_budget_vnd"),
}
NOT_BELOW_ZERO = ("over_budget_vnd",)


def frames(
    sources: Path, levels: pl.DataFrame, lines: pl.DataFrame, made: dict[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Return the further frames: some anew from the sources, some under the name another theme knows them by."""
    scheme_participation = _with_schemes(made["participation"], lines)
    months = sorted(lines["month"].unique())
    about = ("participant.", "beneficiary.")
    award, payment, line, insured = (
        frame.rename({c: f"person.{c.split('.')[1]}" for c in frame.columns if c.startswith(about)})
        for frame in (made["ui_award"], made["payment"], made["contribution"], scheme_participation)
    )
    supported = pl.when(pl.col("training") > 0).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return {
        "scheme_participation": scheme_participation,
        "change": _changes(scheme_participation, months, levels),
        "number_match": _matched(sources, scheme_participation, months),
        "coverage": made["card"],
        "cardholder": made["card"].select(
            "month", "person", "owner", *(c for c in made["card"].columns if "org." in c)
        ),
        "ui_award": award.with_columns(supported.alias("training.training")),
        "ui_payment": payment,
        "ui_line": line,
        "ui_participation": insured,
        "merge": _merged(sources, levels),
        "arrears": _arrears(sources, levels, lines, months),
        "card_issue": _issued(sources, levels, months),
        "contract": _contracts(sources, levels, sorted(made["claim"]["month"].unique())),
    }


def _with_schemes(heads: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    key = ["person", "fund.fund", "month"]
    said = lines.group_by(key).agg(
        pl.when(pl.col("is_compulsory").any()).then(pl.lit("compulsory")).otherwise(pl.lit("voluntary"))
        .alias("scheme.scheme"),
        (pl.col("fund.component") == "TNLD").any().alias("is_injury"),
    )  # fmt: skip
    return heads.join(said, on=key, how="left")


def _matched(sources: Path, heads: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    """Return the heads of the funds, and whether the population database had confirmed their number by month end."""
    texts = dict.fromkeys(("ma_so_bhxh", "ket_qua_xac_thuc", "ngay_xac_thuc"), pl.String)
    said = living(sources, "hgd_cap_ma", texts).filter(
        pl.col("ket_qua_xac_thuc") == "khớp", pl.col("ngay_xac_thuc").is_not_null()
    )
    first = said.group_by("ma_so_bhxh").agg(pl.col("ngay_xac_thuc").min())
    named = heads.join(first, on="ma_so_bhxh", how="left").join(ends(months), on="month", how="left")
    known = (pl.col("ngay_xac_thuc").str.slice(0, 10) <= pl.col("last")).fill_null(value=False)
    return named.select(
        "month", "person", "owner", "fund.fund", "scheme.scheme", *(c for c in named.columns if "org." in c),
        known.alias("is_matched"),
    )  # fmt: skip


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _changes(scheme_participation: pl.DataFrame, months: list[str], levels: pl.DataFrame) -> pl.DataFrame:
    """Return a row per person who has no row of his scheme the month before, or none the month after."""
    key = ["person", "fund.fund", "scheme.scheme", "month"]
    kept = scheme_participation.select(*key, "ma_cq_bhxh", "employer.sector", "employer.employer")
    after = pl.col("month").replace_strict({m: _after(m) for m in months}, return_dtype=pl.String)
    shifted = kept.with_columns(after.alias("month")).filter(pl.col("month").is_in(months))
    known = pl.col("month").is_in([_after(m) for m in months])
    entered = kept.filter(known).join(shifted, on=key, how="anti").with_columns(entered=1, gone=0)
    gone = shifted.join(kept, on=key, how="anti").with_columns(entered=0, gone=1)
    return standing_now(pl.concat([entered, gone]), levels)


def _arrears(sources: Path, levels: pl.DataFrame, lines: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    texts = dict.fromkeys(("ma_don_vi", "trang_thai", "ngay_ngung"), pl.String)
    states = living(sources, "tst_don_vi", {"id": pl.Int64, **texts}).select(
        pl.col("id").alias("employer"), "trang_thai", "ngay_ngung"
    )
    cell = ["month", "ma_cq_bhxh", "employer", "fund.component", "fund.fund"]
    unpaid = lines.group_by(cell).agg((pl.col("due").sum() - pl.col("collected").sum()).alias("owed"))
    number = {month: at for at, month in enumerate(_every_month(months[0], months[-1]))}
    stock = unpaid.filter(pl.col("owed") > 0).rename({"month": "due_month"}).join(ends(months), how="cross").filter(
        pl.col("due_month") <= pl.col("month")
    ).join(states, on="employer", how="left")  # fmt: skip
    ages = pl.col("month").replace_strict(number) - pl.col("due_month").replace_strict(number)
    hard = pl.col("trang_thai").is_in(GONE) & (pl.col("ngay_ngung") <= pl.col("last")).fill_null(value=True)
    age = pl.when(hard).then(pl.lit("hard")).when(ages == 0).then(pl.lit("current"))
    age = age.when(ages < 3).then(pl.lit("short")).otherwise(pl.lit("long"))
    named = stock.with_columns(age.alias("arrears_age.arrears_age"))
    return standing_now(named.join(employers(sources).drop("ma_don_vi"), on="employer", how="left"), levels)


def _every_month(first: str, last: str) -> list[str]:
    found = [first]
    while found[-1] < last:
        found.append(_after(found[-1]))
    return found


def _issued(sources: Path, levels: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    groups = {row["object_code"]: row["group_code"] for row in code_list("hi_object")}
    rows = card_rows(sources).with_columns(pl.col("tu_ngay").str.slice(0, 7).alias("month"))
    named = rows.filter(pl.col("month").is_in(months)).with_columns(
        pl.col("ma_doi_tuong").alias("object.object"),
        pl.col("ma_doi_tuong").replace_strict(groups, default=None, return_dtype=pl.String).alias("object.group"),
        pl.col("ly_do_cap").replace_strict(REASONS, default="other").alias("issue_reason.issue_reason"),
    )  # fmt: skip
    return standing_now(named, levels)


def _merged(sources: Path, levels: pl.DataFrame) -> pl.DataFrame:
    columns = dict.fromkeys(("trang_thai", "ngay_xu_ly", "created_at", "ma_cq_bhxh"), pl.String)
    day = pl.coalesce("ngay_xu_ly", "created_at").str.slice(0, 7)
    joined = living(sources, "hgd_trung_ma", columns).filter(
        pl.col("trang_thai").str.strip_chars() == "đã gộp"
    )
    return placed(joined.with_columns(day.alias("month")), levels)


def _contracts(sources: Path, levels: pl.DataFrame, months: list[str]) -> pl.DataFrame:
    texts = ("ma_cskcb", "tuyen", "hang", "hop_dong_tu", "hop_dong_den", "ma_cq_bhxh")
    last = pl.DataFrame(
        {"month": months, "last": [f"{m}-{monthrange(int(m[:4]), int(m[5:]))[1]}" for m in months]}
    )
    rows = living(sources, "gd_cskcb", {"id": pl.Int64} | dict.fromkeys(texts, pl.String)).select(
        pl.col("ma_cskcb").str.strip_chars().alias("facility.facility"), pl.col("tuyen").alias("facility.level"),
        pl.col("hang").alias("facility.class"), pl.col("hop_dong_tu").fill_null("1900-01-01").alias("since"),
        pl.col("hop_dong_den").fill_null("9999-12-31").alias("until"), "ma_cq_bhxh",
    )  # fmt: skip
    held = rows.join(last, how="cross").filter(
        pl.col("since") <= pl.col("last"), pl.col("last") <= pl.col("until")
    )
    return standing_now(held, levels)
