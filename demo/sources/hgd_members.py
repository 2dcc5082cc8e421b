"""`hgd_thanh_vien`: who belongs to which household, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.damage import damaged_name, half_date, misspelt_citizen_id
from demo.sources.hgd_households import reform_moment
from demo.sources.nation.cards import card_numbers
from demo.sources.nation.geography import provinces
from demo.sources.nation.people import HOUSEHOLD, UNINSURED
from demo.sources.nation.residence import HEAD, OTHER, Residence
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import (
    FIRST_DAY,
    LAST_DAY,
    REFORM_DAY,
    SECONDS_A_DAY,
    dates,
    day,
    slashed,
    stamps,
)
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
Table = dict[str, Any]
TABLE = "hgd_thanh_vien"
CITIZEN_CODES = day("2025-08-01")  # from here the CCCD stands where the mã số stood (CV 1804/BHXH-QLT)
MOVED_SHARE, DELETED_SHARE = 0.006, 0.001
UNNUMBERED = 0.25  # of the people without insurance: the household list does not know their number yet


@dataclass(slots=True)
class Members:
    """One entry per stay of a person in a household; `until` is the last day, -1 while it lasts."""

    person: Array
    home: Array
    since: Array
    until: Array
    order: Array
    relation: Array
    deleted: Array

    def __len__(self) -> int:
        return len(self.person)

    def add(self, rows: Array, **changed: Array) -> Array:
        """Add copies of stays with other values; return their places."""
        n = len(self)
        for name in self.__slots__:
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, changed.get(name, column[rows])]))
        return np.arange(n, len(self))


def make_members(world: World, homes: Residence, declared: Array) -> Members:
    """Return every stay: since the declaration or the birth, and a few moves within the district."""
    rng = stream(world.seed, "hgd members")
    people, n = world.people, len(world.people)
    since = np.maximum(declared[homes.home], people.birth + rng.integers(10, 20, size=n))
    members = Members(
        np.arange(n), homes.home.copy(), since, np.full(n, -1), homes.order.copy(), homes.relation.copy(),
        np.zeros(n, dtype=bool),
    )  # fmt: skip
    free = np.flatnonzero((people.group != HOUSEHOLD) & (homes.relation != HEAD) & (since < FIRST_DAY))
    movers = some(rng, free, round(len(free) * MOVED_SHARE))
    moved_on = rng.integers(FIRST_DAY + 5, LAST_DAY - 5, size=len(movers))
    target = _neighbour(homes, movers)
    stays = target != homes.home[movers]
    movers, moved_on, target = movers[stays], moved_on[stays], np.asarray(target[stays])
    moved_on = np.maximum(moved_on, declared[target])
    members.until[movers] = moved_on - 1
    members.add(movers, home=target, since=moved_on, relation=np.full(len(movers), OTHER, dtype=object))
    mistaken = some(rng, np.arange(n), max(2, round(n * DELETED_SHARE)))
    members.add(mistaken, deleted=np.ones(len(mistaken), dtype=bool))
    return members


def _neighbour(homes: Residence, persons: Array) -> Array:
    """Return the next household of the same district, the own one when there is no other."""
    order = np.argsort(homes.district, kind="stable")
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    mine = homes.home[persons]
    after = order[np.minimum(place[mine] + 1, len(order) - 1)]
    return np.where(homes.district[after] == homes.district[mine], after, mine)


def write_members(
    world: World, homes: Residence, members: Members, held: Array, plan: tuple[Database, Notebook, int]
) -> None:
    """Write the stays in the order they were entered, a few wrong; `held` are households that cannot be placed."""
    db, notes, count = plan
    rng = stream(world.seed, "hgd member defects")
    usable = rng.permutation(_usable(world, members, held))
    twice = _second_homes(members, usable[:count], np.setdiff1d(np.arange(len(homes.codes)), held), rng)
    table = _columns(world, homes, members, rng)
    marks = _plant(table, usable[count : 5 * count].reshape(4, count))
    marks["HGD-V06"] = ("D-35", "một người đang ở hai hộ", twice)
    homeless = np.flatnonzero(np.isin(members.home, held) & ~members.deleted)
    marks["HGD-V01"] = ("D-06", "hộ của thành viên có mã tỉnh không xác định", homeless)
    order = np.argsort(table.pop("_created"), kind="stable")
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    for check, (defect, note, rows) in marks.items():
        notes.write(TABLE, np.sort(place[rows]), check=check, defect=defect, note=note)
    db.table(TABLE)
    db.add(TABLE, len(order), {"id": np.arange(1, len(order) + 1), **{k: v[order] for k, v in table.items()}})


def _usable(world: World, members: Members, held: Array) -> Array:
    """Return stays that last, of people with a number who pay nothing by themselves and are not the head."""
    group = world.people.group[members.person]
    lasts = (members.until < 0) & ~members.deleted & (members.relation != HEAD)
    return np.flatnonzero(lasts & ~np.isin(members.home, held) & ~np.isin(group, (HOUSEHOLD, UNINSURED)))


def _second_homes(members: Members, rows: Array, homes: Array, rng: Any) -> Array:
    """Let these people live in a second household too; return all their rows."""
    target = rng.choice(homes, size=len(rows), replace=False)
    target = np.where(target == members.home[rows], np.setdiff1d(homes, target)[0], target)
    since = np.minimum(members.since[rows] + 40, LAST_DAY - 1)
    other: Array = np.full(len(rows), OTHER, dtype=object)
    return np.concatenate([rows, members.add(rows, home=target, since=since, relation=other)])


def _columns(world: World, homes: Residence, members: Members, rng: Any) -> Table:
    people, person, n = world.people, members.person, len(members)
    created = members.since * SECONDS_A_DAY + 3_600 + (homes.district[members.home] * 53 % 480) * 60
    moved = np.where(members.since < REFORM_DAY, reform_moment(homes)[members.home], created)
    ended = np.where(members.until >= 0, (members.until + 1) * SECONDS_A_DAY + 5_400, 0)
    citizen = np.array([c is not None for c in people.citizen_ids])
    numbers = np.where(citizen & (people.birth >= CITIZEN_CODES), people.citizen_ids, people.numbers)
    unknown = (people.group == UNINSURED) & (rng.random(len(people)) < UNNUMBERED)
    cards = _latest_cards(world)
    birthplace = np.array([p.name for p in provinces()], dtype=object)[people.province]
    return {
        "ma_ho": homes.codes[members.home], "stt": members.order, "ma_so_bhxh": maybe(numbers, ~unknown)[person],
        "ho_ten": people.names[person], "ngay_sinh": slashed(people.birth)[person],
        "gioi_tinh": people.women[person] + 1, "quan_he_chu_ho": members.relation, "dan_toc": people.ethnic[person],
        "quoc_tich": np.full(n, "VNM", dtype=object), "noi_khai_sinh": birthplace[person],
        "so_ddcn": people.citizen_ids[person],
        "da_tham_gia_bhyt": np.array([c is not None for c in cards])[person].astype(np.int64), "ma_the": cards[person],
        "tu_ngay": dates(members.since), "den_ngay": maybe(dates(np.maximum(members.until, 0)), members.until >= 0),
        "ma_cq_bhxh": office_codes().after[homes.district[members.home]], "created_at": stamps(created),
        "updated_at": stamps(np.maximum(moved, ended)),
        "updated_by": np.where(ended > moved, "hgd.kekhai", "he-thong").astype(object),
        "is_deleted": members.deleted.astype(np.int64), "_created": created,
    }  # fmt: skip


def _latest_cards(world: World) -> Array:
    """Return the newest card number of every person, None where there never was one."""
    cards = world.cards
    last = np.flatnonzero(np.append(cards.person[1:] != cards.person[:-1], True))  # sorted by person and day
    text, _ = card_numbers(cards.take(last), world.people)
    out: Array = np.full(len(world.people), None, dtype=object)
    out[cards.person[last]] = text
    return out


def _plant(table: Table, chosen: Array) -> dict[str, tuple[str, str, Array]]:
    short, misspelt, without_day, damaged = chosen
    for i in short:
        table["ma_so_bhxh"][i] = table["ma_so_bhxh"][i][1:]
    for k, i in enumerate(misspelt):
        table["so_ddcn"][i] = misspelt_citizen_id(k)
    for k, i in enumerate(without_day):
        table["ngay_sinh"][i] = half_date(table["ngay_sinh"][i], k)
    for k, i in enumerate(damaged):
        table["ho_ten"][i] = damaged_name(table["ho_ten"][i], k)
    return {
        "HGD-V02": ("D-40", "mất một chữ số của mã số", short),
        "HGD-V03": ("D-03", "số định danh sai dạng", misspelt),
        "HGD-V04": ("D-05", "ngày sinh không đủ ngày", without_day),
        "HGD-V05": ("D-39", "họ tên hỏng bảng mã", damaged),
    }
