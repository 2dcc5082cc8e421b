"""`tst_the_bhyt`: the cards, each a spell of validity."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.cards import Cards, card_numbers
from demo.sources.nation.people import People
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import CUTOFF_SECOND, REFORM_DAY, SECONDS_A_DAY, dates, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
Table = dict[str, Any]
TABLE = "tst_the_bhyt"
WRONG_LEVEL = {1: 4, 2: 5, 3: 1, 4: 1, 5: 3}
DELETED_SHARE = 0.001


def write_cards(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the cards; only people who never appear in a claim hold wrong ones."""
    rng = stream(world.seed, "tst cards")
    cards, people = world.cards, world.people
    free = _one_card_each(cards, people, rng)
    misspelt, wrong_level, covered = free[: 3 * count].reshape(3, count)
    second = cards.take(covered)  # a second card inside the first one's time
    second.first, second.last = second.first + 20, np.minimum(second.last, second.first + 50)
    mistaken = cards.take(some(rng, np.arange(len(cards)), max(2, round(len(cards) * DELETED_SHARE))))
    whole = Cards(
        *(np.concatenate([getattr(c, f) for c in (cards, second, mistaken)]) for f in Cards.__slots__)
    )
    n, m = len(cards), len(second)
    deleted = np.arange(len(whole)) >= n + m
    table = _columns(world, whole, rng)
    table["is_deleted"] = deleted.astype(np.int64)
    _misspell(table, misspelt, wrong_level)
    order = np.argsort(table.pop("_created"), kind="stable")
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    for check, defect, note, rows in (
        ("TST-T01", "D-40", "số thẻ sai dạng hoặc khác mã số BHXH", misspelt),
        ("TST-T02", "D-16", "mức hưởng không hợp đối tượng", wrong_level),
        (
            "TST-T03",
            "D-15",
            "hai thẻ của một người chồng thời hạn",
            np.concatenate([covered, np.arange(n, n + m)]),
        ),
    ):
        notes.write(TABLE, np.sort(place[rows]), check=check, defect=defect, note=note)
    db.table(TABLE)
    db.add(TABLE, len(order), {"id": np.arange(1, len(order) + 1), **{k: v[order] for k, v in table.items()}})


def _one_card_each(cards: Cards, people: People, rng: Any) -> Array:
    """Return one long card of every quiet person, in random order."""
    fit = np.flatnonzero(people.quiet[cards.person] & (cards.last - cards.first > 60))
    _, first = np.unique(cards.person[fit], return_index=True)
    return rng.permutation(fit[first])


def _columns(world: World, cards: Cards, rng: Any) -> Table:
    people, n = world.people, len(cards)
    numbers, province = card_numbers(cards, people)
    district = people.district[cards.person]
    lead = rng.integers(1, 26, size=len(office_codes().after))[
        district
    ]  # an office issues a month's cards together
    made = (cards.first - lead) * SECONDS_A_DAY + 3600 + (district * 37 % 480) * 60
    made = np.where(cards.kind == "TE", (cards.first + 12) * SECONDS_A_DAY + 7_200, made)
    created = np.minimum(made, CUTOFF_SECOND)
    edited = np.where(rng.random(n) < 0.02, created + rng.integers(1, 200, size=n) * SECONDS_A_DAY, created)
    updated = np.where(edited <= CUTOFF_SECOND, edited, created)
    employed = cards.employer >= 0
    five = cards.first - rng.integers(-900, 2_000, size=n)
    return {
        "ma_the": numbers, "ma_so_bhxh": people.numbers[cards.person].copy(), "ma_doi_tuong": cards.kind,
        "muc_huong": cards.level.copy(), "ma_tinh_the": province,
        "ma_khu_vuc": maybe(rng.choice(["K1", "K2", "K3"], size=n), np.isin(cards.kind, ("DT", "DK", "XD"))),
        "ma_dkbd": world.facilities.codes[cards.registered], "tu_ngay": dates(cards.first),
        "den_ngay": dates(cards.last), "ngay_5nam": dates(five),
        "ma_don_vi": maybe(world.employers.codes[np.maximum(cards.employer, 0)], employed),
        "ma_ho": maybe(world.homes.codes[cards.person], cards.kind == "GD"),
        "ly_do_cap": rng.choice(["mới", "gia hạn", "đổi", "cấp lại"], size=n, p=[0.2, 0.7, 0.06, 0.04]).astype(object),
        "ngay_in": dates(created // SECONDS_A_DAY), "trang_thai": np.full(n, "1", dtype=object),
        "ma_cq_bhxh": office_codes().on_month(district, cards.first >= REFORM_DAY),
        "created_at": stamps(created), "updated_at": stamps(updated),
        "updated_by": np.where(updated == created, "tst.the", "tst.doithe").astype(object), "_created": created,
    }  # fmt: skip


def _misspell(table: Table, misspelt: Array, wrong_level: Array) -> None:
    for k, i in enumerate(misspelt):
        card = table["ma_the"][i]
        other = f"{card[:5]}{(int(card[5:]) + 1_000_003) % 10**10:010d}"
        table["ma_the"][i] = (card[:5] + card[6:], card.lower(), other)[k % 3]
    for i in wrong_level:
        wrong = WRONG_LEVEL[int(table["muc_huong"][i])]
        table["muc_huong"][i] = wrong
        card = table["ma_the"][i]
        table["ma_the"][i] = f"{card[:2]}{wrong}{card[3:]}"
