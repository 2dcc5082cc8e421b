"""`tst_nguoi_tham_gia` and `tst_so_bhxh`: the register of people as the collection system holds it today."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.damage import damaged_name, half_date, misspelt_citizen_id
from demo.sources.nation.geography import districts, provinces
from demo.sources.nation.people import UNINSURED, People
from demo.sources.nation.second_numbers import MERGED, MOVED, TWICE, UNSEEN
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    FIRST_DAY,
    LAST_DAY,
    MONTH_COUNT,
    MONTH_STARTS,
    REFORM_DAY,
    SECONDS_A_DAY,
    dates,
    day,
    slashed,
    stamps,
    years_of,
)
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
Table = dict[str, Any]
ADULT = 15 * 365
NEW_BOOKS, REISSUED_BOOKS = 0.10, 0.05  # shares of the owners within the 24 months
REISSUES = ("cấp lại mất", "cấp lại hỏng", "đổi", "gộp", "tờ rời")
TABLE = "tst_nguoi_tham_gia"


def write_people(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the register, with the wrong rows among the people who own nothing else."""
    rng = stream(world.seed, "tst people")
    table = _register(world, rng)
    spare = rng.permutation(np.setdiff1d(world.people.at(UNINSURED), world.second.person))
    marks = _plant(table, spare[: 5 * count].reshape(5, count), world.people)
    table, twice = _with_second_numbers(table, world)
    marks["TST-N06"] = ("D-01", "một người có hai mã số", twice)
    table = _with_mistakes(table, some(rng, spare[5 * count :], count), rng)
    order = np.argsort(table.pop("_created"), kind="stable")
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    for check, (defect, note, rows) in marks.items():
        notes.write(TABLE, np.sort(place[rows]), check=check, defect=defect, note=note)
    db.table(TABLE)
    columns = {name: value[order] for name, value in table.items()}
    db.add(TABLE, len(order), {"id": np.arange(1, len(order) + 1), **columns})


def write_books(world: World, db: Database) -> None:
    """Write a first insurance book per payer of social insurance, and the second ones of a few."""
    rng = stream(world.seed, "tst books")
    people = world.people
    first = np.union1d(world.activity.compulsory.members, world.activity.voluntary.members)
    old, lately = day("2024-10-20"), LAST_DAY - 15
    issued = np.where(
        rng.random(len(first)) < NEW_BOOKS,
        rng.integers(FIRST_DAY, lately, size=len(first)),
        rng.integers(day("2010-01-01"), old, size=len(first)),
    )
    second = np.flatnonzero((rng.random(len(first)) < REISSUED_BOOKS) & (issued < old))
    owners, when = (
        np.r_[first, first[second]],
        np.r_[issued, rng.integers(FIRST_DAY, lately, size=len(second))],
    )
    number = np.r_[np.ones(len(first), dtype=int), np.full(len(second), 2)]
    replaced = np.isin(np.arange(len(owners)), second)
    order = np.argsort(when, kind="stable")
    owners, when, number, replaced = owners[order], when[order], number[order], replaced[order]
    kinds = np.where(number == 1, "mới", rng.choice(REISSUES, size=len(owners))).astype(object)
    moment = when * SECONDS_A_DAY + 3600 + rng.integers(0, 8, size=len(owners)) * 3600
    db.table("tst_so_bhxh")
    db.add(
        "tst_so_bhxh", len(owners),
        {
            "id": np.arange(1, len(owners) + 1), "ma_so_bhxh": people.numbers[owners],
            "so_seri": [f"S{i:09d}" for i in range(1, len(owners) + 1)], "lan_cap": number, "loai_cap": kinds,
            "ngay_cap": dates(when), "trang_thai": np.where(replaced, "thu hồi", "người LĐ giữ").astype(object),
            "ma_cq_bhxh": office_codes().on_month(people.district[owners], when >= REFORM_DAY),
            "created_at": stamps(moment), "updated_at": stamps(moment), "updated_by": "tst.sothe",
        },
    )  # fmt: skip


def _register(world: World, rng: Any) -> Table:
    people, n = world.people, len(world.people)
    born_late = people.birth > day("2024-09-01")
    made = np.maximum(rng.integers(day("2016-01-04"), day("2024-10-25"), size=n), people.birth + 25)
    made = np.where(born_late, people.birth + rng.integers(10, 20, size=n), made)
    created = made * SECONDS_A_DAY + 3600 + rng.integers(0, 480, size=n) * 60
    _, offices = np.unique(office_codes().after, return_inverse=True)
    moved = REFORM_DAY * SECONDS_A_DAY + offices[people.district] * 40  # one transaction per new office
    edited = np.where(rng.random(n) < 0.06, moved + rng.integers(1, 470 * 86_400, size=n), moved)
    updated = np.minimum(np.maximum(created, edited), CUTOFF_SECOND)
    older = people.birth < day("1975-01-01")
    place = np.array([p.code for p in provinces()], dtype=object)
    return {
        "ma_so_bhxh": people.numbers.copy(), "so_ddcn": people.citizen_ids.copy(), "so_cmnd": _old_cards(people, rng),
        "ho_ten": people.names.copy(), "ngay_sinh": slashed(people.birth), "gioi_tinh": people.women + 1,
        "dan_toc": people.ethnic, "quoc_tich": np.full(n, "VNM", dtype=object),
        "ma_tinh_ks": place[people.province],
        "ma_huyen_ks": maybe(np.array([d.code for d in districts()], dtype=object)[people.district], ~older),
        "dia_chi_lh": _addresses(people, rng), "dien_thoai": _phones(n, rng),
        "ma_ho_gd": world.homes.codes, "trang_thai_ma": np.full(n, "1", dtype=object),
        "ma_chinh": np.full(n, None, dtype=object), "ma_cq_bhxh": office_codes().after[people.district],
        "created_at": stamps(created), "updated_at": stamps(updated),
        "updated_by": np.where(updated == moved, "he-thong", "tst.capma").astype(object),
        "is_deleted": np.zeros(n, dtype=np.int64), "_created": created,
    }  # fmt: skip


