"""Staff and accounts from the personnel and identity systems' own tables, month end by month end."""

from __future__ import annotations

import calendar
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle.tables import living
from tests.oracle.units import NATION, unit_levels

FACTS = {"staff": ("staff", "movement"), "sign_ins": ("sign_in", "account")}
FIELDS = {
    "staff": ["org.class", "org.unit", "staff_kind", "sex", "post.post", "post", "mailbox", "decision_kind"],
    "sign_ins": ["org.unit", "day", "application", "event", "state", "second_factor", "holder"],
}
DEFAULTS = {
    "staff_kind": "staff_kind.staff_kind", "post": "post.title", "mailbox": "mailbox.mailbox",
    "decision_kind": "decision_kind.decision_kind", "day": "day.day", "application": "application.application",
    "event": "event.event", "state": "state.state", "second_factor": "second_factor.second_factor",
    "holder": "holder.holder",
}  # fmt: skip
EVENT_CODES = {"đăng nhập": "sign_in", "thất bại": "failure", "đổi mk": "password", "khóa": "lock"}
ACTIVE = pl.col("state.state") == "active"
Row = dict[str, Any]


def _heads(frame: str, column: str, where: pl.Expr | None = None) -> tuple[str, pl.Expr]:
    return frame, pl.col(column).filter(pl.lit(value=True) if where is None else where).n_unique()


def _total(frame: str, column: str, where: pl.Expr | None = None) -> tuple[str, pl.Expr]:
    return frame, (pl.col(column) if where is None else pl.col(column).filter(where)).sum()


MEASURES: dict[str, tuple[str, pl.Expr]] = {
    "staff_end": _heads("staff", "person"),
    "staff_women_end": _heads("staff", "person", pl.col("sex.sex") == "2"),
    "staff_leaders_end": _heads("staff", "person", pl.col("post.post") == "leader"),
    "staff_without_mailbox_end": _heads("staff", "person", pl.col("mailbox.mailbox") == "without"),
    "staff_decisions": _total("movement", "decisions"),
    "staff_late_decisions": _total("movement", "late"),
    "staff_late_days": _total("movement", "late_days"),
    "sign_ins": _total("sign_in", "events", pl.col("event.event") == "sign_in"),
    "failed_sign_ins": _total("sign_in", "events", pl.col("event.event") == "failure"),
    "account_events": _total("sign_in", "events"),
    "accounts_end": _heads("account", "account"),
    "accounts_active_end": _heads("account", "account", ACTIVE),
    "accounts_locked_end": _heads("account", "account", ~ACTIVE),
    "accounts_without_second_factor_end": _heads(
        "account", "account", ACTIVE & (pl.col("second_factor.second_factor") == "without")
    ),
    "accounts_of_leavers_end": _heads("account", "account", ACTIVE & (pl.col("holder.holder") == "left")),
}
STOCKS = (
    "staff_end", "staff_women_end", "staff_leaders_end", "staff_without_mailbox_end", "accounts_end",
    "accounts_active_end", "accounts_locked_end", "accounts_without_second_factor_end", "accounts_of_leavers_end",
)  # fmt: skip
RATIOS: dict[str, tuple[tuple[str, ...], str, int, int]] = {
    "women_rate": (("staff_women_end",), "staff_end", 100, 2),
    "late_entry_rate": (("staff_late_decisions",), "staff_decisions", 100, 2),
    "avg_late_days": (("staff_late_days",), "staff_late_decisions", 1, 1),
    "failure_rate": (("failed_sign_ins",), "sign_ins+failed_sign_ins", 100, 2),
    "without_second_factor_rate": (("accounts_without_second_factor_end",), "accounts_active_end", 100, 2),
}


def frames(sources: Path, known: set[str]) -> dict[str, pl.DataFrame]:
    """Return the four facts; `known` are the months the warehouse has business figures of."""
    levels = unit_levels(sources)
    events = _texts(sources, "iam_su_kien", "thoi_gian su_kien ung_dung ma_cq_bhxh")
    for event in events:
        event["at"] = datetime.fromisoformat(event["thoi_gian"]) + timedelta(
            hours=7
        )  # UTC as the source writes it
    months = sorted({f"{e['at']:%Y-%m}" for e in events} & known)
    offices = _offices(sources)
    staff = _texts(
        sources, "ns_nhan_vien", "ma_nv loai gioi_tinh ngay_vao ngay_nghi trang_thai email_nganh ma_cq_bhxh"
    )
    stock = _staff(sources, staff, months, offices)
    decisions = _decisions(sources, months, offices, set(levels["unit"]))
    return {
        name: pl.DataFrame(rows, infer_schema_length=None).join(levels, on="unit", how="left")
        for name, rows in {
            "staff": stock, "movement": decisions, "sign_in": _events(events, months, offices),
            "account": _accounts(sources, staff, stock, months),
        }.items()
    }  # fmt: skip


