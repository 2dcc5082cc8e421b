"""The accounting system's own tables: entries, balances, budgets, settlements, and collections beside the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle.tables import code_list, living
from tests.oracle.units import placed

KY = r"^20\d{2}(0[1-9]|1[0-2])$"
FACT_OF = {
    "ledger": ("entry", "balance", "match"),
    "budget": ("budget", "execution", "funding", "settlement"),
}
FIELDS = {
    "ledger": [
        "account.kind", "account.group", "account", "account.chart", "account.account", "side", "fund", "component",
        "component.component", "activity.kind", "activity", "chapter", "chapter.subitem", "document_kind",
    ],
    "budget": ["item.kind", "item", "fund", "status"],
}  # fmt: skip
DEFAULTS = {
    "account": "account.group", "side": "side.side", "component": "component.fund", "activity": "activity.activity",
    "chapter": "chapter.chapter", "document_kind": "document_kind.document_kind", "item": "item.item",
    "status": "status.status",
}  # fmt: skip


def _total(column: str, where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col(column) if where is None else pl.col(column).filter(where)).sum()


REVENUE, SPENDING = pl.col("item.kind") == "revenue", pl.col("item.kind") == "expenditure"
USED = pl.col("flow") == "used"
MEASURES: dict[str, tuple[str, pl.Expr]] = {
    "debit_vnd": ("entry", _total("debit")),
    "credit_vnd": ("entry", _total("credit")),
    "entries": ("entry", (pl.col("side.side") == "debit").sum()),
    "documents": ("entry", pl.col("document").n_unique()),
    "opening_debit_vnd": ("balance", _total("opening_debit")),
    "opening_credit_vnd": ("balance", _total("opening_credit")),
    "closing_debit_vnd": ("balance", _total("closing_debit")),
    "closing_credit_vnd": ("balance", _total("closing_credit")),
    "tst_collected_vnd": ("match", _total("collected")),
    "booked_vnd": ("match", _total("booked")),
    "budget_vnd": ("budget", _total("budget")),
    "assigned_vnd": ("budget", _total("assigned")),
    "supplement_vnd": ("budget", _total("supplement")),
    "adjustment_vnd": ("budget", _total("adjustment")),
    "revenue_budget_vnd": ("budget", _total("budget", REVENUE)),
    "spending_budget_vnd": ("budget", _total("budget", SPENDING)),
    "executed_vnd": ("execution", _total("executed")),
    "revenue_executed_vnd": ("execution", _total("executed", REVENUE)),
    "spending_executed_vnd": ("execution", _total("executed", SPENDING)),
    "running_cost_vnd": ("execution", _total("executed", pl.col("fund.fund") == "QLBM")),
    "funded_vnd": ("funding", _total("funded")),
    "settled_income_vnd": ("settlement", _total("value", pl.col("flow") == "income")),
    "settled_opening_vnd": ("settlement", _total("value", pl.col("flow") == "opening")),
    "settled_closing_vnd": ("settlement", _total("value", pl.col("flow") == "closing")),
    "settled_received_vnd": ("settlement", _total("value", pl.col("flow") == "received")),
    "settled_used_vnd": ("settlement", _total("value", USED)),
    "approved_used_vnd": ("settlement", _total("value", USED & (pl.col("status.status") == "approved"))),
}
STOCKS = ("closing_debit_vnd", "closing_credit_vnd")
HEADS = ("documents",)
RATIOS: dict[str, tuple[tuple[str, ...], str, int, int]] = {
    "match_gap_rate": (("tst_collected_vnd", "-booked_vnd"), "tst_collected_vnd", 100, 2),
    "revenue_execution_rate": (("revenue_executed_vnd",), "revenue_budget_vnd", 100, 2),
    "spending_execution_rate": (("spending_executed_vnd",), "spending_budget_vnd", 100, 2),
    "approval_rate": (("approved_used_vnd",), "settled_used_vnd", 100, 2),
}
DIFFERENCES = {
    "side_gap_vnd": ("debit_vnd", "credit_vnd"),
    "closing_net_vnd": ("closing_credit_vnd", "closing_debit_vnd"),
    "match_gap_vnd": ("tst_collected_vnd", "booked_vnd"),
    "remaining_vnd": ("spending_budget_vnd", "spending_executed_vnd"),
}


def frames(sources: Path, levels: pl.DataFrame, collected: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the frame of every accounting fact; `collected` are the contribution lines that count."""
    books = _books(sources)
    sides = placed(_sides(books, sources), levels)
    return {
        "entry": sides,
        "balance": placed(_balances(books, sources), levels),
        "match": _match(sides, collected),
        "budget": placed(_budgets(sources, str(sides["month"].max())), levels),
        "execution": _execution(sides),
        "funding": placed(_funding(sources), levels),
        "settlement": placed(_settlements(sources), levels),
    }


