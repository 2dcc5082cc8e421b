"""Dossiers from the e-filing system's own tables: what came in, fell due and ended in each month, and what lay open."""

from __future__ import annotations

import calendar
import csv
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle.tables import code_list, living
from tests.oracle.units import placed

HOLIDAYS = Path(__file__).parents[2] / "demo/data/holidays_vn_2015_2030.csv"
SWAPPED_OFF, SWAPPED_ON = {date(2025, 5, 2)}, {date(2025, 4, 26), date(2026, 8, 22)}
ENDED = ("trả KQ", "từ chối", "rút")
FIELD_CODES = {
    "thu": "collection",
    "sổ thẻ": "books",
    "chế độ": "benefits",
    "BHYT": "health",
    "chi trả": "payment",
}
CHANNEL_CODES = {
    "IVAN": "ivan", "DVC BHXH": "portal", "Cổng DVCQG": "national_portal", "VssID": "app", "bưu chính": "post",
    "trực tiếp": "counter",
}  # fmt: skip
SERVICE_CODES = {"toàn trình": "full", "một phần": "part"}
COUNTED = (
    "received", "due", "undated", "done", "on_time", "late", "untimed", "kept", "refused", "withdrawn", "days",
)  # fmt: skip
Row = dict[str, Any]

FACTS = {"efiling": ("edossier", "edossier_open")}
FIELDS = {"efiling": ["procedure", "field", "channel.form", "channel", "service", "timeliness"]}
DEFAULTS = {
    "procedure": "procedure.procedure", "field": "field.field", "channel": "channel.channel",
    "service": "service.service", "timeliness": "timeliness.timeliness",
}  # fmt: skip
TIMED = "dossiers_on_time+dossiers_late"


def _total(column: str, where: pl.Expr | None = None) -> tuple[str, pl.Expr]:
    return "edossier", (pl.col(column) if where is None else pl.col(column).filter(where)).sum()


def _open_ones(where: pl.Expr) -> tuple[str, pl.Expr]:
    return "edossier_open", pl.col("dossier").filter(where).n_unique()


MEASURES: dict[str, tuple[str, pl.Expr]] = {
    "dossiers_received": _total("received"),
    "dossiers_online": _total("received", pl.col("channel.form") == "online"),
    "dossiers_full_online": _total("received", pl.col("service.service") == "full"),
    "dossiers_due": _total("due"),
    "dossiers_done": _total("done"),
    "dossiers_on_time": _total("on_time"),
    "dossiers_late": _total("late"),
    "dossiers_untimed": _total("untimed"),
    "dossiers_kept_promise": _total("kept"),
    "dossiers_refused": _total("refused"),
    "dossiers_withdrawn": _total("withdrawn"),
    "dossiers_undated": _total("undated"),
    "dossier_working_days": _total("days"),
    "dossiers_open_end": _open_ones(pl.lit(value=True)),
    "dossiers_overdue_end": _open_ones(pl.col("timeliness.timeliness") == "overdue"),
}
STOCKS = ("dossiers_open_end", "dossiers_overdue_end")
RATIOS: dict[str, tuple[tuple[str, ...], str, int, int]] = {
    "on_time_rate": (("dossiers_on_time",), TIMED, 100, 2),
    "source_on_time_rate": (("dossiers_kept_promise",), TIMED, 100, 2),
    "online_rate": (("dossiers_online",), "dossiers_received", 100, 2),
    "full_online_rate": (("dossiers_full_online",), "dossiers_received", 100, 2),
    "avg_working_days": (("dossier_working_days",), TIMED, 1, 2),
    "overdue_rate": (("dossiers_overdue_end",), "dossiers_open_end", 100, 2),
}


