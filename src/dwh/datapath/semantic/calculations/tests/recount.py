"""The second opinion: every calculation counted again from the rows, in plain Python. Nothing of the program in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import product
from typing import Any

from dwh.datapath.semantic.calculations.tests.world import CLAIMS, LINES, MONTHS, STOCK
from tests.units_fixture import SUCCESSOR

Cell = tuple[str | None, ...]
Value = Fraction | None
REGION = {"00.01": "V02", "00.48": "V03", "00.49": "V03", "00.48-2025": "V03"}
STEP = {"month.month": 1, "month.quarter": 3, "month.year": 12}
SECTOR = {10: "DN", 11: "HC", 20: "FDI", None: "~"}


def at(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_at(count: int) -> str:
    return f"{count // 12}-{count % 12 + 1:02d}"


def period(level: str, month: str) -> str:
    quarter = f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return {"month.month": month, "month.quarter": quarter, "month.year": month[:4]}[level]


class Recount:
    """Counts one question: `months` are those it covers; `basis` says under which unit a row stands."""

    def __init__(
        self, fields: tuple[str, ...], split: int, months: Iterable[str], *, basis: str, said: int | None
    ):
        self.fields, self.split, self.months = fields, split, sorted(months)
        self.basis, self.said = (
            basis,
            said,
        )  # said: how many months the filters name, None without a beginning

    def key(self, field: str, row: Any) -> str:
        office = row.office if self.basis == "as_was" else SUCCESSOR[row.office]
        province = office.rpartition(".")[0]
        if field in STEP:
            return period(field, row.month)
        if field == "employer.sector":
            return SECTOR[row.employer]
        if field == "fund":
            return row.fund
        return {"org.province": province, "org.office": office, "org.region": REGION[province]}[field]

    def cells(self) -> list[Cell]:
        """Return every group the question can have: a total stands over everything further in."""
        members = [sorted({self.key(f, row) for row in LINES}) for f in self.fields]
        found = []
        for keys in product(*([*one, None] for one in members)):
            axes = (keys[: self.split], keys[self.split :])
            if all(None not in axis[: i + 1] or axis[i] is None for axis in axes for i in range(len(axis))):
                found.append(keys)
        return found

    def grain(self, cell: Cell) -> str | None:
        named = [f for f, key in zip(self.fields, cell, strict=True) if f in STEP and key is not None]
        return min(named, key=STEP.__getitem__) if named else None

    def covered(self, cell: Cell) -> list[str]:
        grain = self.grain(cell)
        if grain is None:
            return self.months
        return [m for m in self.months if period(grain, m) == cell[self.fields.index(grain)]]

    def is_whole(self, cell: Cell) -> bool:
        """Tell whether the periods of a cell agree with each other (2024 and 2025-03 do not)."""
        named = [(f, k) for f, k in zip(self.fields, cell, strict=True) if f in STEP and k is not None]
        return any(all(period(f, m) == k for f, k in named) for m in MONTHS)

    def places(self, cell: Cell) -> Callable[[Any], bool]:
        named = [(f, k) for f, k in zip(self.fields, cell, strict=True) if f not in STEP and k is not None]
        return lambda row: all(self.key(f, row) == k for f, k in named)

    def value(self, name: str, inside: Callable[[Any], bool], months: Iterable[str]) -> Value:
        """Count a value over the rows inside, in these months."""
        chosen = set(months)
        if name == "participants_end":
            with_data = {row.month for row in STOCK if row.month in chosen}
            last = {row.person for row in STOCK if with_data and row.month == max(with_data) and inside(row)}
            return Fraction(len(last)) if last else None
        if name == "claims:hi_paid_vnd":
            paid = [row.paid for row in CLAIMS if row.month in chosen and inside(row)]
            return Fraction(sum(paid)) if paid else None
        rows = [row for row in LINES if row.month in chosen and inside(row)]
        if not rows:
            return None
        due, collected = sum(row.due for row in rows), sum(row.collected for row in rows)
        return {
            "collected_vnd": Fraction(collected), "due_vnd": Fraction(due),
            "participants": Fraction(len({row.person for row in rows})),
            "collection_rate": Fraction(100 * collected, due),
            "collected_per_participant_vnd": Fraction(collected, len({row.person for row in rows})),
        }[name]  # fmt: skip

    def of(self, name: str, cell: Cell) -> Value:
        return self.value(name, self.places(cell), self.covered(cell))

    def base(self, name: str, cell: Cell, base: str) -> Value:
        grain = self.grain(cell)
        if base == "same_last_year":
            step = 12 if grain or self.said is not None else None
        else:
            step = STEP[grain] if grain else self.said
        if step is None or not self.covered(cell):
            return None
        return self.value(name, self.places(cell), [month_at(at(m) - step) for m in self.covered(cell)])

    def running(self, name: str, cell: Cell, kind: str) -> Value:
        own = self.covered(cell)
        if not own:
            return None
        if kind == "cumulative":
            return self.value(name, self.places(cell), [m for m in self.months if m <= own[-1]])
        if own[0][:4] != own[-1][:4] or (self.grain(cell) is None and self.said is None):
            return None
        year = [month_at(n) for n in range(at(own[-1][:4] + "-01"), at(own[-1]) + 1)]
        return self.value(name, self.places(cell), year)

    def average(self, parts: tuple[str, ...], cell: Cell, periods: int) -> list[Value]:
        """Return the mean of each part over the periods that end with the cell's; all of them or none."""
        grain = self.grain(cell)
        if grain is None and any(f in STEP for f in self.fields):
            return [None] * len(parts)
        step = STEP[grain] if grain else self.said
        if step is None or not self.covered(cell):
            return [None] * len(parts)
        windows = [[month_at(at(m) - n * step) for m in self.covered(cell)] for n in range(periods)]
        found = []
        for part in parts:
            values = [self.value(part, self.places(cell), months) for months in windows]
            found.append(None if None in values else sum(values) / periods)
        return found