def _month(column: str = "ky") -> pl.Expr:
    return pl.col(column).str.slice(0, 4) + "-" + pl.col(column).str.slice(4, 2)


def _named(table: str, key: str, value: str) -> dict[str, str]:
    return {row[key]: row[value] for row in code_list(table)}


def _looked_up(column: str, known: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(known, default=None, return_dtype=pl.String)


def _books(sources: Path) -> pl.DataFrame:
    """Return every living entry with its document and the accounts that count; one without a document is left out."""
    texts = (
        "ct_id", "tk_no", "tk_co", "ma_quy", "ma_hoat_dong", "mlns_chuong", "mlns_tieu_muc", "doi_tuong_pn",
        "ma_cq_bhxh", "created_at",
    )  # fmt: skip
    columns: dict[str, Any] = {"id": pl.Int64} | dict.fromkeys(texts, pl.String) | {"so_tien": pl.Int64}
    entries = living(sources, "kt_but_toan", columns).with_columns(
        ky=pl.col("ct_id").str.slice(0, 6), entries_sum=pl.col("so_tien").sum().over("ct_id")
    )
    named = dict.fromkeys(("so_ct", "ky", "ma_cq", "loai_ct", "trang_thai"), pl.String)
    papers = living(sources, "kt_chung_tu", named | {"tong_tien": pl.Int64})
    both = entries.filter(pl.col("ky").str.contains(KY)).join(
        papers, left_on=["ct_id", "ky"], right_on=["so_ct", "ky"], how="inner"
    )
    charts = _charts(sources)
    return both.with_columns(
        _month().alias("month"),
        _number(both, "tk_no", charts).alias("debit_account"),
        _number(both, "tk_co", charts).alias("credit_account"),
    )


def _charts(sources: Path) -> dict[str, tuple[str, str, str]]:
    """Return number → its first month, its last month, its circular."""
    texts = dict.fromkeys(("ma_tk", "hieu_luc_tu", "hieu_luc_den", "che_do"), pl.String)
    rows = living(sources, "kt_tai_khoan", texts).iter_rows()
    return {code: (since[:7], (until or "9999-12")[:7], chart) for code, since, until, chart in rows}


def _number(books: pl.DataFrame, column: str, charts: dict[str, tuple[str, str, str]]) -> pl.Expr:
    """Return the number that counts for a side: its own while in force, else its successor's, else none."""
    found, every = {}, code_list("account_successor")
    for code, fund, ky in books.select(column, "ma_quy", "ky").unique().iter_rows():
        month = f"{ky[:4]}-{ky[4:]}"
        since, until, _ = charts.get(code, ("9", "0", ""))
        heirs = [
            row["successor_code"]
            for row in every
            if row["account_code"] == code and row["from_month"] <= month and row["fund_code"] in ("*", fund)
        ]
        found[f"{code}|{fund}|{ky}"] = code if since <= month <= until else next(iter(heirs), None)
    key = pl.format("{}|{}|{}", pl.col(column), pl.col("ma_quy").fill_null("None"), pl.col("ky"))
    return key.replace_strict(found, default=None, return_dtype=pl.String)


def _sides(books: pl.DataFrame, sources: Path) -> pl.DataFrame:
    """Return one row per side of every entry that no rule holds and that is in the books."""
    closings = living(sources, "kt_so_du", dict.fromkeys(("ky", "ma_cq", "created_at"), pl.String))
    closed = closings.group_by("ky", "ma_cq").agg(pl.col("created_at").min().alias("closed"))
    kept = books.join(closed, on=["ky", "ma_cq"], how="left").filter(
        pl.col("entries_sum") == pl.col("tong_tien"),
        pl.col("closed").is_null() | (pl.col("created_at") <= pl.col("closed")),
        pl.col("debit_account").is_not_null(),
        pl.col("credit_account").is_not_null(),
        pl.col("trang_thai") != "nháp",
    )
    both = [
        kept.with_columns(
            pl.lit(side).alias("side.side"),
            pl.col(f"{side}_account").alias("account.account"),
            pl.col("so_tien").alias(side),
            pl.lit(0, pl.Int64).alias(other),
        )
        for side, other in (("debit", "credit"), ("credit", "debit"))
    ]
    return pl.concat(both, how="diagonal").with_columns(
        *_account_levels(sources),
        pl.col("ma_quy").alias("fund.fund"),
        _looked_up("ma_hoat_dong", _named("ledger_activity", "activity_code", "activity_code"))
        .alias("activity.activity"),
        _looked_up("ma_hoat_dong", _named("ledger_activity", "activity_code", "kind_code")).alias("activity.kind"),
        pl.col("mlns_chuong").fill_null("none").alias("chapter.chapter"),
        pl.col("mlns_tieu_muc").fill_null("none").alias("chapter.subitem"),
        pl.col("loai_ct").alias("document_kind.document_kind"),
        pl.col("ct_id").alias("document"),
    )  # fmt: skip


def _account_levels(sources: Path) -> list[pl.Expr]:
    charts = {code: chart for code, (_, _, chart) in _charts(sources).items()}
    return [
        _looked_up("account.account", _named("account_group", "account_code", "kind_code")).alias("account.kind"),
        _looked_up("account.account", _named("account_group", "account_code", "group_code")).alias("account.group"),
        _looked_up("account.account", charts).alias("account.chart"),
    ]  # fmt: skip


def _balances(books: pl.DataFrame, sources: Path) -> pl.DataFrame:
    """Return the balances that are their opening and the source's own entries."""
    money = ("dau_ky_no", "dau_ky_co", "ps_no", "ps_co", "cuoi_ky_no", "cuoi_ky_co")
    texts = dict.fromkeys(("ky", "ma_cq", "ma_tk", "ma_quy"), pl.String)
    rows = living(sources, "kt_so_du", texts | dict.fromkeys(money, pl.Int64))
    posted = books.filter(pl.col("trang_thai") != "nháp")
    cell = ["ky", "ma_cq", "number", "ma_quy"]
    moved = []
    for side, raw in (("debit", "tk_no"), ("credit", "tk_co")):
        number = pl.coalesce(f"{side}_account", raw).alias("number")
        moved.append(posted.with_columns(number).group_by(cell).agg(pl.col("so_tien").sum().alias(side)))
    joined = rows.rename({"ma_tk": "number"})
    for frame in moved:
        joined = joined.join(frame, on=cell, how="left", nulls_equal=True)
    net = pl.col("dau_ky_no") - pl.col("dau_ky_co") + pl.col("ps_no") - pl.col("ps_co")
    kept = joined.filter(
        pl.col("ps_no") == pl.col("debit").fill_null(0),
        pl.col("ps_co") == pl.col("credit").fill_null(0),
        pl.col("cuoi_ky_no") - pl.col("cuoi_ky_co") == net,
    )
    return kept.with_columns(
        _month().alias("month"), pl.col("number").alias("account.account"), pl.col("ma_quy").alias("fund.fund"),
        pl.col("ma_cq").alias("ma_cq_bhxh"), pl.col("cuoi_ky_no").alias("closing_debit"),
        pl.col("cuoi_ky_co").alias("closing_credit"), pl.col("dau_ky_no").alias("opening_debit"),
        pl.col("dau_ky_co").alias("opening_credit"),
    ).with_columns(_account_levels(sources))  # fmt: skip


def _uses(*columns: str) -> pl.DataFrame:
    """Return per activity and fund what it is used for."""
    rows = [
        {name: row[name] or None for name in ("activity_code", "fund_code", *columns)}
        for row in code_list("ledger_use")
    ]
    return pl.DataFrame(rows, infer_schema_length=None).rename(
        {"activity_code": "ma_hoat_dong", "fund_code": "ma_quy"}
    )


def _match(sides: pl.DataFrame, collected: pl.DataFrame) -> pl.DataFrame:
    """Return what either system collected, by the month the money was due for."""
    revenue = (pl.col("side.side") == "credit") & (pl.col("account.kind") == "revenue")
    due = pl.col("doi_tuong_pn").str.extract(r"/(20\d{4})$")
    booked = sides.filter(revenue, due.is_not_null()).join(
        _uses("component_code"), on=["ma_hoat_dong", "ma_quy"]
    )
    fund = _looked_up("component.component", _named("fund", "component_code", "fund_code"))
    place = [c for c in collected.columns if c.startswith("org.") or c == "owner"]
    ours = booked.filter(pl.col("component_code").is_not_null()).select(
        *place, (due.str.slice(0, 4) + "-" + due.str.slice(4, 2)).alias("month"),
        pl.col("component_code").alias("component.component"), pl.col("credit").alias("booked"),
        pl.lit(0, pl.Int64).alias("collected"),
    )  # fmt: skip
    theirs = collected.select(
        *place, "month", pl.col("fund.component").alias("component.component"), pl.lit(0, pl.Int64).alias("booked"),
        "collected",
    )  # fmt: skip
    return pl.concat([ours, theirs]).with_columns(fund.alias("component.fund"))


def _budgets(sources: Path, last_month: str) -> pl.DataFrame:
    money = {"so_giao_dau_nam": "assigned", "bo_sung": "supplement", "dieu_chinh": "adjustment"}
    texts = dict.fromkeys(("ma_cq", "chi_tieu", "ngay"), pl.String)
    rows = living(sources, "kt_du_toan", {"nam": pl.Int64} | texts | dict.fromkeys(money, pl.Int64))
    signed, year = pl.col("ngay").str.slice(0, 4).cast(pl.Int64), pl.col("nam")
    number = pl.when(signed < year).then(pl.lit("01")).when(signed > year).then(pl.lit("12"))
    month = year.cast(pl.String) + "-" + number.otherwise(pl.col("ngay").str.slice(5, 2))
    kinds = _named("budget_item", "item_code", "kind_code")
    kept = rows.with_columns(pl.col(c).fill_null(0).alias(name) for c, name in money.items()).with_columns(
        month.alias("month"), pl.col("ma_cq").alias("ma_cq_bhxh"), pl.col("chi_tieu").alias("item.item"),
        _looked_up("chi_tieu", kinds).alias("item.kind"), pl.sum_horizontal(money.values()).alias("budget"),
    )  # fmt: skip
    return kept.filter(
        pl.all_horizontal(pl.col(name) % 1_000_000 == 0 for name in money.values()),
        pl.col("item.kind").is_not_null(),
        pl.col("month") <= last_month,
    )


def _execution(sides: pl.DataFrame) -> pl.DataFrame:
    """Return the sides that execute a budget item: income credited, spending debited."""
    kinds = _named("budget_item", "item_code", "kind_code")
    used = sides.join(_uses("item_code"), on=["ma_hoat_dong", "ma_quy"]).with_columns(
        pl.col("item_code").alias("item.item"), _looked_up("item_code", kinds).alias("item.kind")
    )
    net = pl.col("credit") - pl.col("debit")
    mine = used.filter(pl.col("item.kind") == pl.col("account.kind"))
    return mine.with_columns(pl.when(REVENUE).then(net).otherwise(-net).alias("executed")).drop(
        [
            c
            for c in sides.columns
            if c.split(".")[0] in ("account", "side", "activity", "chapter", "document_kind")
        ]
    )


def _funding(sources: Path) -> pl.DataFrame:
    texts = dict.fromkeys(("den_cq", "ma_quy", "ngay"), pl.String)
    return living(sources, "kt_cap_kinh_phi", texts | {"so_tien": pl.Int64}).select(
        pl.col("ngay").str.slice(0, 7).alias("month"), pl.col("den_cq").alias("ma_cq_bhxh"),
        pl.col("ma_quy").alias("fund.fund"), pl.col("so_tien").alias("funded"),
    )  # fmt: skip


def _settlements(sources: Path) -> pl.DataFrame:
    texts = dict.fromkeys(("ky", "ma_cq", "mau_bieu", "dong", "cot", "trang_thai"), pl.String)
    rows = living(sources, "kt_quyet_toan", texts | {"gia_tri": pl.Int64})
    lines = {f"{r['form_code']}/{r['line_code']}": r for r in code_list("settlement_line")}
    key = pl.format("{}/{}", "mau_bieu", "dong")
    fixed = {name: r["fund_code"] for name, r in lines.items() if r["fund_code"] != "*"}
    status = {"duyệt": "approved", "thẩm định": "reviewed", "lập": "drawn"}
    return rows.select(
        _month().alias("month"), pl.col("ma_cq").alias("ma_cq_bhxh"), pl.col("gia_tri").alias("value"),
        key.replace_strict({n: r["flow_code"] for n, r in lines.items()}, default="other").alias("flow"),
        pl.coalesce(key.replace_strict(fixed, default=None, return_dtype=pl.String), "cot").alias("fund.fund"),
        pl.col("trang_thai").replace_strict(status).alias("status.status"),
    )  # fmt: skip
