"""The identity system (IAM): identities, accounts, applications, roles, sign-in events."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.seeds import stream
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    FIRST_DAY,
    LAST_DAY,
    REFORM_DAY,
    SECONDS_A_DAY,
    dates,
    day,
    stamps,
)
from demo.sources.org import CENTRAL_OFFICE, units
from demo.sources.planting import Notebook
from demo.sources.staff import Staff
from demo.sources.writer import Database, maybe

Array = Any
OPEN, CLOSED = "hoạt động", "khóa"
APPLICATIONS = (
    ("DWH", "Kho dữ liệu tổng hợp", "CNTT"), ("TST", "Quản lý thu và sổ, thẻ", "BTHU"),
    ("GIAMDINH", "Giám định BHYT", "BYT"), ("TCS", "Xét duyệt chính sách", "BXH"),
    ("QLNS", "Quản lý nhân sự", "BTCCB"), ("KTTT", "Kế toán tập trung", "BTC"),
)  # fmt: skip
SIGN_INS_A_MONTH = 14
EVENTS = ("đăng nhập", "thất bại", "đổi mk", "khóa")
EVENT_SHARES = (0.94, 0.045, 0.012, 0.003)
WITHOUT_MFA = 0.07


def write_identities(staff: Staff, db: Database, notes: Notebook, seed: int) -> None:
    """Write the six tables; everybody with a mailbox has an identity, leavers a closed one but for the planted."""
    rng = stream(seed, "identities")
    who = np.array([i for i, mail in enumerate(staff.emails) if mail is not None])
    _write_people(staff, who, db, notes)
    _write_accounts(staff, who, db, rng)
    _write_applications(db)
    _write_roles(staff, who, db)
    _write_events(staff, who, db, rng)


def _write_people(staff: Staff, who: Array, db: Database, notes: Notebook) -> None:
    n = len(who)
    made = np.maximum(staff.joined[who], day("2019-03-04"))
    closed = (staff.left[who] >= 0) & ~staff.still_open[who]
    moment = made * SECONDS_A_DAY + 3_600
    changed = np.where(closed, staff.left[who] * SECONDS_A_DAY + 3_600, moment)
    db.table("iam_dinh_danh")
    db.add(
        "iam_dinh_danh", n,
        {
            "id": np.arange(1, n + 1), "loai": "nội bộ", "ma_nv": staff.codes[who], "email_nganh": staff.emails[who],
            "ho_ten": staff.names[who], "ma_dv": staff.units[who],
            "trang_thai": np.where(closed, CLOSED, OPEN).astype(object), "ngay_tao": dates(made),
            "ngay_khoa": maybe(dates(np.maximum(staff.left[who], 0)), closed), "ma_cq_bhxh": _offices(staff)[who],
            "created_at": stamps(moment), "updated_at": stamps(changed), "updated_by": "iam.quantri",
        },
    )  # fmt: skip
    ids: Array = np.flatnonzero(staff.still_open[who]) + 1
    notes.write(
        "iam_dinh_danh", ids, check="IAM-D01", defect="D-38", note="người đã nghỉ, định danh còn hoạt động"
    )


def _write_accounts(staff: Staff, who: Array, db: Database, rng: Any) -> None:
    n = len(who)
    gone = staff.left[who] >= 0
    made = np.maximum(staff.joined[who], day("2019-03-04")) * SECONDS_A_DAY + 3_600
    left = np.where(gone, staff.left[who], LAST_DAY) * SECONDS_A_DAY + 3_600
    renewed = np.maximum(rng.integers(day("2026-05-01"), LAST_DAY, size=n) * SECONDS_A_DAY + 5_400, made)
    renewed = np.minimum(renewed, np.maximum(left - 40_000, made))
    locked = gone & ~staff.still_open[who]
    db.table("iam_tai_khoan")
    db.add(
        "iam_tai_khoan", n,
        {
            "id": np.arange(1, n + 1), "ten_dang_nhap": staff.emails[who],
            "dinh_danh_id": [str(i + 1) for i in range(n)], "doi_mk_lan_cuoi": stamps(renewed),
            "mfa": (rng.random(n) >= WITHOUT_MFA).astype(np.int64),
            "khoa": locked.astype(np.int64), "lan_sai": 0,
            "het_han": dates(renewed // SECONDS_A_DAY + 90), "ma_cq_bhxh": _offices(staff)[who],
            "created_at": stamps(made), "updated_at": stamps(np.where(locked, left, renewed)),
            "updated_by": "iam.quantri",
        },
    )  # fmt: skip


def _write_applications(db: Database) -> None:
    stamp = {
        "ma_cq_bhxh": CENTRAL_OFFICE,
        "created_at": "2019-03-04 01:00:00",
        "updated_at": "2019-03-04 01:00:00",
    }
    n = len(APPLICATIONS)
    codes = [code for code, _, _ in APPLICATIONS]
    db.table("iam_ung_dung")
    db.add("iam_ung_dung", n, {
        "id": list(range(1, n + 1)), "ma_ung_dung": codes, "ten": [name for _, name, _ in APPLICATIONS],
        "chu_quan": [owner for _, _, owner in APPLICATIONS], "trang_thai": OPEN, "updated_by": "iam.quantri", **stamp,
    })  # fmt: skip
    db.table("iam_vai_tro")
    db.add("iam_vai_tro", n, {
        "id": list(range(1, n + 1)), "ma_vai_tro": [f"{c}.NGUOI_DUNG" for c in codes], "ma_ung_dung": codes,
        "ten": "Người sử dụng", "mo_ta": "Vai trò thường", "updated_by": "iam.quantri", **stamp,
    })  # fmt: skip


def _write_roles(staff: Staff, who: Array, db: Database) -> None:
    n = len(who)
    made = np.maximum(staff.joined[who], day("2019-03-04"))
    ends = staff.left[who]
    moment = made * SECONDS_A_DAY + 3_700
    db.table("iam_gan_vai_tro")
    db.add(
        "iam_gan_vai_tro", n,
        {
            "id": np.arange(1, n + 1), "ten_dang_nhap": staff.emails[who],
            "ma_vai_tro": [f"{APPLICATIONS[1 + i % 5][0]}.NGUOI_DUNG" for i in range(n)], "tu": dates(made),
            "den": maybe(dates(np.maximum(ends, 0)), ends >= 0), "nguoi_cap": "iam.quantri",
            "so_de_nghi": [f"{i + 1}/ĐN" for i in range(n)], "ly_do": "Theo vị trí việc làm",
            "ma_cq_bhxh": _offices(staff)[who], "created_at": stamps(moment), "updated_at": stamps(moment),
            "updated_by": "iam.quantri",
        },
    )  # fmt: skip


def _write_events(staff: Staff, who: Array, db: Database, rng: Any) -> None:
    """Write sign-ins over the months, at office hours, none before a person came or after one left."""
    began = np.maximum(staff.joined[who], FIRST_DAY)
    active = np.where(staff.left[who] >= 0, staff.left[who], LAST_DAY)
    count = np.maximum(1, ((active - began) / 30 * SIGN_INS_A_MONTH).astype(np.int64))
    at: Array = np.repeat(np.arange(len(who)), count)
    days = began[at] + (rng.random(len(at)) * (active - began)[at]).astype(np.int64)
    moment = np.minimum(days * SECONDS_A_DAY + rng.integers(0, 34_000, size=len(at)), CUTOFF_SECOND)
    order = np.argsort(moment, kind="stable")
    at, moment = at[order], moment[order]
    n = len(at)
    kind = rng.choice(len(EVENTS), size=n, p=EVENT_SHARES)
    office = np.where(
        moment // SECONDS_A_DAY >= REFORM_DAY, _offices(staff)[who][at], _offices_before(staff)[who][at]
    )
    apps = np.array([code for code, _, _ in APPLICATIONS], dtype=object)
    db.table("iam_su_kien")
    db.add(
        "iam_su_kien", n,
        {
            "id": np.arange(1, n + 1), "thoi_gian": stamps(moment), "tai_khoan": staff.emails[who][at],
            "su_kien": np.array(EVENTS, dtype=object)[kind],
            "ip": [f"10.{a % 60}.{b}.{c}" for a, b, c in zip(at.tolist(), *_hosts(n, rng), strict=True)],
            "thiet_bi": "máy tính", "ung_dung": apps[rng.integers(len(apps), size=n)],
            "ma_cq_bhxh": office, "created_at": stamps(moment), "updated_at": stamps(moment),
            "updated_by": "iam.nhatky",
        },
    )  # fmt: skip


def _hosts(n: int, rng: Any) -> tuple[list[int], list[int]]:
    return rng.integers(1, 250, size=n).tolist(), rng.integers(1, 250, size=n).tolist()


def _offices(staff: Staff) -> Array:
    code = {u.ma_dv: u.office_code for u in units()}
    return np.array([code[u] for u in staff.units], dtype=object)


def _offices_before(staff: Staff) -> Array:
    """Return the office everybody worked in before the reform."""
    code = {u.ma_dv: u.office_code for u in units()}
    return np.array([code[u] for u in staff.before], dtype=object)
