"""`tcs_ngan_han`, `tcs_mot_lan`, `tcs_bhtn`: short-term turns, lump sums, unemployment awards."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.geography import province_of_district, provinces
from demo.sources.nation.out_of_work import Awards, LumpSums
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import CUTOFF_SECOND, LAST_DAY, REFORM_DAY, SECONDS_A_DAY, dates, stamps
from demo.sources.nation.turns import KINDS, LONG_SICK, Turns
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.tcs_dossiers import moment
from demo.sources.writer import Database, maybe

Array = Any
DISEASES = ("J06.9", "J02.9", "A09.9", "M54.5", "K29.7", "H10.9", "J20.9", "G43.9")
DELETED_SHARE = 0.001


def turn_numbers(n: int) -> Array:
    """Return so_ho_so of every turn."""
    return np.array([f"NH{i:08d}" for i in range(1, n + 1)], dtype=object)


def award_numbers(n: int) -> Array:
    """Return so_quyet_dinh of every unemployment award."""
    return np.array([f"{i}/QĐ-TCTN" for i in range(1, n + 1)], dtype=object)


def write_turns(world: World, db: Database, turns: Turns) -> None:
    """Write the turns in the order of approval; a few were entered by mistake and taken back."""
    rng = stream(world.seed, "tcs turns")
    n = len(turns)
    kinds = np.array([k[0] for k in KINDS], dtype=object)[turns.kind]
    office = office_codes().on_month(world.employers.district[turns.employer], turns.approved >= REFORM_DAY)
    created = moment(turns.received, world.employers.district[turns.employer])
    updated = np.minimum(turns.approved * SECONDS_A_DAY + 8 * 3_600, CUTOFF_SECOND)
    disease = np.array(DISEASES, dtype=object)[rng.integers(len(DISEASES), size=n)]
    batch = np.array(
        [f"Đợt {1 + int(t[8:]) // 11} tháng {t[5:7]}/{t[:4]}" for t in dates(turns.approved)], dtype=object
    )
    mistaken = some(rng, np.arange(n), max(2, round(n * DELETED_SHARE)))
    db.table("tcs_ngan_han")
    db.add("tcs_ngan_han", n, {
        "id": np.arange(1, n + 1), "so_ho_so": turn_numbers(n), "ma_don_vi": world.employers.codes[turns.employer],
        "ma_so_bhxh": world.people.numbers[turns.person], "loai": kinds, "tu_ngay": dates(turns.since),
        "den_ngay": dates(turns.until), "so_ngay": turns.days, "muc_bq": turns.wage, "so_tien": turns.amount,
        "so_seri_ct": np.array([f"CT{i:08d}" for i in range(n)], dtype=object),
        "ma_benh": maybe(disease, turns.kind <= LONG_SICK), "ngay_nhan": dates(turns.received),
        "ngay_duyet": dates(turns.approved), "dot": batch, "ma_cq_bhxh": office, "created_at": stamps(created),
        "updated_at": stamps(updated), "updated_by": "tcs.odts",
        "is_deleted": np.isin(np.arange(n), mistaken).astype(np.int64),
    })  # fmt: skip


def write_lump_sums(world: World, db: Database, lumps: LumpSums) -> None:
    """Write the lump sums in the order of the decisions."""
    n = len(lumps.person)
    district = world.people.district[lumps.person]
    office = office_codes().on_month(district, lumps.decided >= REFORM_DAY)
    created = moment(lumps.decided, district)
    db.table("tcs_mot_lan")
    db.add("tcs_mot_lan", n, {
        "id": np.arange(1, n + 1), "ma_so_bhxh": world.people.numbers[lumps.person], "ly_do": lumps.reason,
        "so_nam_truoc_2014": lumps.before_2014, "so_nam_sau_2014": lumps.after_2014, "muc_bq": lumps.wage,
        "so_tien": lumps.amount, "ngay_quyet_dinh": dates(lumps.decided), "ma_cq": office, "ma_cq_bhxh": office,
        "created_at": stamps(created), "updated_at": stamps(created), "updated_by": "tcs.motlan",
    })  # fmt: skip


def write_awards(world: World, db: Database, awards: Awards) -> None:
    """Write the unemployment awards; who found work before the end has stopped."""
    n = len(awards.person)
    district = world.people.district[awards.person]
    until = awards.since + awards.months * 30
    stopped = awards.paid_months < awards.months
    stop_day = awards.since + awards.paid_months * 30
    over = np.where(stopped, stop_day, until) <= LAST_DAY
    created = moment(awards.since - 6, district)
    updated = np.where(stopped & over, moment(np.minimum(stop_day, LAST_DAY), district), created)
    place = np.array([f"TT DVVL {p.name}" for p in provinces()], dtype=object)[province_of_district()]
    order = np.argsort(created, kind="stable")
    table = {
        "so_quyet_dinh": award_numbers(n), "ma_so_bhxh": world.people.numbers[awards.person],
        "tu_ngay": dates(awards.since), "den_ngay": dates(until), "so_thang": awards.months,
        "muc_huong": awards.level, "trang_thai": np.where(over, "chấm dứt", "hưởng").astype(object),
        "ho_tro_hoc_nghe": maybe(awards.training, awards.training > 0), "noi_cap": place[district],
        "ma_cq_bhxh": office_codes().on_month(district, awards.since >= REFORM_DAY), "created_at": stamps(created),
        "updated_at": stamps(updated),
    }  # fmt: skip
    db.table("tcs_bhtn")
    rows = {name: value[order] for name, value in table.items()}
    db.add("tcs_bhtn", n, {"id": np.arange(1, n + 1), "updated_by": "tcs.bhtn", **rows})
