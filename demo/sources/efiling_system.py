"""The e-filing system (GDDT): the list of procedures and the dossiers.

It promises the result after so many calendar days whatever the unit of the limit (D-37), and writes moments as text
'yyyymmddHHMM' in local time, as the portals send them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.efiling_defects import Written, plant
from demo.sources.nation.edossiers import (
    CHANNELS,
    DONE,
    OPEN,
    PAPER,
    REFUSED,
    WAITING,
    WITHDRAWN,
    Dossiers,
    make_dossiers,
)
from demo.sources.nation.employers import Employers
from demo.sources.nation.people import People
from demo.sources.nation.procedures import listed, procedures
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    LAST_DAY,
    REFORM_DAY,
    SECONDS_A_DAY,
    dates,
    minutes,
    stamps,
)
from demo.sources.org import CENTRAL_OFFICE, office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
UTC_BEHIND = 7 * 3600
STATUS = {DONE: "trả KQ", REFUSED: "từ chối", WITHDRAWN: "rút", WAITING: "chờ"}
UNDERWAY = ("tiếp nhận", "xử lý", "bổ sung")
ENTERED_LATE, CORRECTED, TAKEN_BACK = 0.06, 0.004, 0.001


def write_efiling(
    world: tuple[People, Employers], db: Database, notes: Notebook, plan: tuple[float, int, int]
) -> None:
    """Write the two tables; `plan` is the scale, the seed and the number of rows per planted defect."""
    scale, seed, count = plan
    people, employers = world
    rng = stream(seed, "e-filing")
    dossiers = make_dossiers(people, employers, scale, seed)
    _write_procedures(db)
    created, updated, deleted = _clock(dossiers, rng)
    written = _as_written(dossiers, rng)
    plant(dossiers, written, deleted, (notes, count), rng)
    n = len(dossiers)
    kinds = procedures()
    by_employer = kinds.by_employer[dossiers.procedure]
    db.table("gdt_ho_so")
    db.add(
        "gdt_ho_so", n,
        {
            "id": np.arange(1, n + 1), "ma_ho_so": written.number, "ma_thu_tuc": written.code,
            "linh_vuc": kinds.fields[dossiers.procedure], "kenh": np.array(CHANNELS, dtype=object)[dossiers.channel],
            "ma_don_vi": maybe(employers.codes[dossiers.filer % len(employers)], by_employer),
            "ma_so_bhxh": maybe(people.numbers[dossiers.filer], ~by_employer),
            "ma_cq_tiep_nhan": written.received_at_office, "ngay_nop": minutes(dossiers.submitted),
            "ngay_tiep_nhan": written.received, "ngay_hen_tra": written.due, "ngay_tra": written.closed,
            "trang_thai": written.status,
            "muc_dvc": maybe(np.where(dossiers.full_service, "toàn trình", "một phần"), dossiers.channel < PAPER),
            "co_phi": 0, "ma_cq_bhxh": written.owner_office, "created_at": stamps(created),
            "updated_at": stamps(updated), "updated_by": "gddt.motcua", "is_deleted": deleted.astype(np.int64),
        },
    )  # fmt: skip


def _write_procedures(db: Database) -> None:
    rows = listed()
    db.table("gdt_thu_tuc")
    db.add(
        "gdt_thu_tuc", len(rows),
        {
            "id": list(range(1, len(rows) + 1)), "ma": [r.code for r in rows], "ten": [r.name for r in rows],
            "so_ngay_giai_quyet": [r.days for r in rows], "don_vi_ngay": [r.unit for r in rows],
            "hieu_luc_tu": [r.since for r in rows], "hieu_luc_den": [r.until for r in rows],
            "ma_cq_bhxh": CENTRAL_OFFICE, "created_at": [f"{max(r.since, '2020-01-06')} 01:00:00" for r in rows],
            "updated_at": [f"{r.until or max(r.since, '2020-01-06')} 01:00:00" for r in rows],
            "updated_by": "gddt.danhmuc",
        },
    )  # fmt: skip


def _clock(dossiers: Dossiers, rng: Any) -> tuple[Array, Array, Array]:
    """Return (created, updated, is deleted): paper is entered days later, a few rows are corrected or taken back."""
    n = len(dossiers)
    late = (dossiers.channel >= PAPER) & (rng.random(n) < ENTERED_LATE)
    entered = np.where(
        late, dossiers.received + rng.integers(1, 7, size=n) * SECONDS_A_DAY, dossiers.submitted
    )
    created = np.minimum(entered - UTC_BEHIND, CUTOFF_SECOND)
    reform = REFORM_DAY * SECONDS_A_DAY + 1_800
    moved = (dossiers.received // SECONDS_A_DAY < REFORM_DAY) & (dossiers.closed < 0)
    updated = np.maximum(created, np.maximum(dossiers.received, dossiers.closed) - UTC_BEHIND)
    updated = np.where(moved, np.maximum(updated, reform), updated)
    corrected, deleted = rng.random(n) < CORRECTED, rng.random(n) < TAKEN_BACK
    updated = np.where(corrected | deleted, updated + rng.integers(1, 20, size=n) * SECONDS_A_DAY, updated)
    return _minutes(created), _minutes(np.minimum(updated, CUTOFF_SECOND)), deleted


def _minutes(seconds: Array) -> Array:
    """Cut moments to whole minutes: many rows share one, as in a real system."""
    return seconds // 60 * 60


def _as_written(dossiers: Dossiers, rng: Any) -> Written:
    """Return the texts of the source, correct but for the way it counts days."""
    days = dossiers.received // SECONDS_A_DAY
    is_in, is_closed = dossiers.outcome != WAITING, dossiers.closed >= 0
    last = np.where(is_closed, dossiers.closed // SECONDS_A_DAY, LAST_DAY)
    offices = office_codes()
    office = offices.on_month(dossiers.district, days >= REFORM_DAY)
    code = procedures().code_on(dossiers.procedure, days, rng)
    status = np.array([STATUS.get(o, "") for o in dossiers.outcome.tolist()], dtype=object)
    underway = dossiers.outcome == OPEN
    status[underway] = np.array(UNDERWAY, dtype=object)[
        rng.choice(3, size=int(underway.sum()), p=(0.2, 0.65, 0.15))
    ]
    numbers = zip(office, dates(days), range(1, len(days) + 1), strict=True)
    return Written(
        number=np.array([f"{o}.{d[2:4]}{d[5:7]}{d[8:]}.{i:07d}" for o, d, i in numbers], dtype=object),
        code=code.astype(object), received_at_office=office,
        owner_office=offices.on_month(dossiers.district, last >= REFORM_DAY),
        received=maybe(minutes(dossiers.received), is_in),
        due=maybe(dates(days + dossiers.limit), is_in),
        closed=maybe(minutes(np.maximum(dossiers.closed, 0)), is_closed), status=status,
    )  # fmt: skip