def _texts(sources: Path, table: str, columns: str) -> list[Row]:
    return living(sources, table, {"id": pl.Int64} | dict.fromkeys(columns.split(), pl.String)).to_dicts()


def _offices(sources: Path) -> dict[str, str]:
    """Return ma_cq_bhxh → unit, for provinces, offices and the nation."""
    rows = _texts(sources, "ns_don_vi", "ma_dv cap ma_cq_bhxh")
    return {
        r["ma_cq_bhxh"]: _code(r["ma_dv"]) for r in rows if r["cap"] in ("2", "3") or r["ma_dv"] == NATION
    }


def _code(unit: str) -> str:
    return unit if unit == NATION else f"{NATION}.{unit}"


def _last_day(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{month}-{calendar.monthrange(year, number)[1]}"


def _staff(sources: Path, staff: list[Row], months: list[str], offices: dict[str, str]) -> list[Row]:
    spells: dict[str, list[Row]] = {}
    for spell in _texts(sources, "ns_vi_tri", "ma_nv don_vi chuc_vu la_lanh_dao tu_ngay den_ngay"):
        spells.setdefault(spell["ma_nv"], []).append(spell)
    found = []
    for person in staff:
        for month in months:
            day = _last_day(month)
            if not _works(person, day):
                continue
            held = [
                s for s in spells.get(person["ma_nv"], ()) if s["tu_ngay"] <= day < (s["den_ngay"] or "9999")
            ]
            spell = max(held, key=lambda s: (s["tu_ngay"], s["id"]), default=None)
            found.append({
                "month": month, "person": person["id"], "code": person["ma_nv"],
                "unit": _code(spell["don_vi"]) if spell else offices[person["ma_cq_bhxh"]],
                "staff_kind.staff_kind": person["loai"], "sex.sex": person["gioi_tinh"],
                "post.title": spell["chuc_vu"] if spell else None,
                "post.post": "leader" if spell and spell["la_lanh_dao"] == "1" else "staff",
                "mailbox.mailbox": "with" if (person["email_nganh"] or "").strip() else "without",
            })  # fmt: skip
    return found


def _works(person: Row, day: str) -> bool:
    if (person["ngay_vao"] or "") > day:
        return False
    return (
        person["ngay_nghi"] > day
        if person["ngay_nghi"]
        else person["trang_thai"] not in ("nghỉ hưu", "thôi việc")
    )


def _decisions(sources: Path, months: list[str], offices: dict[str, str], units: set[str]) -> list[Row]:
    found = []
    for paper in _texts(
        sources, "ns_quyet_dinh", "loai don_vi_cu don_vi_moi ngay_hieu_luc ngay_nhap ma_cq_bhxh"
    ):
        wanted = [_code(u) for u in (paper["don_vi_moi"], paper["don_vi_cu"]) if u and _code(u) in units]
        days = (date.fromisoformat(paper["ngay_nhap"]) - date.fromisoformat(paper["ngay_hieu_luc"])).days
        if paper["ngay_hieu_luc"][:7] in months:
            found.append({
                "month": paper["ngay_hieu_luc"][:7], "unit": wanted[0] if wanted else offices[paper["ma_cq_bhxh"]],
                "decision_kind.decision_kind": paper["loai"], "decisions": 1, "late": int(days > 0),
                "late_days": max(days, 0),
            })  # fmt: skip
    return found


def _events(events: list[Row], months: list[str], offices: dict[str, str]) -> list[Row]:
    counted = Counter(
        (f"{e['at']:%Y-%m-%d}", offices[e["ma_cq_bhxh"]], e["ung_dung"], EVENT_CODES[e["su_kien"]])
        for e in events
        if f"{e['at']:%Y-%m}" in months
    )
    return [
        {
            "month": day[:7], "day.day": day, "unit": unit, "application.application": application,
            "event.event": event, "events": times,
        }
        for (day, unit, application, event), times in counted.items()
    ]  # fmt: skip


def _accounts(sources: Path, staff: list[Row], stock: list[Row], months: list[str]) -> list[Row]:
    people = {p["ma_nv"]: p for p in staff}
    places = {(row["month"], row["code"]): row["unit"] for row in stock}
    identities = {str(i["id"]): i for i in _texts(sources, "iam_dinh_danh", "ma_nv ma_dv ngay_tao ngay_khoa")}
    found = []
    for account in _texts(sources, "iam_tai_khoan", "dinh_danh_id mfa"):
        holder = identities[account["dinh_danh_id"]]
        for month in months:
            day = _last_day(month)
            if holder["ngay_tao"] > day:
                continue
            place = places.get((month, holder["ma_nv"]))
            left = not place and not _works(people[holder["ma_nv"]], day)
            found.append({
                "month": month, "account": account["id"], "unit": place or _code(holder["ma_dv"]),
                "state.state": "locked" if (holder["ngay_khoa"] or "9999") <= day else "active",
                "second_factor.second_factor": "with" if account["mfa"] == "1" else "without",
                "holder.holder": "left" if left else "working",
            })  # fmt: skip
    return found
