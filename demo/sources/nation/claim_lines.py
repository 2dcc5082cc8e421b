"""What a visit cost: drug and service lines whose sums are exactly the totals of the claim.

Amounts are whole hundredths of a đồng. Identities (QĐ 4750): drug BV = quantity x price; service BV = quantity x price
x ratio; BH = the covered part; BHTT = BH x level of benefit; BNCCT = BH - BHTT; BNTT = BV - BH; totals are sums.
Averages of every region follow the published B02 exports, exam and bed shares the national ones.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.nation.catalogue import BED, EXAM, catalogue
from demo.sources.nation.claims import EARLIER, Claims, regional
from demo.sources.nation.facilities import CENTRAL, COMMUNE, DISTRICT, PROVINCIAL
from demo.sources.nation.geography import regions
from demo.sources.nation.money import base_pay
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import SECONDS_A_DAY, month_of
from demo.sources.nation.world import World

Array = Any
EXAM_FEE = {"ĐB": 46_000, "1": 46_000, "2": 42_000, "3": 38_500, "0": 35_000}
BED_SHARE = 0.2481
YEARLY_GROWTH = 0.04
SIZE_OF_LEVEL = {CENTRAL: 2.0, PROVINCIAL: 1.3, DISTRICT: 0.85, COMMUNE: 0.45}
BENEFIT = np.array([0, 100, 100, 95, 80, 100])  # percent by level of the card
SMALL_BILL = 15  # percent of the base pay under which nothing is shared
QUANTITIES = np.array([1, 2, 5, 7, 10, 14, 20, 21, 28, 30])


@dataclass(slots=True)
class Items:
    """Lines of one table; quantities are halves, prices and amounts hundredths of a đồng."""

    claim: Array
    item: Array  # position in the catalogue's list
    halves: Array
    price: Array
    price_covered: Array
    ratio: Array  # tyle_tt_dv
    covered_pct: Array  # tyle_tt_bh
    bv: Array
    bh: Array
    bhtt: Array

    def __len__(self) -> int:
        return len(self.claim)

    def take(self, rows: Array) -> Items:
        """Return the lines at these positions."""
        return Items(*(getattr(self, f.name)[rows] for f in fields(self)))


@dataclass(slots=True)
class Totals:
    """The sums of XML1, in hundredths of a đồng, and the level of benefit of the claim in percent."""

    drugs: Array
    supplies: Array
    bv: Array
    bh: Array
    bhtt: Array
    benefit: Array


def make_lines(world: World, claims: Claims) -> tuple[Items, Items, Totals]:
    """Return (drug lines, service lines, totals) of the claims, lines in the order of their claim."""
    rng = stream(world.seed, "claim lines")
    fixed, rest = _amounts(world, claims, rng)
    drug_part = _drug_share(claims, world.facilities.level[claims.facility], rng) * rest
    drugs = _spread(
        drug_part,
        np.where(claims.inpatient, rng.integers(3, 6, len(claims)), 1 + rng.binomial(3, 0.42, len(claims))),
        rng,
    )
    extra = _spread(
        rest - drug_part,
        np.where(claims.inpatient, rng.integers(3, 6, len(claims)), rng.integers(1, 3, len(claims))),
        rng,
    )
    drug_lines = _drug_lines(*drugs, rng)
    services = _service_lines(claims, fixed, extra, rng)
    return drug_lines, services, _totals(world, claims, drug_lines, services)


def _amounts(world: World, claims: Claims, rng: Any) -> tuple[Array, Array]:
    """Return (exam or bed price per unit, everything else) in đồng, calibrated per region, care and half-year."""
    region = regions()[world.facilities.province[claims.facility]]
    rank = world.facilities.rank[claims.facility]
    level = world.facilities.level[claims.facility]
    month = month_of(claims.left // SECONDS_A_DAY)
    size = np.array([0.0] + [SIZE_OF_LEVEL[v] for v in (1, 2, 3, 4)])[level]
    fixed = np.array([EXAM_FEE[r] for r in rank], dtype=float)
    rest = size * np.exp(rng.normal(0, 0.75, size=len(claims)))
    for name in np.unique(region):
        for care in (False, True):
            mine = np.flatnonzero((region == name) & (claims.inpatient == care))
            mean = _mean_cost(name, care)[month[mine]]
            if care:
                nights = np.maximum(claims.days[mine], 0)
                fixed[mine] = np.round(BED_SHARE * mean * len(mine) / max(nights.sum(), 1) / 100) * 100
                rest[mine] *= 0.35 + 0.65 * nights / max(nights.mean(), 1e-9)
                left = mean - BED_SHARE * mean
            else:
                left = mean - fixed[mine] * (claims.kind[mine] != "07")
            rest[mine] *= left / max(rest[mine].mean(), 1e-9)
    return fixed, rest


def _mean_cost(region: str, inpatient: bool) -> Array:
    """Return the average cost per visit of a region for each month of the demonstration."""
    column = "bq_noi_vnd" if inpatient else "bq_ngoai_vnd"
    before, since = regional(column, EARLIER)[region], regional(column)[region]
    months = np.arange(24)
    return np.where(months < 2, before * 1.02, since * (1 + YEARLY_GROWTH * np.maximum(months - 4, 0) / 12))


def _drug_share(claims: Claims, level: Array, rng: Any) -> Array:
    n = len(claims)
    share = np.where(claims.inpatient, rng.beta(2, 3.5, size=n), rng.beta(4, 3, size=n))
    alone = rng.random(n)
    share = np.where(~claims.inpatient & ((level == COMMUNE) | (alone < 0.55)), 1.0, share)
    share = np.where(~claims.inpatient & (level != COMMUNE) & (alone > 0.94), 0.0, share)
    return np.where(np.isin(claims.kind, ("05", "07")), 1.0, share)


def _spread(amount: Array, count: Array, rng: Any) -> tuple[Array, Array]:
    """Return (claim, amount) of lines that share each claim's amount unevenly; none for nothing."""
    count = np.where(amount >= 1_000, count, 0)
    claim: Array = np.repeat(np.arange(len(amount)), count)
    weight = rng.exponential(size=len(claim)) + 0.15
    return claim, amount[claim] * weight / np.bincount(claim, weight, minlength=len(amount))[claim]


