"""A very small nation, landed by the landing contract: what the builds of these tests read."""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa

from dwh.datapath.pipeline.build import build
from dwh.datapath.pipeline.order import Order
from dwh.datapath.pipeline.plan import Plan
from dwh.datapath.pipeline.publish import publish
from dwh.datapath.pipeline.report import BuildReport
from dwh.datapath.pipeline.tests.small_plans import contributions_plan
from dwh.datapath.settings import DataPathSettings
from dwh.datapath.sources import decisions
from dwh.datapath.sources.contract import arrow_schema, load_contract, source_names
from dwh.datapath.sources.landing import DELETES, Batch, Draft, batches, write_batch
from dwh.datapath.warehouse.release import Release, current_release

TODAY = date(2026, 11, 22)
START = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
Row = dict[str, Any]
_KEPT = Path(mkdtemp(prefix="first-releases-"))
atexit.register(shutil.rmtree, _KEPT, ignore_errors=True)


@cache
def source_of(table: str) -> str:
    """Return the source whose contract promises this table."""
    return next(s for s in source_names() if table in {t.name for t in load_contract(s).tables})


def settings_in(home: Path) -> DataPathSettings:
    return DataPathSettings(home=home, memory_limit="512MB", threads=1)


def moment(seconds: int, *, month: str = "2026-11") -> datetime:
    """A time as the sources write it: UTC without saying so."""
    start = datetime.fromisoformat(f"{month}-03T00:00:00+00:00") + timedelta(seconds=seconds)
    return start.replace(tzinfo=None)


def land(settings: DataPathSettings, table: str, rows: Iterable[Row]) -> Batch:
    """Land one batch of rows; columns not given are null, except the ones every row has."""
    contract = load_contract(source_of(table)).table(table)
    number = len(batches(settings, source_of(table), table))
    read_at = START + timedelta(hours=number)
    usual = {
        "ma_cq_bhxh": "01001", "created_at": moment(0, month="2025-05"), "updated_at": read_at.replace(tzinfo=None),
        "is_deleted": False,
    }  # fmt: skip
    filled = [usual | row for row in rows]
    schema = arrow_schema(contract)
    chunk = pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in filled], schema
    )
    draft = Draft(settings, source_of(table), contract, "rows", None, read_at)
    batch = write_batch(draft, [chunk], cursor_to=lambda: None)
    assert batch is not None
    return batch


def delete(settings: DataPathSettings, table: str, ids: Iterable[int]) -> None:
    """Land one batch of keys that are gone from the source."""
    source = source_of(table)
    moment = START + timedelta(hours=len(batches(settings, source, table)))
    keys = [{"id": key, "deleted_at": moment.replace(tzinfo=None)} for key in ids]
    chunk = pa.RecordBatch.from_pylist(keys, DELETES)
    write_batch(
        Draft(settings, source, load_contract(source).table(table), "deletes", None, moment),
        [chunk],
        cursor_to=lambda: None,
    )


def decide(settings: DataPathSettings, verdict: str, rows: Iterable[tuple[Any, ...]]) -> Batch:
    """Land one decision about rows as `failed` returns them: each of their reasons gets the verdict."""
    number = decisions.landed_decisions(settings)[1] + 1
    at = (START + timedelta(days=1, hours=number)).replace(tzinfo=None)
    lines = [
        (table, key, version, code, month) for table, key, version, codes, month in rows for code in codes
    ]
    chunk = pa.RecordBatch.from_pylist(
        [{"id": number + at_line, "decision_id": f"decision {number}",
          "source_table": table, "source_id": key, "version": version,
          "check_code": code, "verdict": verdict, "month": month, "decided_at": at}
         for at_line, (table, key, version, code, month) in enumerate(lines)], decisions.SCHEMA,
    )  # fmt: skip
    batch = decisions.land_decisions(settings, [chunk], now=START + timedelta(days=1, hours=number))
    assert batch is not None
    return batch


