"""Random questions about any subject: 0–3 dimensions a side, filters, rights, trees of units. Some cannot be asked."""

from __future__ import annotations

import random
from typing import Any

from tests.generated.expected import Asked, Recount
from tests.generated.formula import names
from tests.generated.words import Words, places, subjects

SIDES = (0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3)
NARROW = (0, 0, 1, 1, 1)
SCOPES = (
    ("00",), ("00",), ("00.01",), ("00.48-2025",), ("00.01", "00.48-2025"), ("00.01.501",),
    ("00.48-2025.503", "00.01"), (),
)  # fmt: skip
BASES = ("as_was", "as_is", "as_of:2024-02-29", "as_of:2025-06-30", "as_of:2025-07-01")
PERIODS = (
    "2023", "2024", "2025", "2023-Q4", "2024-Q1", "2025-Q3", "2024-02", "2025-01", "2025-02", "2025-07", "2025-08"
)  # fmt: skip
CLEARANCES = (frozenset[str](), frozenset({"identity", "health", "money"}))


def random_asked(dice: random.Random, recount: Recount, sides: tuple[int, ...] = SIDES) -> Asked:
    """Return a question and the eyes that ask it: always one that can be asked."""
    words = subjects()[dice.choice([*subjects()])]
    values = _values(dice, words)
    of = {words["measures"][name]["fact"] for value in values for name in inputs(words, value)}
    open_to = [p.name for p in places(words["subject"]).values() if all(p.reaches(fact) for fact in of)]
    rows, columns = _sides(dice, open_to, sides)
    cleared = dice.choice(CLEARANCES)
    question: Words = {
        "subject": words["subject"], "rows": rows, "columns": columns, "values": values, "filters": [],
        "org_basis": dice.choice(BASES), "totals": dice.random() < 0.85,
    }  # fmt: skip
    asked = Asked(question, dice.choice(SCOPES), cleared)
    for _ in range(dice.choice((0, 0, 1, 1, 2))):
        place = places(words["subject"])[dice.choice(open_to)]
        if place.level.get("personal", "") in ("", *cleared):
            question["filters"].append(_filter(dice, recount, asked, place.name, min(of)))
    return asked


def inputs(subject: Words, value: str) -> list[str]:
    """Return the measures behind a value."""
    return [value] if value in subject["measures"] else names(subject["indicators"][value]["formula"])


def _values(dice: random.Random, words: Words) -> list[str]:
    """Return one to three values; those beside the first share its dimensions more often than not."""
    every = [*words["measures"], *words.get("indicators", {})]
    return dice.sample(every, min(len(every), dice.choice((1, 1, 1, 2, 2, 3))))


def _sides(dice: random.Random, open_to: list[str], sides: tuple[int, ...]) -> tuple[list[str], list[str]]:
    rows, columns = dice.choice(sides), dice.choice(sides)
    chosen = dice.sample(open_to, min(len(open_to), rows + columns))
    return chosen[:rows], chosen[rows:]


def _filter(dice: random.Random, recount: Recount, asked: Asked, name: str, fact: str) -> dict[str, Any]:
    place = places(asked.question["subject"])[name]
    if place.is_period:
        op = dice.choice(("in", "in", "not_in", "gte", "lte", "between"))
        count = {"in": 2, "not_in": 1, "between": 2}.get(op, 1)
        return {"field": name, "op": op, "values": sorted(dice.sample(PERIODS, count), key=_first)}
    known = sorted({*recount.keys(asked, place, fact), "~", "không có"})
    if place.level.get("ordered") and dice.random() < 0.6:
        op = dice.choice(("gte", "lte", "between"))
        bounds = sorted(dice.sample([k for k in known if k != "~"], 2 if op == "between" else 1))
        return {"field": name, "op": op, "values": bounds}
    op = dice.choice(("in", "in", "not_in", "eq"))
    count = 1 if op == "eq" else dice.randint(1, min(3, len(known)))
    return {"field": name, "op": op, "values": dice.sample(known, count)}


def _first(period: str) -> str:
    year, _, rest = period.partition("-")
    return f"{year}-{int(rest[1]) * 3 - 2:02d}" if rest.startswith("Q") else f"{year}-{rest or '01'}"