def frames(sources: Path, levels: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the events of every month with a result in it, and the open dossiers at the end of each."""
    ends = _office_ends(sources)
    dossiers = _dossiers(sources)
    months = sorted({d["closed"].isoformat()[:7] for d in dossiers if d["closed"]})
    events = [e for d in dossiers for e in _events(d, ends) if e["month"] in months]
    stock = [_open(d, month, ends) for d in dossiers for month in months if _is_open(d, month)]
    return {
        "edossier": placed(pl.DataFrame(events, infer_schema_length=None), levels),
        "edossier_open": placed(pl.DataFrame(stock), levels),
    }


def promised_otherwise(sources: Path) -> set[int]:
    """Return the dossiers promised for another day than the limit in working days gives."""
    timed = (d for d in _dossiers(sources) if d["due"])
    return {d["id"] for d in timed if d["due"].isoformat() != d["ngay_hen_tra"]}


def _dossiers(sources: Path) -> list[Row]:
    """Return every received dossier no rule holds back, read as a person would read it."""
    columns = (
        "ma_thu_tuc", "linh_vuc", "kenh", "ma_cq_tiep_nhan", "ngay_tiep_nhan", "ngay_hen_tra", "ngay_tra", "trang_thai",
        "muc_dvc", "ma_cq_bhxh",
    )  # fmt: skip
    rows = living(sources, "gdt_ho_so", {"id": pl.Int64} | dict.fromkeys(columns, pl.String)).to_dicts()
    procedures = _procedures(sources)
    heirs = {r["old_code"]: r["new_code"] for r in code_list("procedure_successor")}
    found = []
    for row in rows:
        came, left = _moment(row["ngay_tiep_nhan"]), _moment(row["ngay_tra"])
        broken = [row[c] and not _moment(row[c]) for c in ("ngay_tiep_nhan", "ngay_tra")]
        if any(broken) or not came or row["ma_thu_tuc"] not in procedures:
            continue
        code = heirs.get(row["ma_thu_tuc"], row["ma_thu_tuc"])
        limit = _limit(procedures, row["ma_thu_tuc"], came[0]) or _limit(procedures, code, came[0])
        due = _due(came[0], *limit) if limit and row["ngay_hen_tra"] else None
        found.append(row | {
            "code": code, "received": came[0], "closed": left and left[0], "due": due,
            "backwards": bool(left) and left[1] < came[1],
        })  # fmt: skip
    return found


def _moment(text: str | None) -> tuple[date, datetime] | None:
    """Return the day a moment belongs to and the moment; 24:00 belongs to the day it ends."""
    if not text or len(text) != 12 or not text.isdigit():
        return None
    try:
        day = datetime.strptime(text[:8], "%Y%m%d")  # noqa: DTZ007 - local time of the source
        if text[8:] == "2400":
            return day.date(), day + timedelta(days=1)
        return day.date(), datetime.strptime(text, "%Y%m%d%H%M")  # noqa: DTZ007
    except ValueError:
        return None


def _procedures(sources: Path) -> dict[str, list[Row]]:
    columns = ("ma", "so_ngay_giai_quyet", "don_vi_ngay", "hieu_luc_tu", "hieu_luc_den")
    found: dict[str, list[Row]] = {}
    for row in living(sources, "gdt_thu_tuc", dict.fromkeys(columns, pl.String)).to_dicts():
        found.setdefault(row["ma"], []).append(row)
    return found


def _limit(procedures: dict[str, list[Row]], code: str, day: date) -> tuple[int, str] | None:
    for row in procedures.get(code, ()):
        if row["hieu_luc_tu"] <= day.isoformat() < (row["hieu_luc_den"] or "9999"):
            return int(row["so_ngay_giai_quyet"]), row["don_vi_ngay"]
    return None


@cache
def _free_days() -> frozenset[date]:
    with HOLIDAYS.open(encoding="utf-8") as file:
        return frozenset(date.fromisoformat(row["date"]) for row in csv.DictReader(file)) | SWAPPED_OFF


@cache
def _works(day: date) -> bool:
    return day not in _free_days() and (day.weekday() < 5 or day in SWAPPED_ON)


@cache
def _due(received: date, days: int, unit: str) -> date:
    day = received
    if unit == "lịch":
        day += timedelta(days=days)
        while not _works(day):
            day += timedelta(days=1)
        return day
    while days:
        day += timedelta(days=1)
        days -= _works(day)
    return day


@cache
def _worked(first: date, last: date) -> int:
    """Return the working days after `first` up to `last`."""
    return sum(_works(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _office_ends(sources: Path) -> dict[str, str]:
    rows = living(sources, "ns_don_vi", dict.fromkeys(("cap", "ma_cq_bhxh", "hieu_luc_den"), pl.String))
    return {
        r["ma_cq_bhxh"]: r["hieu_luc_den"] or "9999-12-31" for r in rows.to_dicts() if r["cap"] in ("2", "3")
    }


def _at(dossier: Row, month: str, ends: dict[str, str]) -> str:
    """Return the office on the tree of a month end: who received it, or who has it when that office is gone."""
    last = f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]}"
    received_at = dossier["ma_cq_tiep_nhan"]
    return received_at if ends[received_at] > last else dossier["ma_cq_bhxh"]


def _levels(dossier: Row) -> Row:
    channel = CHANNEL_CODES[dossier["kenh"]]
    return {
        "procedure.procedure": dossier["code"], "field.field": FIELD_CODES[dossier["linh_vuc"]],
        "channel.channel": channel,
        "channel.form": "paper" if channel in ("post", "counter") else "online",
        "service.service": SERVICE_CODES.get(dossier["muc_dvc"], "none"),
    }  # fmt: skip


def _events(dossier: Row, ends: dict[str, str]) -> list[Row]:
    none, what = dict.fromkeys(COUNTED, 0), _levels(dossier)
    gone = dossier["trang_thai"] in ENDED and not dossier["closed"]
    events = [none | {
        "month": dossier["received"].isoformat()[:7], "received": 1, "undated": int(gone),
        "ma_cq_bhxh": dossier["ma_cq_tiep_nhan"],
    }]  # fmt: skip
    if dossier["due"]:
        month = dossier["due"].isoformat()[:7]
        events.append(none | {"month": month, "due": 1, "ma_cq_bhxh": _at(dossier, month, ends)})
    if dossier["closed"]:
        month = dossier["closed"].isoformat()[:7]
        events.append(none | {"month": month, "ma_cq_bhxh": dossier["ma_cq_bhxh"]} | _result(dossier))
    return [event | what for event in events]


def _result(dossier: Row) -> Row:
    if dossier["trang_thai"] in ("từ chối", "rút"):
        return {"refused" if dossier["trang_thai"] == "từ chối" else "withdrawn": 1}
    if not dossier["due"] or dossier["backwards"]:
        return {"done": 1, "untimed": 1}
    in_time = dossier["closed"] <= dossier["due"]
    return {
        "done": 1, "on_time": int(in_time), "late": int(not in_time),
        "kept": int(dossier["closed"].isoformat() <= dossier["ngay_hen_tra"]),
        "days": _worked(dossier["received"], dossier["closed"]),
    }  # fmt: skip


def _is_open(dossier: Row, month: str) -> bool:
    if dossier["received"].isoformat()[:7] > month:
        return False
    if dossier["closed"]:
        return bool(dossier["closed"].isoformat()[:7] > month)
    return dossier["trang_thai"] not in ENDED


def _open(dossier: Row, month: str, ends: dict[str, str]) -> Row:
    due = dossier["due"]
    state = "unknown" if not due else "overdue" if due.isoformat()[:7] <= month else "within"
    return _levels(dossier) | {
        "month": month, "dossier": dossier["id"], "timeliness.timeliness": state,
        "ma_cq_bhxh": _at(dossier, month, ends),
    }  # fmt: skip
