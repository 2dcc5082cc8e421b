"""The wrong claims: each planted claim or line is wrong in exactly one way."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from demo.sources.claim_conduct import misconduct
from demo.sources.nation.claims import Claims
from demo.sources.nation.facilities import CLOSED_ON
from demo.sources.nation.times import CUTOFF_SECOND, SECONDS_A_DAY
from demo.sources.nation.world import World
from demo.sources.planting import Notebook

Array = Any
TABLE = "gd_ho_so"
BAD_DISEASES = ("J0", "VIEM", "I10.", "1K29", "E11-9")
EXTRA_TOTAL = 150_000_00  # hundredths of a đồng added to a total without a line
DELETED_SHARE = 0.001


@dataclass(slots=True)
class Spoiled:
    """What of XML1 is written otherwise than it happened."""

    card_ends: Array  # per claim: a false last day of the card, or 0
    extra_total: Array  # per claim: hundredths added to t_tongchi_bv
    midnight_at: Array  # claims whose time says 24:00
    diseases_at: Array  # claims with a code that is none
    settled_late: Array = ()  # claims settled months after the usual time
    elsewhere: Array = ()  # claims that say the card is registered where it is not

    def disease_of(self, claim: int) -> str:
        """Return the bad code of a claim."""
        return BAD_DISEASES[int(np.searchsorted(self.diseases_at, claim)) % len(BAD_DISEASES)]


def send_again(claims: Claims, count: int, rng: Any) -> tuple[Claims, Array]:
    """Return the claims with a second sending of a few, and the positions of the sendings they replace."""
    soon = claims.created + 30 * SECONDS_A_DAY < CUTOFF_SECOND
    chosen = np.sort(rng.choice(np.flatnonzero(soon), size=count, replace=False))
    twice = claims.take(chosen)
    twice.sending = twice.sending + 1
    twice.created = twice.created + rng.integers(3, 25, size=count) * SECONDS_A_DAY
    twice.updated = twice.created.copy()
    both = Claims(
        *(np.concatenate([getattr(claims, f.name), getattr(twice, f.name)]) for f in fields(Claims))
    )
    order = np.argsort(both.created, kind="stable")
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return both.take(order), np.sort(place[np.concatenate([chosen, np.arange(len(claims), len(both))])])


def plant(
    world: World,
    claims: Claims,
    lines: tuple[Any, Any, Any],
    codes: Any,
    plan: tuple[Notebook, int, Array],
    rng: Any,
) -> Spoiled:
    """Spoil a few claims and lines and note them; some claims are taken back as a whole."""
    (notes, count, resent), (drugs, services, _) = plan, lines
    free = _free(claims, resent)
    no_place = _put_elsewhere(world, claims, codes, (free, count), rng)
    free = np.setdiff1d(free, no_place)
    backwards = _turn_around(world, claims, (free, count), rng)
    free = rng.permutation(np.setdiff1d(free, backwards))
    midnight, disease, expired, total = (np.sort(p) for p in free[: 4 * count].reshape(4, count))
    rest = np.sort(free[4 * count :])
    taken = _take_back(claims, rest, rng)
    rest = np.setdiff1d(rest, taken)
    zeros: Array = np.zeros((2, len(claims)), np.int64)
    spoiled = Spoiled(zeros[0], zeros[1], midnight, disease)
    spoiled.card_ends[expired] = claims.came[expired] // SECONDS_A_DAY - 12
    spoiled.extra_total[total] = EXTRA_TOTAL
    older = resent[claims.sending[resent] == 1]
    for check, defect, note, rows in (
        ("GD-H01", "D-18", "cơ sở không có hoặc hết hợp đồng", no_place),
        ("GD-H02", "D-22", "vào sau khi ra", backwards),
        ("GD-H03", "D-43", "giờ ghi 24:00", midnight),
        ("GD-H04", "D-25", "mã bệnh sai dạng", disease),
        ("GD-H05", "D-17", "thẻ hết hạn trước ngày vào", expired),
        ("GD-H06", "D-20", "tổng chi khác tổng dòng", total),
        ("GD-H07", "D-19", "đã có lần gửi sau", older),
    ):
        notes.write(TABLE, rows + 1, check=check, defect=defect, note=note)
    for table, items, check in (("gd_thuoc", drugs, "GD-T01"), ("gd_dvkt", services, "GD-S01")):
        rows = _misprice(items, rest, count, rng)
        rest = np.setdiff1d(rest, items.claim[rows])
        notes.write(table, rows + 1, check=check, defect="D-21", note="thành tiền khác số lượng × đơn giá")
    spoiled.settled_late, spoiled.elsewhere = misconduct(world, claims, services, rest, (notes, count, rng))
    return spoiled


def _free(claims: Claims, resent: Array) -> Array:
    usual = np.flatnonzero(~claims.inpatient & (claims.kind == "01"))
    return np.setdiff1d(usual, resent)


def _put_elsewhere(world: World, claims: Claims, codes: Any, free: tuple[Array, int], rng: Any) -> Array:
    """Move a few claims to a facility nobody knows, or to one whose contract had ended."""
    candidates, count = free
    late = candidates[claims.left[candidates] // SECONDS_A_DAY > CLOSED_ON + 10]
    chosen = np.sort(rng.choice(late, size=count, replace=False))
    closed = np.flatnonzero(world.facilities.until == CLOSED_ON)
    for k, claim in enumerate(chosen):
        known = world.facilities.codes[rng.choice(closed)]
        codes.facility[claim] = known if k % 2 else f"{codes.facility[claim][:2]}ZZ{k % 10}"
    return chosen


def _turn_around(world: World, claims: Claims, free: tuple[Array, int], rng: Any) -> Array:
    """Let a few patients come a day after they left, still within their card."""
    candidates, count = free
    ends = world.cards.last[claims.card[candidates]]
    roomy = candidates[ends > claims.left[candidates] // SECONDS_A_DAY + 3]
    chosen = np.sort(rng.choice(roomy, size=count, replace=False))
    claims.came[chosen] = claims.left[chosen] + SECONDS_A_DAY
    return chosen


def _take_back(claims: Claims, rest: Array, rng: Any) -> Array:
    """Mark a few whole claims as deleted, days after they were received."""
    early = rest[claims.created[rest] + 12 * SECONDS_A_DAY < CUTOFF_SECOND]
    taken = np.sort(rng.choice(early, size=max(3, round(len(claims) * DELETED_SHARE)), replace=False))
    claims.deleted[taken] = True
    claims.updated[taken] = claims.created[taken] + rng.integers(1, 12, size=len(taken)) * SECONDS_A_DAY
    return taken


def _misprice(items: Any, claims: Array, count: int, rng: Any) -> Array:
    """Raise the price of a few lines without touching their amounts."""
    own = np.flatnonzero(np.isin(items.claim, claims))
    _, first = np.unique(items.claim[own], return_index=True)
    rows = np.sort(rng.choice(own[first], size=count, replace=False))
    items.price[rows] += 500_00
    return rows
