"""Answers a Query document from the frames: group, add, count, divide. One group-by per set of totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from tests.oracle import accounting, benefits, cards, efiling, further, people
from tests.oracle.claims import claim_costs, claims
from tests.oracle.collection import contribution_lines, contributions, participation
from tests.oracle.persons import Golden
from tests.oracle.registration import issues, premiums, stock
from tests.oracle.units import BASES, NATION, org_levels

Keys = tuple[str | None, ...]
Cells = dict[Keys, dict[str, Any]]
Document = Mapping[str, Any]

MONTH_OF_YEAR = pl.col("month").str.slice(5, 2).cast(pl.Int64)
QUARTER = pl.col("month").str.slice(0, 4) + "-Q" + ((MONTH_OF_YEAR + 2) // 3).cast(pl.String)
DEFAULTS = {
    "month": "month.month", "org": "org.province", "fund": "fund.fund", "employer": "employer.employer",
    "facility": "facility.facility", "object": "object.object", "visit_type": "visit_type.type",
    "benefit_level": "benefit_level.benefit_level", "sex": "sex.sex", "age_band": "age_band.age_band",
    **benefits.DEFAULTS,
    "place": "place.province", "card": "card.card", "household_card": "household_card.household_card",
    "order": "order.order", "origin": "origin.origin", "matching": "matching.matching",
    **accounting.DEFAULTS,
    **efiling.DEFAULTS,
    **people.DEFAULTS,
    "cost_group": "cost_group.cost_group",
    **cards.DEFAULTS,
    **further.DEFAULTS,
}  # fmt: skip

INPATIENT = pl.col("visit_type.care") == "inpatient"
PENSION = pl.col("fund.component") == "HTTT"


def _sum(column: str, where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col(column) if where is None else pl.col(column).filter(where)).sum()


def _count(where: pl.Expr | None = None) -> pl.Expr:
    return pl.len() if where is None else where.sum()


def _heads(column: str, where: pl.Expr | None = None) -> pl.Expr:
    return (pl.col(column) if where is None else pl.col(column).filter(where)).drop_nulls().n_unique()


MEASURES: dict[str, tuple[str, pl.Expr]] = {  # name -> frame, expression
    "due_vnd": ("contribution", _sum("due")),
    "collected_vnd": ("contribution", _sum("collected")),
    "base_vnd": ("contribution", _sum("base")),
    "pension_base_vnd": ("contribution", _sum("base", PENSION)),
    "lines": ("contribution", _count()),
    "pension_lines": ("contribution", _count(PENSION)),
    "participants": ("contribution", _heads("person")),
    "persons": ("contribution", _heads("golden")),
    "employers": ("contribution", _heads("employer")),
    "participants_end": ("participation", _heads("person")),
    "persons_end": ("participation", _heads("golden")),
    "employers_end": ("participation", _heads("employer")),
    "visits": ("claim", _count()),
    "outpatient_visits": ("claim", _count(~INPATIENT)),
    "inpatient_visits": ("claim", _count(INPATIENT)),
    "patients": ("claim", _heads("patient")),
    "treated_persons": ("claim", _heads("golden")),
    "facilities": ("claim", _heads("facility")),
    "treatment_days": ("claim", _sum("days")),
    "inpatient_days": ("claim", _sum("days", INPATIENT)),
    "total_vnd": ("claim", _sum("total")),
    "outpatient_total_vnd": ("claim", _sum("total", ~INPATIENT)),
    "inpatient_total_vnd": ("claim", _sum("total", INPATIENT)),
    "hi_paid_vnd": ("claim", _sum("hi_paid")),
    "outpatient_hi_paid_vnd": ("claim", _sum("hi_paid", ~INPATIENT)),
    "inpatient_hi_paid_vnd": ("claim", _sum("hi_paid", INPATIENT)),
    "copay_vnd": ("claim", _sum("copay")),
    "self_paid_vnd": ("claim", _sum("self_paid")),
    "exam_vnd": ("claim", _sum("exam")),
    "outpatient_exam_vnd": ("claim", _sum("exam", ~INPATIENT)),
    "bed_vnd": ("claim", _sum("bed")),
    "inpatient_bed_vnd": ("claim", _sum("bed", INPATIENT)),
    "drug_vnd": ("claim", _sum("drug")),
    "other_vnd": ("claim", _sum("other")),
    "cost_vnd": ("claim_cost", _sum("xu")),
    "cost_hi_paid_vnd": ("claim_cost", _sum("line_hi_paid")),
    **cards.MEASURES,
    **efiling.MEASURES,
    **people.MEASURES,
    **accounting.MEASURES,
    **benefits.MEASURES,
    **further.MEASURES,
    "households": ("stock", _heads("household")),
    "covered_households": ("stock", _heads("household", pl.col("household_card.household_card") == "full")),
    "members": ("stock", _heads("member")),
    "household_persons": ("stock", _heads("golden")),
    "members_with_card": ("stock", _heads("member", pl.col("has_card"))),
    "members_without_card": ("stock", _heads("member", ~pl.col("has_card"))),
    "members_with_number": ("stock", _heads("member", pl.col("has_number"))),
    "members_matched": ("stock", _heads("member", pl.col("is_matched"))),
    "premium_vnd": ("premium", _sum("premium")),
    "premium_months": ("premium", _sum("so_thang")),
    "payments": ("premium", _count()),
    "reduced_payments": ("premium", _count(pl.col("order.order") != "1")),
    "payers": ("premium", _heads("person")),
    "paying_persons": ("premium", _heads("golden")),
    "paying_households": ("premium", _heads("household")),
    "numbers_issued": ("issue", _count()),
    "numbers_matched": ("issue", _count(pl.col("matching.matching") == "matched")),
}
STOCKS = (
    "participants_end", "persons_end", "employers_end", "household_persons", "households", "covered_households",
    "members", "members_with_card", "members_without_card", "members_with_number", "members_matched", *benefits.STOCKS,
    *accounting.STOCKS, *efiling.STOCKS, *cards.STOCKS, *people.STOCKS,
    *further.STOCKS,
)  # fmt: skip
HEADS = {  # heads counted without a condition: where nobody is known, there is no value; with one, it is zero
    "participants", "persons", "employers", "patients", "treated_persons", "facilities", "participants_end",
    "persons_end", "employers_end", "households", "members", "household_persons", "payers", "paying_persons",
    "paying_households", "staff_end", "accounts_end", *accounting.HEADS, *benefits.HEADS, *further.HEADS,
}  # fmt: skip

# name -> numerator, denominator, per hundred or not, decimals; each from its definition in words
RATIOS: dict[str, tuple[tuple[str, ...], str, int | Fraction, int]] = {
    "collection_rate": (("collected_vnd",), "due_vnd", 100, 2),
    "arrears_rate": (("due_vnd", "-collected_vnd"), "due_vnd", 100, 2),
    "avg_base_vnd": (("pension_base_vnd",), "pension_lines", 1, 0),
    "collected_per_participant_vnd": (("collected_vnd",), "participants", 1, 0),
    "collected_share": (("collected_vnd",), "all:collected_vnd", 100, 2),
    "inpatient_rate": (("inpatient_visits",), "visits", 100, 2),
    "avg_inpatient_days": (("inpatient_days",), "inpatient_visits", 1, 2),
    "avg_cost_vnd": (("total_vnd",), "visits", 1, 0),
    "avg_outpatient_cost_vnd": (("outpatient_total_vnd",), "outpatient_visits", 1, 0),
    "avg_inpatient_cost_vnd": (("inpatient_total_vnd",), "inpatient_visits", 1, 0),
    "share_of_total": (("total_vnd",), "all:total_vnd", 100, 2),
    "exam_share": (("outpatient_exam_vnd",), "outpatient_total_vnd", 100, 2),
    "bed_share": (("inpatient_bed_vnd",), "inpatient_total_vnd", 100, 2),
    "hi_share": (("hi_paid_vnd",), "total_vnd", 100, 2),
    "visits_per_patient": (("visits",), "patients", 1, 2),
    **benefits.RATIOS,
    "household_coverage": (("members_with_card",), "members", 100, 2),
    "covered_household_rate": (("covered_households",), "households", 100, 2),
    "number_rate": (("members_with_number",), "members", 100, 2),
    "matched_rate": (("members_matched",), "members", 100, 2),
    "household_size": (("members",), "households", 1, 2),
    "premium_per_month_vnd": (("premium_vnd",), "premium_months", 1, 0),
    "cost_share": (("cost_vnd",), "all:cost_vnd", 100, 2),
    "cost_hi_share": (("cost_hi_paid_vnd",), "cost_vnd", 100, 2),
    **accounting.RATIOS,
    **efiling.RATIOS,
    **people.RATIOS,
    **further.RATIOS,
}
DIFFERENCES = {
    "arrears_vnd": ("due_vnd", "collected_vnd"), **accounting.DIFFERENCES, **cards.DIFFERENCES, **further.DIFFERENCES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Oracle:
    """The frames of one set of source databases."""

    frames: dict[str, pl.DataFrame]

    @classmethod
    def of(cls, sources: Path, decisions: Path | None = None) -> Oracle:
        levels, golden = org_levels(sources), Golden.of(sources, decisions)
        visits = claims(sources, levels)
        lines = golden.of_participants(contribution_lines(sources, levels))
        made = {
            "contribution": contributions(lines),
            "participation": participation(lines),
            "claim": golden.of_patients(visits),
            "claim_cost": claim_costs(sources, visits),
            **cards.frames(sources, levels, sorted(lines["month"].unique())),
            "premium": golden.of_participants(premiums(sources, levels)),
            **benefits.benefit_frames(sources, levels),
            **accounting.frames(sources, levels, lines),
            **efiling.frames(sources, levels),
        }
        made |= further.frames(sources, levels, lines, made)
        paid = sorted(made["premium"]["month"].unique())
        months = sorted({month for frame in made.values() for month in frame["month"]})
        made |= {
            "stock": golden.of_members(stock(sources, levels, paid)),
            "issue": issues(sources, levels, months),
            **people.frames(sources, set(months)),
        }
        return cls({name: _finished(frame) for name, frame in made.items()})

    def has(self, fact: str, name: str, basis: str) -> bool:
        """Tell whether a fact can be cut by a level."""
        return _column(name, {"org_basis": basis}) in self.frames[fact].columns

    def members(self, fact: str, name: str, basis: str) -> list[str]:
        """Return the keys of a level that occur, in order."""
        return sorted(self.frames[fact][_column(name, {"org_basis": basis})].unique().to_list())

    def answer(self, document: Document, scope: tuple[str, ...]) -> Cells:
        """Return keys (None = total) → value name → exact number or None."""
        needed = needed_for(document["values"])
        cells: Cells = {}
        whole: dict[str, Any] = {}
        for name in dict.fromkeys(MEASURES[measure][0] for measure in needed):
            frame = _cut(self.frames[name], document, scope)
            own = [measure for measure in needed if MEASURES[measure][0] == name]
            flows = [measure for measure in own if _way(measure) == "all"]
            for way in ("last", "first", "average", "all"):
                part = [measure for measure in own if _way(measure) == way]
                for keys, values in _grouped(frame, document, part) if part else ():
                    if values:
                        cells.setdefault(keys, {}).update(values)
            for _, values in _measured(frame, [], flows):
                whole |= values
        wanted = cells if document["totals"] else {k: v for k, v in cells.items() if None not in k}
        return {k: {n: _value(n, v, whole) for n in document["values"]} for k, v in wanted.items()}


def _finished(frame: pl.DataFrame) -> pl.DataFrame:
    """Add the levels of time and the nation; a missing member is «~»."""
    nation = [pl.lit(NATION).alias(f"org.nation@{basis}") for basis in BASES]
    time = [pl.col("month").str.slice(0, 4).alias("month.year"), QUARTER.alias("month.quarter")]
    full = frame.with_columns(*nation, *time, pl.col("month").alias("month.month"))
    return full.with_columns(pl.col(c).fill_null("~") for c in full.columns if "." in c)


def _column(name: str, document: Document) -> str:
    full = DEFAULTS.get(name, name)
    return f"{full}@{document['org_basis']}" if full.startswith("org.") else full


def _cut(frame: pl.DataFrame, document: Document, scope: tuple[str, ...]) -> pl.DataFrame:
    owner = pl.col("owner")
    mine = (
        [pl.lit(True)] if NATION in scope else [(owner == c) | owner.str.starts_with(f"{c}.") for c in scope]
    )
    conditions = [pl.any_horizontal(mine) if mine else pl.lit(False)]
    for one in document["filters"]:
        conditions.append(_condition(one, document))
    return frame.filter(conditions)


def _condition(one: Mapping[str, Any], document: Document) -> pl.Expr:
    column, op, values = _column(one["field"], document), one["op"], one["values"]
    if column.startswith("month."):
        return _period_condition(op, values)
    if op in ("gte", "lte", "between"):
        low = values[0] if op != "lte" else ""
        high = values[-1] if op != "gte" else "}"
        return pl.col(column).is_between(pl.lit(low), pl.lit(high)) & (pl.col(column) != "~")
    inside = pl.col(column).is_in(values)
    return ~inside if op == "not_in" else inside


def _period_condition(op: str, values: list[str]) -> pl.Expr:
    """Compare months with periods by what the periods contain."""
    months = [_months(value) for value in values]
    if op == "gte":
        return pl.col("month") >= months[0][0]
    if op == "lte":
        return pl.col("month") <= months[0][-1]
    if op == "between":
        return pl.col("month").is_between(pl.lit(months[0][0]), pl.lit(months[1][-1]))
    inside = pl.col("month").is_in([month for run in months for month in run])
    return ~inside if op == "not_in" else inside


def _months(period: str) -> list[str]:
    if len(period) == 7 and "Q" not in period:
        return [period]
    year = period[:4]
    numbers = range(1, 13) if len(period) == 4 else range(int(period[-1]) * 3 - 2, int(period[-1]) * 3 + 1)
    return [f"{year}-{number:02d}" for number in numbers]


def _grouped(
    frame: pl.DataFrame, document: Document, measures: list[str]
) -> list[tuple[Keys, dict[str, Any]]]:
    """Return one entry per member of every prefix of the rows × every prefix of the columns."""
    rows, columns = ([_column(name, document) for name in document[axis]] for axis in ("rows", "columns"))
    found: list[tuple[Keys, dict[str, Any]]] = []
    for r in range(len(rows) + 1):
        for c in range(len(columns) + 1):
            by = [*rows[:r], *columns[:c]]
            way = _way(measures[0])
            part = _at_edge(frame, by, way) if way in ("last", "first") else frame
            for keys, values in (_averaged if way == "average" else _measured)(part, by, measures):
                padded = (*keys[:r], *[None] * (len(rows) - r), *keys[r:], *[None] * (len(columns) - c))
                found.append((padded, values))
    return found


def _way(measure: str) -> str:
    """Return how the months of a period are put together: last, first, average or all added up."""
    ways = {"last": STOCKS, "first": further.FIRSTS, "average": further.AVERAGES}
    return next((way for way, names in ways.items() if measure in names), "all")


def _at_edge(frame: pl.DataFrame, by: list[str], way: str) -> pl.DataFrame:
    """Keep the last (or first) month anybody has rows in, of each period named in `by` or of all of them."""
    times = [column for column in by if column.startswith("month.")]
    edge = pl.col("month").max() if way == "last" else pl.col("month").min()
    return frame.filter(pl.col("month") == (edge.over(times) if times else edge))


def _averaged(frame: pl.DataFrame, by: list[str], measures: list[str]) -> list[tuple[Keys, dict[str, Any]]]:
    """Return the mean over the months anybody has rows in; a month without rows of the group is a month of 0."""
    times = [column for column in by if column.startswith("month.")]
    counted = frame.group_by(times).agg(pl.col("month").n_unique().alias("n")) if times else frame
    months = (
        {row[:-1]: row[-1] for row in counted.select(*times, "n").iter_rows()}
        if times
        else {(): frame["month"].n_unique()}
    )
    sums: dict[Keys, dict[str, Fraction]] = {}
    for keys, values in _measured(frame, [*by, "month"], measures):
        of_group = sums.setdefault(keys[:-1], {})
        for name, value in values.items():
            of_group[name] = of_group.get(name, Fraction(0)) + value
    places = [by.index(column) for column in times]
    return [
        (keys, {name: value / months[tuple(keys[i] for i in places)] for name, value in values.items()})
        for keys, values in sums.items()
    ]


def _measured(frame: pl.DataFrame, by: list[str], measures: list[str]) -> list[tuple[Keys, dict[str, Any]]]:
    """Return the measures of every group that has rows."""
    expressions = [MEASURES[measure][1].alias(measure) for measure in measures]
    if not frame.height:
        return []
    groups = frame.group_by(by).agg(expressions) if by else frame.select(expressions)
    scale = 100 if "total" in frame.columns else 1  # claims are in xu
    units = [scale if measure.endswith("_vnd") else 1 for measure in measures]
    found = []
    for row in groups.iter_rows():
        values = zip(measures, row[len(by) :], units, strict=True)
        made = {m: Fraction(value, unit) for m, value, unit in values if value or m not in HEADS}
        found.append((row[: len(by)], made))
    return found


def needed_for(values: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in values:
        if name in RATIOS:
            numerator, denominator, _, _ = RATIOS[name]
            found |= dict.fromkeys(
                [*(n.removeprefix("-") for n in numerator), *denominator.removeprefix("all:").split("+")]
            )
        else:
            found |= dict.fromkeys(DIFFERENCES.get(name, (name,)))
    return list(found)


def _value(name: str, values: Mapping[str, Fraction], whole: Mapping[str, Fraction]) -> Decimal | None:
    if name in DIFFERENCES:
        first, second = DIFFERENCES[name]
        if not {first, second} <= values.keys():
            return None
        rest = values[first] - values[second]
        return _exact(max(rest, Fraction(0)) if name in further.NOT_BELOW_ZERO else rest)
    if name in further.AVERAGES:
        return _rounded(values[name], 1) if name in values else None
    if name not in RATIOS:
        return _exact(values[name]) if name in values else None
    parts, divisor, hundred, decimals = RATIOS[name]
    source, names = (whole, divisor[4:]) if divisor.startswith("all:") else (values, divisor)
    below = sum((source.get(one, Fraction(0)) for one in names.split("+")), Fraction(0))
    if not below or any(part.removeprefix("-") not in values for part in parts):
        return None
    above = sum((-values[p[1:]] if p.startswith("-") else values[p] for p in parts), Fraction(0))
    return _rounded(hundred * above / below, decimals)


def _exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _rounded(value: Fraction, decimals: int) -> Decimal:
    scaled = value * 10**decimals
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    up = 2 * rest >= scaled.denominator
    number = (whole + up) * (-1 if scaled < 0 else 1)
    return Decimal(number).scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
