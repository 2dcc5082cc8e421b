"""`tcs_ho_so_huong`: the dossiers as the system holds them today, a few under a wrong person."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np

from demo.sources.damage import damaged_name
from demo.sources.nation.benefit_levels import Levels
from demo.sources.nation.deaths import ALIVE
from demo.sources.nation.dossiers import PENSIONS, Dossiers
from demo.sources.nation.people import UNINSURED, YEAR, People
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    MONTH_STARTS,
    REFORM_DAY,
    SECONDS_A_DAY,
    dates,
    slashed,
    stamps,
)
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.tcs_plan import Plan
from demo.sources.writer import Database, maybe, money

Array = Any
TABLE = "tcs_ho_so_huong"
INJURED = ("04", "05")


def moment(days: Array, district: Array) -> Array:
    """Return the second at which an office enters what it decides on a day: all of it at once."""
    return days * SECONDS_A_DAY + 3_600 + (district * 29 % 480) * 60


def places(order: Array) -> Array:
    """Return the id each row gets when rows are written in this order."""
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    return place


def dossier_numbers(n: int) -> Array:
    """Return so_ho_so of every dossier."""
    return np.array([f"HS{(i * 7_919 + 104_729) % 9_999_991:07d}" for i in range(n)], dtype=object)


def write_dossiers(world: World, db: Database, parts: tuple[Dossiers, Levels, Plan], notes: Notebook) -> None:
    """Write one row per dossier as it stands today, in the order they were entered."""
    dossiers, levels, plan = parts
    n = len(dossiers)
    rng = stream(world.seed, "tcs dossiers")
    created = moment(dossiers.decided, dossiers.district)
    table = _columns(world.people, dossiers, levels, rng)
    _confuse(world.people, table, plan, dossiers.person)
    _, offices = np.unique(office_codes().after, return_inverse=True)
    rewritten = REFORM_DAY * SECONDS_A_DAY + 10_800 + offices[dossiers.district] * 25
    updated = np.maximum(created, np.where(created < REFORM_DAY * SECONDS_A_DAY, rewritten, created))
    ended = np.where(dossiers.died != ALIVE, dossiers.died + 12, 0)
    ended = np.where(dossiers.suspended, MONTH_STARTS[dossiers.last] + 20, ended)
    updated = np.minimum(np.maximum(updated, ended * SECONDS_A_DAY + 7_200), CUTOFF_SECOND)
    table |= {
        "created_at": stamps(created),
        "updated_at": stamps(updated),
        "updated_by": np.full(n, "tcs.xetduyet", dtype=object),
    }
    order = np.argsort(created, kind="stable")
    place = places(order)
    for check, defect, note, rows in (
        ("XD-H01", "D-02", "họ tên và ngày sinh của người khác", plan.other_person),
        ("XD-H02", "D-02", "họ tên hoặc ngày sinh khác danh sách", plan.one_differs),
        ("XD-H03", "D-39", "họ tên hỏng bảng mã", plan.damaged),
    ):
        notes.write(TABLE, np.sort(place[rows]), check=check, defect=defect, note=note)
    db.table(TABLE)
    db.add(TABLE, n, {"id": np.arange(1, n + 1), **{name: value[order] for name, value in table.items()}})


def _columns(people: People, dossiers: Dossiers, levels: Levels, rng: Any) -> dict[str, Any]:
    n, person = len(dossiers), dossiers.person
    pension = np.isin(dossiers.benefit, PENSIONS)
    injured = np.isin(dossiers.benefit, INJURED)
    months = ((dossiers.since - people.birth[person]) / YEAR * 12).astype(np.int64)
    ages = np.array([f"{v // 12} tuổi {v % 12} tháng" for v in months.tolist()], dtype=object)
    status: Array = np.full(n, "đang hưởng", dtype=object)
    status[dossiers.suspended], status[dossiers.died != ALIVE] = "tạm dừng", "chết"
    salaried = levels.salary > 0
    number = [f"{i + 1}/QĐ-BHXH" for i in range(n)]
    return {
        "so_ho_so": dossier_numbers(n), "ma_so_bhxh": people.numbers[person], "ho_ten": people.names[person].copy(),
        "ngay_sinh": slashed(people.birth[person]), "gioi_tinh": people.women[person] + 1,
        "loai_che_do": dossiers.benefit, "nguon": dossiers.source, "ngay_huong": dates(dossiers.since),
        "ngay_quyet_dinh": dates(dossiers.decided), "so_quyet_dinh": np.array(number, dtype=object),
        "ma_cq_duyet": office_codes().on_month(dossiers.from_district, dossiers.decided >= REFORM_DAY),
        "so_nam_dong": maybe(levels.contributed_months // 12, salaried),
        "so_thang_dong": maybe(levels.contributed_months % 12, salaried),
        "mbq_tien_luong": maybe(levels.salary, salaried), "ty_le_huong": maybe(money(levels.rate), salaried),
        "muc_huong": levels.at_decision, "tuoi_nghi_huu": maybe(ages, pension),
        "suy_giam": maybe(rng.integers(31, 81, size=n), injured), "trang_thai": status,
        "ma_cq_bhxh": office_codes().after[dossiers.district],
    }  # fmt: skip


def _confuse(people: People, table: dict[str, Any], plan: Plan, person: Array) -> None:
    """Write somebody else under a number, differ in one thing, or damage a name."""
    strangers = [i for i in people.at(UNINSURED).tolist() if people.birth[i] < people.birth[person].max()]
    for k, i in enumerate(plan.other_person):
        other = _unlike(people, strangers, int(person[i]), k)
        table["ho_ten"][i], table["ngay_sinh"][i] = (
            people.names[other],
            slashed(people.birth[other : other + 1])[0],
        )
    for k, i in enumerate(plan.one_differs):
        if k % 2:
            table["ho_ten"][i] = people.names[_unlike(people, strangers, int(person[i]), k)]
        else:
            whole = table["ngay_sinh"][i]
            table["ngay_sinh"][i] = f"{whole[:6]}{int(whole[6:]) - 3}"
    for k, i in enumerate(plan.damaged):
        table["ho_ten"][i] = damaged_name(table["ho_ten"][i], k)


def _unlike(people: People, strangers: list[int], person: int, k: int) -> int:
    """Return a stranger with another name, also without its marks, and another year of birth."""
    mine = (_plain(people.names[person]), slashed(people.birth[person : person + 1])[0][6:])
    for i in strangers[k % len(strangers) :] + strangers:
        other = (_plain(people.names[i]), slashed(people.birth[i : i + 1])[0][6:])
        if other[0] != mine[0] and other[1] != mine[1]:
            return i
    raise LookupError("nobody is different enough")


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
