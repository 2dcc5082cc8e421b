"""Random questions, the same ones for the same seed: every kind of measure, both axes, filters, both bases."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from tests.oracle import accounting, benefits, cards, efiling, further, people
from tests.oracle.recount import DEFAULTS, DIFFERENCES, MEASURES, RATIOS, Oracle, needed_for
from tests.oracle.units import BASES

TIME = ["month.year", "month.quarter", "month.month", "month"]
SHARED = [*TIME, "org.nation", "org.region", "org.province", "org.office", "org"]
FURTHER = {
    **benefits.FIELDS,
    **accounting.FIELDS,
    **efiling.FIELDS,
    **cards.FIELDS,
    **people.FIELDS,
    **further.FIELDS,
}
FIELDS = {
    "contributions": [
        *SHARED, "fund.fund", "fund", "fund.component", "employer.sector", "participant.sex",
        "participant.birth_decade", "arrears_age",
    ],
    "claims": [
        *SHARED, "facility.level", "facility.class", "facility.facility", "object.group", "object", "visit_type.care",
        "visit_type.type", "benefit_level", "sex", "age_band", "cost_group", "cost_group.class",
        "referral", "origin", "card_province",
    ],
    "households": [*SHARED, "place", "card", "household_card", "sex", "order", "origin", "matching"],
    **{subject: [*SHARED, *own] for subject, own in FURTHER.items()},
}  # fmt: skip
YEARS = ["2024", "2025", "2026"]
PERIODS = [*YEARS, "2024-Q4", "2025-Q2", "2025-Q3", "2026-Q1", "2025-01", "2025-06", "2025-07", "2026-03"]
FACT_OF = {
    "contributions": ("contribution", "participation", "arrears"),
    "claims": ("claim", "claim_cost", "contract", "cardholder"),
    "households": ("stock", "premium", "issue", "merge"), **benefits.FACT_OF, **accounting.FACT_OF, **efiling.FACTS,
    **cards.FACT_OF, **people.FACTS, **further.FACT_OF,
}  # fmt: skip
USUAL = ("contributions", "contributions", "claims")


def random_questions(
    oracle: Oracle, *, seed: int, count: int, subjects: Sequence[str] = USUAL
) -> list[dict[str, Any]]:
    """Return `count` documents that can be asked (no measure meets a level its fact does not have)."""
    dice = random.Random(seed)
    found: list[dict[str, Any]] = []
    while len(found) < count:
        question = _question(dice, oracle, dice.choice(subjects))
        if _can_be_asked(question, oracle):
            found.append(question)
    return found


def _question(dice: random.Random, oracle: Oracle, subject: str) -> dict[str, Any]:
    names = [*MEASURES, *RATIOS, *DIFFERENCES]
    own = [n for n in names if all(MEASURES[m][0] in FACT_OF[subject] for m in needed_for([n]))]
    fields = dice.sample(FIELDS[subject], dice.choice([0, 1, 1, 2, 2, 2, 3, 4]))
    rows = dice.randint(max(0, len(fields) - 2), min(2, len(fields)))
    basis = dice.choice(BASES)
    filtered = dice.sample(FIELDS[subject], dice.choice([0, 0, 1, 1, 2]))
    return {
        "subject": subject,
        "rows": fields[:rows],
        "columns": fields[rows:],
        "values": dice.sample(own, dice.randint(1, 4)),
        "filters": [_filter(dice, oracle, subject, name, basis) for name in filtered],
        "org_basis": basis,
        "totals": dice.random() < 0.85,
    }


def _filter(dice: random.Random, oracle: Oracle, subject: str, name: str, basis: str) -> dict[str, Any]:
    if name.startswith("month"):
        op = dice.choice(["in", "not_in", "eq", "gte", "lte", "between"])
        values = (
            sorted(dice.sample(PERIODS, 2), key=lambda p: p.replace("Q", "")) if op == "between" else None
        )
        if values is not None and values[0][:4] == values[1][:4]:
            values = ["2025-01", "2026-Q1"]
        count = dice.randint(1, 2) if op in ("in", "not_in") else 1
        return {"field": name, "op": op, "values": values or dice.sample(PERIODS, count)}
    fact = next(fact for fact in FACT_OF[subject] if oracle.has(fact, name, basis))
    members = oracle.members(fact, name, basis)
    if name.endswith("birth_decade") and dice.random() < 0.5:
        low, high = sorted(dice.sample([m for m in members if m != "~"], 2))
        return {"field": name, "op": "between", "values": [low, high]}
    op = dice.choice(["in", "in", "not_in", "eq"])
    count = 1 if op == "eq" else dice.randint(1, min(4, len(members)))
    return {"field": name, "op": op, "values": dice.sample(members, count)}


def _can_be_asked(question: dict[str, Any], oracle: Oracle) -> bool:
    canonical = [DEFAULTS.get(name, name) for name in (*question["rows"], *question["columns"])]
    if len(set(canonical)) < len(canonical):
        return False
    facts = {MEASURES[m][0] for m in needed_for(question["values"])}
    named = [*canonical, *(one["field"] for one in question["filters"])]
    return all(oracle.has(fact, name, question["org_basis"]) for fact in facts for name in named)