def _drug_lines(claim: Array, amount: Array, rng: Any) -> Items:
    n = len(claim)
    halves = 2 * rng.choice(QUANTITIES, size=n)
    odd = rng.random(n) < 0.02
    halves[odd] = rng.choice([1, 3, 5], size=int(odd.sum()))
    price = np.maximum(np.round(amount * 200 / halves), 100).astype(np.int64)
    price = np.where(price > 200_000, price // 100 * 100, price)  # dear drugs are priced in whole đồng
    price += (halves % 2 == 1) & (price % 2 == 1)  # half a unit of an odd price would split a hundredth
    covered = np.where(rng.random(n) < 0.04, 50, 100)
    bv = price * halves // 2
    item = rng.integers(catalogue().drugs.shape[1], size=n)
    return Items(
        claim,
        item,
        halves,
        price,
        price,
        np.full(n, 100),
        covered,
        bv,
        _pct(bv, covered),
        np.zeros(n, np.int64),
    )


def _service_lines(claims: Claims, fixed: Array, extra: tuple[Array, Array], rng: Any) -> Items:
    """Return exam or bed, then the other services and supplies of every claim."""
    exam = np.flatnonzero(~claims.inpatient & (claims.kind != "07"))
    bed = np.flatnonzero(claims.inpatient & (claims.days > 0))
    claim, amount = extra
    n, first = len(claim), len(exam) + len(bed)
    book = catalogue()
    supply = claims.inpatient[claim] & (rng.random(n) < 0.25)
    item = np.where(
        supply,
        rng.integers(book.supplies_from, book.items.shape[1], size=n),
        rng.integers(book.services_from, book.supplies_from, size=n),
    )
    units = np.where(supply, rng.integers(1, 5, size=n), 1)
    whole = np.concatenate([exam, bed, claim])
    quantity = np.concatenate([np.ones(len(exam), np.int64), claims.days[bed], units])
    price = np.concatenate([fixed[exam], fixed[bed], np.maximum(np.round(amount / units / 100) * 100, 100)])
    price = (price * 100).astype(np.int64)
    ratio = np.full(len(whole), 100)
    shared: Array = first + np.flatnonzero(rng.random(n) < 0.01)
    ratio[shared] = 50  # a second procedure in one go counts half
    dearer = np.concatenate([np.zeros(first, bool), rng.random(n) < 0.17])
    allowed = np.where(dearer, price * 80 // 100, price)
    covered = np.concatenate([np.full(first, 100), np.where(supply & (rng.random(n) < 0.05), 60, 100)])
    bv = _pct(price * quantity, ratio)
    bh = _pct(_pct(allowed * quantity, ratio), covered)
    lines = Items(
        whole, np.concatenate([np.full(len(exam), EXAM), np.full(len(bed), BED), item]), 2 * quantity, price, allowed,
        ratio, covered, bv, bh, np.zeros(len(whole), np.int64),
    )  # fmt: skip
    return lines.take(np.argsort(whole, kind="stable"))


def _totals(world: World, claims: Claims, drugs: Items, services: Items) -> Totals:
    n = len(claims)
    group = catalogue().items[2].astype(np.int64)[services.item]
    bh = _sum(drugs.claim, drugs.bh, n) + _sum(services.claim, services.bh, n)
    limit = base_pay(month_of(claims.left // SECONDS_A_DAY)) * SMALL_BILL  # percent x đồng = hundredths
    level = world.cards.level[claims.card]
    free = (bh < limit) | (world.facilities.level[claims.facility] == COMMUNE)
    benefit = np.where(free, 100, BENEFIT[level])
    for lines in (drugs, services):
        lines.bhtt = _pct(lines.bh, benefit[lines.claim])
    return Totals(
        drugs=_sum(drugs.claim, drugs.bv, n),
        supplies=_sum(services.claim, np.where(group == 10, services.bv, 0), n),
        bv=_sum(drugs.claim, drugs.bv, n) + _sum(services.claim, services.bv, n), bh=bh,
        bhtt=_sum(drugs.claim, drugs.bhtt, n) + _sum(services.claim, services.bhtt, n), benefit=benefit,
    )  # fmt: skip


def _sum(claim: Array, amount: Array, n: int) -> Array:
    out: Array = np.zeros(n, dtype=np.int64)
    np.add.at(out, claim, amount)
    return out


def _pct(amount: Array, percent: Array) -> Array:
    """Return a percentage of hundredths, rounded half up."""
    return (amount * percent + 50) // 100