def failed(release: Release, place: str = "held", *keys: int) -> list[tuple[Any, ...]]:
    """Return (table, id, version, codes, month) of the failed rows in one place, of some ids only if given."""
    columns = "source_table, source_id, version, check_codes, month"
    return [row for row in rows_of(release, f"quarantine.{place}", columns) if not keys or row[1] in keys]


def line(key: int, month: str = "2025-05", *, person: int = 1, base: int = 8_000_000, **changes: Any) -> Row:
    """A contribution line to the pension fund, fully paid."""
    due = base * 22 // 100
    return {
        "id": key, "ky": month.replace("-", ""), "ma_so_bhxh": f"01000000{person:02d}", "ma_don_vi": "DV1",
        "quy": "HTTT", "can_cu_dong": base, "so_tien_ld": due * 8 // 22, "so_tien_sd": due - due * 8 // 22,
        "so_tien_nsnn": 0, "so_tien_da_dong": due,
    } | changes  # fmt: skip


def person(key: int, **changes: Any) -> Row:
    return {
        "id": key, "ma_so_bhxh": f"01000000{key:02d}", "ho_ten": f"Nguyễn Văn {chr(64 + key)}",
        "ngay_sinh": "02/03/1980", "gioi_tinh": 1, "so_ddcn": f"0010800000{key:02d}", "trang_thai_ma": "1",
    } | changes  # fmt: skip


def pair(key: int, one: int, two: int, **changes: Any) -> Row:
    """Two persons' numbers in the list of suspected pairs, joined unless said otherwise."""
    return {
        "id": key, "ma_chinh": f"01000000{one:02d}", "ma_phu": f"01000000{two:02d}", "tieu_chi": "họ tên, ngày sinh",
        "trang_thai": "đã gộp", "ngay_xu_ly": date(2025, 6, 2),
    } | changes  # fmt: skip


def claim(key: int, left: str = "202505101000", *, sending: int = 1, **changes: Any) -> Row:
    """An outpatient claim of 300.000 đồng; `lines_of` gives its lines."""
    return {
        "id": key, "ma_lk": f"LK{key}", "ma_cskcb": "01001", "lan_gui": sending, "ngay_sinh": "19800302",
        "gioi_tinh": 1, "ma_the_bhyt": "DN4010100000001", "gt_the_tu": "20250101", "gt_the_den": "20261231",
        "ma_benh_chinh": "J06.9", "ngay_vao": left[:8] + "0800", "ngay_ra": left, "so_ngay_dtri": 0,
        "t_tongchi_bv": Decimal(300_000), "t_bhtt": Decimal(240_000), "t_bncct": Decimal(60_000),
        "t_bntt": Decimal(0), "ma_loai_kcb": "01", "loai_ho_so": "4750",
    } | changes  # fmt: skip


def lines_of(*claims: Row) -> tuple[list[Row], list[Row]]:
    """Drug lines and service lines that add up to the claims' totals."""
    keys = [{name: row[name] for name in ("id", "ma_lk", "ma_cskcb", "lan_gui")} for row in claims]
    drugs = [
        key
        | {
            "stt": 1,
            "ma_nhom": 4,
            "so_luong": Decimal(10),
            "don_gia": Decimal(20_000),
            "thanh_tien_bv": Decimal(200_000),
        }
        for key in keys
    ]
    services = [
        key | {"stt": 1, "ma_nhom": 13, "so_luong": Decimal(1), "don_gia_bv": Decimal(100_000), "tyle_tt_dv": 100,
               "thanh_tien_bv": Decimal(100_000)}
        for key in keys
    ]  # fmt: skip
    return drugs, services


def unit(key: int, code: str, level: int, office: str, **changes: Any) -> Row:
    names = {1: "ngành", 2: "tỉnh", 3: "huyện", 4: "phòng"}
    parent = code.rpartition(".")[0] or ("00" if code != "00" else None)
    return {
        "id": key, "ma_dv": code, "ten": f"BHXH {code}", "cap": level, "loai": names[level], "ma_cha": parent,
        "ma_tinh": code[:2] if level > 1 else None, "hieu_luc_tu": date(1995, 2, 16), "ma_cq_bhxh": office,
    } | changes  # fmt: skip


