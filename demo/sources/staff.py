"""The personnel system (QLNS): units, staff, positions, decisions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.people import load_people
from demo.sources.nation.names import full_names
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import FIRST_DAY, LAST_DAY, REFORM_DAY, SECONDS_A_DAY, dates, day, stamps
from demo.sources.org import Unit, units
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
STAFF_OF_NATION, FEWEST = 25_000, 14
WORKING, RETIRED, LEFT = "làm việc", "nghỉ hưu", "thôi việc"
DOMAIN = "vss.gov.vn"
NEWCOMERS = 0.06  # of the colleagues: recruited within the 24 months
POSITIONS = ("Chuyên viên", "Chuyên viên chính", "Phó Trưởng phòng", "Kế toán viên")
WOMEN = ("Lê Thị Lan", "Phạm Thu Hà", "Hoàng Thị Dung", "Ngô Thị Hoa")
FIRST_NAMED = 8  # people of the first people.toml, beside whom the others were counted
LEAVER, NO_MAILBOX, STILL_OPEN = 2, 3, 4  # kinds of staff after the named people (0) and their colleagues (1)


@dataclass(frozen=True, slots=True)
class Staff:
    """One array per attribute. First the demonstration's people, last those planted without mailbox or as leavers."""

    codes: Array
    names: Array
    units: Array  # ma_dv today
    before: Array  # ma_dv before the reform, or None for those who came later
    positions: Array
    emails: Array  # or None
    women: Array
    birth: Array
    joined: Array
    left: Array  # day, or -1
    status: Array
    no_mailbox: Array
    still_open: Array  # leavers whose identity was never closed

    def __len__(self) -> int:
        return len(self.codes)


