"""Who is one person, by union and find over the sources' own rows and the clerks' file: no SQL, nothing of `dwh`."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle.tables import living

Row = Mapping[str, Any]
MOST_NUMBERS = 5  # of one CCCD; more is an error of entry
SAME, APART = ("xác nhận", "đã gộp"), "không trùng"


class Groups:
    """Disjoint sets whose name is their smallest member."""

    def __init__(self, members: Iterable[int]) -> None:
        self.above = {member: member for member in members}

    def find(self, member: int) -> int:
        while self.above[member] != member:
            member = self.above[member]
        return member

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self.above[high] = low


def persons(people: Iterable[Row], pairs: Iterable[Row], decisions: Iterable[Row]) -> dict[int, int]:
    """Return participant → person. `people` have id, number, born, sex, citizen, status and merged_into."""
    people, decisions = list(people), list(decisions)
    first: dict[str, int] = {}
    for one in sorted(people, key=lambda p: p["id"]):
        first.setdefault(one["number"], one["id"])
    groups = Groups(one["id"] for one in people)
    out, merges = _clerks(decisions, first)
    told: dict[frozenset[int], str] = {}
    listed: list[tuple[frozenset[int], str]] = []
    for pair in pairs:
        ends = [first.get(pair["main"]), first.get(pair["other"])]
        if None in ends or ends[0] == ends[1]:
            continue
        both = frozenset(int(e) for e in ends if e is not None)
        if pair["status"] == APART:
            told[both] = max(told.get(both, ""), pair["decided"])
        elif pair["status"] in SAME:
            listed.append((both, pair["decided"]))
    found = [set(both) for both, day in listed if day > told.get(both, "")]
    found += _merged_in_the_register(people, first) + _same_citizen(people, out, set(told))
    for one, other in (sorted(ends) for ends in found if not ends & out):
        groups.join(one, other)
    for one, other in merges:
        groups.join(one, other)
    return {one["id"]: groups.find(one["id"]) for one in people}


def _clerks(decisions: list[Row], first: dict[str, int]) -> tuple[set[int], list[tuple[int, int]]]:
    """Return the participants taken out, and the pairs joined by hand, after all that was taken back."""
    withdrawn = {d["withdraws"] for d in decisions if d["action"] == "withdraw"}
    living_ones = [d for d in decisions if d["decision_id"] not in withdrawn]
    splits = [d for d in living_ones if d["action"] == "split"]
    merges = []
    for merge in (d for d in living_ones if d["action"] == "merge"):
        ends = (merge["number"], merge["other_number"])
        later = [s for s in splits if s["number"] in ends and s["decided_at"] >= merge["decided_at"]]
        if not later and ends[0] in first and ends[1] in first and first[ends[0]] != first[ends[1]]:
            merges.append((first[ends[0]], first[ends[1]]))
    return {first[s["number"]] for s in splits if s["number"] in first}, merges


def _merged_in_the_register(people: list[Row], first: dict[str, int]) -> list[set[int]]:
    ends = [{one["id"], first[one["merged_into"]]} for one in people if one["merged_into"] in first]
    return [pair for pair in ends if len(pair) == 2]


def _same_citizen(people: list[Row], out: set[int], apart: set[frozenset[int]]) -> list[set[int]]:
    """Return pairs of the same CCCD, birth date and sex, but for disputed numbers and CCCD with too many."""
    sharing: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for one in people:
        if one["citizen"] and one["born"] and one["sex"] in ("1", "2") and one["status"] != "3":
            sharing[one["citizen"], one["born"], one["sex"]].append(one["id"])
    found: list[set[int]] = []
    for ids in sharing.values():
        disputed = {i for pair in apart if pair <= set(ids) for i in pair}
        free = sorted(set(ids) - disputed - out)
        if len(ids) <= MOST_NUMBERS:
            found += [{free[0], other} for other in free[1:]]
    return found


def persons_of(sources: Path, decisions: Path | None = None) -> dict[int, int]:
    """Return participant → person from the source databases and the file of decisions."""
    texts = ("ma_so_bhxh", "ngay_sinh", "gioi_tinh", "so_ddcn", "trang_thai_ma", "ma_chinh")
    rows = living(sources, "tst_nguoi_tham_gia", {"id": pl.Int64} | dict.fromkeys(texts, pl.String))
    people = [
        _person(row) for row in rows.iter_rows(named=True) if re.fullmatch(r"\d{10}", row["ma_so_bhxh"] or "")
    ]
    columns = dict.fromkeys(("ma_chinh", "ma_phu", "trang_thai", "ngay_xu_ly", "created_at"), pl.String)
    pairs = [
        {"main": p["ma_chinh"], "other": p["ma_phu"], "status": p["trang_thai"],
         "decided": p["ngay_xu_ly"] or p["created_at"][:10]}
        for p in living(sources, "hgd_trung_ma", columns).iter_rows(named=True)
    ]  # fmt: skip
    made: list[Row] = []
    if decisions is not None:
        with decisions.open(encoding="utf-8", newline="") as file:
            made = list(csv.DictReader(file))
    return persons(people, pairs, made)


@dataclass(frozen=True, slots=True)
class Golden:
    """Who a row is about: person by participant, participant by number, person by a CCCD that only one person has."""

    person: dict[int, int]
    number: dict[str, int]
    citizen: dict[str, int]

    @classmethod
    def of(cls, sources: Path, decisions: Path | None = None) -> Golden:
        person = persons_of(sources, decisions)
        columns = {"id": pl.Int64, "ma_so_bhxh": pl.String, "so_ddcn": pl.String}
        register = (
            living(sources, "tst_nguoi_tham_gia", columns).sort("id").filter(pl.col("id").is_in(list(person)))
        )
        number: dict[str, int] = {}
        claimed: dict[str, set[int]] = defaultdict(set)
        for key, code, citizen in register.iter_rows():
            number.setdefault(code, key)
            if re.fullmatch(r"\d{12}", citizen or ""):
                claimed[citizen].add(person[key])
        return cls(person, number, {code: min(who) for code, who in claimed.items() if len(who) == 1})

    def of_participants(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add `golden` to rows whose `person` is a participant."""
        return rows.with_columns(pl.col("person").replace_strict(self.person, default=None).alias("golden"))

    def of_patients(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add `golden` to rows whose `patient` is the number of a card; one the register does not have is itself."""
        known = {code: self.person[key] for code, key in self.number.items()}
        itself = -pl.col("patient").cast(pl.Int64, strict=False)
        found = pl.col("patient").replace_strict(known, default=None, return_dtype=pl.Int64)
        return rows.with_columns(pl.coalesce(found, itself).alias("golden"))

    def of_members(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Add `golden` to stays: by the number, else by a good CCCD, else the stay itself."""
        by_number = pl.col("person").replace_strict(self.person, default=None, return_dtype=pl.Int64)
        by_citizen = pl.col("so_ddcn").replace_strict(self.citizen, default=None, return_dtype=pl.Int64)
        return rows.with_columns(pl.coalesce(by_number, by_citizen, -pl.col("id")).alias("golden"))


def _person(row: Row) -> Row:
    citizen = row["so_ddcn"] if re.fullmatch(r"\d{12}", row["so_ddcn"] or "") else None
    return {
        "id": row["id"], "number": row["ma_so_bhxh"], "born": _day(row["ngay_sinh"]), "sex": row["gioi_tinh"],
        "citizen": citizen, "status": row["trang_thai_ma"], "merged_into": row["ma_chinh"],
    }  # fmt: skip


def _day(text: str | None) -> str | None:
    try:
        return datetime.strptime((text or "").strip(), "%d/%m/%Y").isoformat()  # noqa: DTZ007 - a birth date has no zone
    except ValueError:
        return None