def _old_cards(people: People, rng: Any) -> Array:
    has = np.array([c is None for c in people.citizen_ids]) | (rng.random(len(people)) < 0.05)
    numbers = rng.integers(10**8, 4 * 10**8, size=len(people))
    return maybe(np.array([str(v) for v in numbers.tolist()], dtype=object), has)


def _addresses(people: People, rng: Any) -> Array:
    text = np.array([f"{d.name}, {provinces()[d.province].name}" for d in districts()], dtype=object)
    return (
        np.array([f"Số {v}, " for v in range(1, 200)], dtype=object)[rng.integers(199, size=len(people))]
        + (text[people.district])
    )


def _phones(n: int, rng: Any) -> Array:
    start = np.array(["090", "091", "093", "096", "097", "098", "032", "035", "070", "081"], dtype=object)
    tail = np.array([f"{v:07d}" for v in rng.integers(10**7, size=n).tolist()], dtype=object)
    return maybe(start[rng.integers(len(start), size=n)] + tail, rng.random(n) < 0.7)


def _plant(table: Table, chosen: Array, people: People) -> dict[str, tuple[str, str, Array]]:
    short, badly_written, other_sex, without_day, damaged = chosen
    for i in short:
        table["ma_so_bhxh"][i] = table["ma_so_bhxh"][i][1:]
    for k, i in enumerate(badly_written):
        table["so_ddcn"][i] = misspelt_citizen_id(k)
    taken = set(people.citizen_ids)
    for k, i in enumerate(other_sex):
        table["so_ddcn"][i] = _contradicting(_full_id(people, i), k, taken)
    for k, i in enumerate(without_day):
        table["ngay_sinh"][i] = half_date(table["ngay_sinh"][i], k)
    for k, i in enumerate(damaged):
        table["ho_ten"][i] = damaged_name(table["ho_ten"][i], k)
    return {
        "TST-N01": ("D-40", "mất số 0 đầu, còn 9 chữ số", short),
        "TST-N02": ("D-03", "số định danh sai dạng", badly_written),
        "TST-N03": ("D-04", "giới tính hoặc năm sinh trái với CCCD", other_sex),
        "TST-N04": ("D-05", "ngày sinh không đủ ngày", without_day),
        "TST-N05": ("D-39", "họ tên hỏng bảng mã", damaged),
    }


def _full_id(people: People, i: int) -> str:
    """Return the person's CCCD, or one made for the few who have none; the serial 999… is never issued."""
    known = people.citizen_ids[i]
    if known is not None:
        return str(known)
    year = int(years_of(people.birth[i : i + 1])[0])
    century = (year >= 2000) * 2 + int(people.women[i])
    return f"0{provinces()[people.province[i]].code}{century}{year % 100:02d}{999_999 - i % 1_000:06d}"


def _contradicting(number: str, k: int, taken: set[str]) -> str:
    while True:
        flipped = str(int(number[3]) ^ 1) if k % 2 else number[3]
        year = number[4:6] if k % 2 else f"{(int(number[4:6]) + 7) % 100:02d}"
        out = f"{number[:3]}{flipped}{year}{number[6:]}"
        if out not in taken:
            taken.add(out)
            return out
        number = f"{number[:6]}{(int(number[6:]) + 1) % 10**6:06d}"


def _with_second_numbers(table: Table, world: World) -> tuple[Table, Array]:
    """Add the rows of second numbers; return also the rows that share their CCCD."""
    second, n = world.second, len(table["ma_so_bhxh"])
    out = _longer(table, second.person)
    rows = np.arange(n, n + len(second.person))
    out["ma_so_bhxh"][rows] = second.number
    new = second.of(MOVED, UNSEEN)
    began = MONTH_STARTS[np.minimum(second.since[new], MONTH_COUNT - 1)] * SECONDS_A_DAY + 7_200
    out["_created"][rows[new]] = began
    out["created_at"][rows[new]] = stamps(began)
    later = np.maximum(began, REFORM_DAY * SECONDS_A_DAY + 9_000)
    out["updated_at"][rows[new]] = stamps(later)
    out["updated_by"][rows[new]] = "tst.capma"
    twice = second.of(MOVED, TWICE)
    for place in twice:
        whole = _full_id(world.people, second.person[place])
        out["so_ddcn"][[second.person[place], rows[place]]] = whole
    hidden = second.of(UNSEEN, MERGED)
    for name in ("so_ddcn", "so_cmnd"):
        out[name][rows[hidden]] = None
    merged = second.of(MERGED)
    out["trang_thai_ma"][rows[merged]] = "2"
    out["ma_chinh"][rows[merged]] = world.people.numbers[second.person[merged]]
    return out, np.concatenate([second.person[twice], rows[twice]])


def _with_mistakes(table: Table, persons: Array, rng: Any) -> Table:
    """Add rows entered by mistake and taken back."""
    n = len(table["ma_so_bhxh"])
    out = _longer(table, persons)
    out["ma_so_bhxh"][n:] = [f"97{s:08d}" for s in rng.permutation(90_000)[: len(persons)].tolist()]
    out["so_ddcn"][n:] = None
    out["so_cmnd"][n:] = None
    out["is_deleted"][n:] = 1
    return out


def _longer(table: Table, rows: Array) -> Table:
    return {name: np.concatenate([value, value[rows]]) for name, value in table.items()}