UNITS = [
    unit(1, "00", 1, "00000"),
    unit(2, "01", 2, "01000"),
    unit(3, "01.001", 3, "01001", hieu_luc_den=date(2025, 7, 1)),
    unit(4, "01.501", 3, "01501", hieu_luc_tu=date(2025, 7, 1), tien_than="01.001;01.002"),
    unit(5, "01.002", 3, "01002", hieu_luc_den=date(2025, 7, 1)),
]
FIRM = {
    "id": 10, "ma_don_vi": "DV1", "ten_don_vi": "Công ty Một", "khoi": "NQD", "ma_vsic": "C10", "ma_tinh": "01",
    "ma_huyen": "001", "ngay_tham_gia": date(2010, 1, 1), "trang_thai": "1",
}  # fmt: skip
FACILITY = {
    "id": 20, "ma_cskcb": "01001", "ten": "Bệnh viện Một", "hang": "1", "tuyen": "1", "loai_hinh": "1",
    "ma_tinh": "01", "hop_dong_tu": date(2015, 1, 1),
}  # fmt: skip
PEOPLE = [person(key) for key in (1, 2, 3, 4)]


def small_nation(
    settings: DataPathSettings, *, lines: Iterable[Row] = (), claims: Iterable[Row] = ()
) -> None:
    """Land the units, people, one employer, one facility, and the given facts."""
    land(settings, "ns_don_vi", UNITS)
    land(settings, "tst_nguoi_tham_gia", PEOPLE)
    land(settings, "tst_don_vi", [FIRM])
    land(settings, "gd_cskcb", [FACILITY])
    lines, claims = list(lines), list(claims)
    if lines:
        land(settings, "tst_dong_ca_nhan", lines)
    if claims:
        drugs, services = lines_of(*claims)
        land(settings, "gd_ho_so", claims)
        land(settings, "gd_thuoc", drugs)
        land(settings, "gd_dvkt", services)


def make(settings: DataPathSettings, **options: Any) -> BuildReport:
    """Build; `options` are those of an Order, a plan, a progress, or another day.

    The plan is that of contributions, whose rules are those of every table: the whole one takes four times as long.
    """
    usual = {name: options.pop(name) for name in ("plan", "progress", "today") if name in options}
    standing = {"settings": settings, "today": TODAY, "plan": contributions_plan()}
    return build(**{**standing, "order": Order(**options), **usual})


def make_public(settings: DataPathSettings, **options: Any) -> Release:
    """Build and publish; the release is the current one when nothing had changed.

    The first release of a home is the same wherever the same has landed: it is made once and copied then.
    """
    if settings.releases.exists() or options.keys() - {"plan"}:
        return publish(make(settings, **options), settings=settings)
    kept = _KEPT / _digest(settings, options.get("plan") or contributions_plan())
    if not kept.exists():
        publish(make(settings, **options), settings=settings)
        shutil.copytree(settings.home, kept, symlinks=True, ignore=shutil.ignore_patterns("landing"))
    else:
        shutil.copytree(kept, settings.home, symlinks=True, dirs_exist_ok=True)
    return current_release(settings)


def _digest(settings: DataPathSettings, plan: Plan) -> str:
    """Return what changes when something else has landed in a home, or is made of it."""
    landed = sorted(path for path in settings.landing.rglob("*") if path.is_file())
    words = [
        f"{path.relative_to(settings.home)} {hashlib.sha1(path.read_bytes()).hexdigest()}" for path in landed
    ]
    return hashlib.sha1(
        json.dumps([words, dict(plan.fingerprints), plan.seed_versions()]).encode()
    ).hexdigest()


def open_up(settings: DataPathSettings) -> DataPathSettings:
    """Give back the right to write into every published file, to those who damage one on purpose."""
    for path in (*settings.releases.glob("2*/*"), *settings.parts.glob("*/*.parquet")):
        path.chmod(0o644)
    return settings


def rows_of(release: Release, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    return release.fetch(f"SELECT {columns} FROM {table} ORDER BY ALL", limit=1_000_000)[1]