def make_staff(scale: float, seed: int, count: int) -> Staff:
    """Return the staff: the people of the demonstration and invented colleagues all over the country."""
    rng = stream(seed, "staff")
    others = max(FEWEST, round(STAFF_OF_NATION * scale))
    named = len(load_people())  # one more takes a colleague's place: nobody else's row moves
    kinds: Array = np.repeat(
        np.arange(5), [named, others + FIRST_NAMED - named, max(4, others // 10), count, count]
    )
    n = len(kinds)
    women = rng.random(n) < 0.55
    names = full_names(women, np.full(n, "V02"), np.zeros(n, dtype=bool), rng)
    today, before = _workplaces(n, rng)
    gone = np.isin(kinds, (LEAVER, STILL_OPEN))
    birth = rng.integers(day("1966-01-01"), day("1999-01-01"), size=n)
    joined = np.maximum(birth + 23 * 365, rng.integers(day("1996-01-01"), day("2024-06-01"), size=n))
    new = (kinds == 1) & (rng.random(n) < NEWCOMERS)
    joined[new] = rng.integers(FIRST_DAY + 20, LAST_DAY - 60, size=int(new.sum()))
    before = np.where(joined >= REFORM_DAY, today, before)
    staff = Staff(
        codes=np.array([f"NV{i + 1:08d}" for i in range(n)], dtype=object), names=names, units=today, before=before,
        positions=rng.choice(POSITIONS, size=n).astype(object), emails=_mailboxes(names), women=women, birth=birth,
        joined=joined,
        left=np.where(gone, rng.integers(day("2025-08-01"), LAST_DAY - 30, size=n), -1),
        status=np.where(gone, rng.choice([RETIRED, LEFT], size=n), WORKING).astype(object),
        no_mailbox=kinds == NO_MAILBOX, still_open=kinds == STILL_OPEN,
    )  # fmt: skip
    _seat_named_people(staff)
    staff.emails[staff.no_mailbox] = None
    return staff


def _seat_named_people(staff: Staff) -> None:
    """Put the demonstration's people into the first places."""
    for i, person in enumerate(load_people()):
        staff.codes[i], staff.names[i], staff.emails[i] = person.staff_code, person.name, person.email
        staff.units[i], staff.before[i] = person.unit, _unit_before(person.unit)
        staff.positions[i], staff.women[i] = person.position, person.name in WOMEN


def write_personnel(staff: Staff, db: Database, notes: Notebook, seed: int, count: int) -> None:
    """Write the four tables of the personnel system."""
    rng = stream(seed, "personnel")
    _write_units(db)
    _write_staff(staff, db, notes, rng)
    _write_positions(staff, db)
    _write_decisions(staff, db, (notes, count), rng)


def unit_named(ma_dv: str) -> Unit:
    """Return the unit of this code."""
    return next(u for u in units() if u.ma_dv == ma_dv)


def _workplaces(n: int, rng: Any) -> tuple[Array, Array]:
    """Draw a BHXH cơ sở per person, and the office there before the reform."""
    offices = [u for u in units() if u.kind == "cơ sở" and u.predecessors]
    chosen = [offices[i] for i in rng.integers(len(offices), size=n)]
    today = np.array([u.ma_dv for u in chosen], dtype=object)
    before = np.array([u.predecessors.split(";")[0] for u in chosen], dtype=object)
    return today, before


def _unit_before(ma_dv: str) -> str:
    unit = unit_named(ma_dv)
    return unit.predecessors.split(";")[0] if unit.predecessors else ma_dv


def _mailboxes(names: Array) -> Array:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        plain = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
        words = "".join(c for c in plain if c.isascii() and (c.isalpha() or c == " ")).lower().split()
        base = words[-1] + "." + "".join(w[0] for w in words[:-1])
        seen[base] = seen.get(base, 0) + 1
        out.append(f"{base}{seen[base] + 1}@{DOMAIN}")  # never the bare address of a named person
    return np.array(out, dtype=object)


def _write_units(db: Database) -> None:
    every = units()
    moment = [f"{max(u.since, '2020-01-06')} 02:00:00" for u in every]
    changed = [
        f"{u.until} 00:00:{i % 4:02d}" if u.until else m
        for i, (u, m) in enumerate(zip(every, moment, strict=True))
    ]
    db.table("ns_don_vi")
    db.add(
        "ns_don_vi", len(every),
        {
            "id": list(range(1, len(every) + 1)), "ma_dv": [u.ma_dv for u in every], "ten": [u.name for u in every],
            "cap": [u.level for u in every], "ma_cha": [u.parent or None for u in every],
            "loai": [u.kind for u in every], "ma_tinh": [u.province or None for u in every],
            "hieu_luc_tu": [u.since for u in every], "hieu_luc_den": [u.until or None for u in every],
            "qd_thanh_lap": [u.decision or None for u in every],
            "tien_than": [u.predecessors or None for u in every], "ma_cq_bhxh": [u.office_code for u in every],
            "created_at": moment, "updated_at": changed, "updated_by": "qlns.tccb",
        },
    )  # fmt: skip


def _office(staff: Staff) -> list[str]:
    code = {u.ma_dv: u.office_code for u in units()}
    return [code[u] for u in staff.units]


def _moved_on(staff: Staff) -> Array:
    """Return the day everybody's office was replaced by today's: the day today's unit came into force."""
    since = {u.ma_dv: day(u.since) for u in units()}
    return np.array([since[u] for u in staff.units])


def _write_staff(staff: Staff, db: Database, notes: Notebook, rng: Any) -> None:
    n = len(staff)
    gone = staff.left >= 0
    created = staff.joined * SECONDS_A_DAY + 7_200
    updated = np.maximum(np.where(gone, staff.left, REFORM_DAY) * SECONDS_A_DAY + 7_200, created)
    db.table("ns_nhan_vien")
    db.add(
        "ns_nhan_vien", n,
        {
            "id": np.arange(1, n + 1), "ma_nv": staff.codes, "ho_ten": staff.names, "ngay_sinh": dates(staff.birth),
            "gioi_tinh": staff.women + 1, "dan_toc": "01",
            "cccd": [f"099{v:09d}" for v in rng.permutation(n) + 500_000_000],
            "ma_so_bhxh": [f"96{v:08d}" for v in rng.permutation(n) + 99_000_000], "email_nganh": staff.emails,
            "loai": rng.choice(["công chức", "viên chức", "HĐLĐ"], size=n, p=[0.3, 0.6, 0.1]).astype(object),
            "ngay_vao": dates(staff.joined), "ngay_nghi": maybe(dates(np.maximum(staff.left, 0)), gone),
            "trinh_do": "Đại học", "trang_thai": staff.status, "ma_cq_bhxh": _office(staff),
            "created_at": stamps(created), "updated_at": stamps(updated), "updated_by": "qlns.tccb",
        },
    )  # fmt: skip
    ids: Array = np.flatnonzero(staff.no_mailbox) + 1
    notes.write(
        "ns_nhan_vien", ids, check="NS-N01", defect="D-38", note="đang làm việc, không có hộp thư ngành"
    )


def _write_positions(staff: Staff, db: Database) -> None:
    """Write where everybody works: one spell up to the reform, one since, the last one closed for leavers."""
    n = len(staff)
    moved = np.flatnonzero(staff.units != staff.before)
    who = np.concatenate([np.arange(n), moved])
    second = np.arange(len(who)) >= n
    split = np.isin(np.arange(n), moved)
    since = np.where(second, REFORM_DAY, staff.joined[who])
    ends = np.where(~second & split[who], REFORM_DAY, staff.left[who])
    moment = (
        np.where(second, REFORM_DAY, np.maximum(staff.joined[who], day("2020-01-06"))) * SECONDS_A_DAY
        + 10_800
    )
    later = np.maximum(moment, np.where(ends >= 0, ends, 0) * SECONDS_A_DAY + 10_800)
    db.table("ns_vi_tri")
    db.add(
        "ns_vi_tri", len(who),
        {
            "id": np.arange(1, len(who) + 1), "ma_nv": staff.codes[who],
            "don_vi": np.where(second | ~split[who], staff.units[who], staff.before[who]),
            "chuc_vu": staff.positions[who], "vi_tri_viec_lam": "Chuyên môn nghiệp vụ",
            "la_lanh_dao": np.array(["Phó" in p or "Lãnh đạo" in p for p in staff.positions[who]]).astype(np.int64),
            "tu_ngay": dates(since), "den_ngay": maybe(dates(np.maximum(ends, 0)), ends >= 0),
            "ma_cq_bhxh": np.array(_office(staff), dtype=object)[who], "created_at": stamps(moment),
            "updated_at": stamps(later), "updated_by": "qlns.tccb",
        },
    )  # fmt: skip


def _write_decisions(staff: Staff, db: Database, plan: tuple[Notebook, int], rng: Any) -> None:
    """Write the decisions behind every move; a few were entered after they took effect."""
    notes, count = plan
    moved = np.flatnonzero(staff.units != staff.before)
    gone = np.flatnonzero(staff.left >= 0)
    came = np.flatnonzero(staff.joined >= FIRST_DAY)
    who = np.concatenate([moved, gone, came])
    leaving = np.isin(np.arange(len(who)), len(moved) + np.arange(len(gone)))
    coming = np.arange(len(who)) >= len(moved) + len(gone)
    effective = np.select(
        [leaving, coming], [staff.left[who], staff.joined[who]], default=_moved_on(staff)[who]
    )
    signed = effective - rng.integers(8, 25, size=len(who))
    entered = signed + rng.integers(0, 6, size=len(who))
    late = np.sort(rng.choice(len(who), size=min(count, len(who)), replace=False))
    entered[late] = effective[late] + rng.integers(4, 40, size=len(late))
    entered = np.minimum(entered, LAST_DAY)
    moment = entered * SECONDS_A_DAY + 14_400
    kind = np.select([leaving, coming], [staff.status[who], "tuyển dụng"], default="điều động")
    before = np.where(leaving, staff.units[who], staff.before[who])
    db.table("ns_quyet_dinh")
    db.add(
        "ns_quyet_dinh", len(who),
        {
            "id": np.arange(1, len(who) + 1), "so_qd": [f"{i + 101}/QĐ-BHXH" for i in range(len(who))],
            "loai": kind.astype(object), "ma_nv": staff.codes[who],
            "don_vi_cu": maybe(before, ~coming), "don_vi_moi": maybe(staff.units[who], ~leaving),
            "chuc_vu_cu": maybe(staff.positions[who], ~coming),
            "chuc_vu_moi": maybe(staff.positions[who], ~leaving), "ngay_ky": dates(signed),
            "ngay_hieu_luc": dates(effective), "ngay_nhap": dates(entered),
            "ma_cq_bhxh": np.array(_office(staff), dtype=object)[who], "created_at": stamps(moment),
            "updated_at": stamps(moment), "updated_by": "qlns.tccb",
        },
    )  # fmt: skip
    notes.write("ns_quyet_dinh", late + 1, check="NS-Q01", defect="D-29", note="nhập sau ngày có hiệu lực")
