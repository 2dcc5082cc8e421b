"""The columns of XML1 for a range of claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.claim_conduct import MONTHS_LATE
from demo.sources.claim_defects import Spoiled
from demo.sources.nation.cards import card_numbers
from demo.sources.nation.catalogue import catalogue
from demo.sources.nation.claim_lines import Totals
from demo.sources.nation.claims import Claims
from demo.sources.nation.facilities import COMMUNE, PROVINCIAL
from demo.sources.nation.geography import districts, provinces
from demo.sources.nation.times import (
    CUTOFF_SECOND,
    KY,
    MONTH_COUNT,
    REFORM_DAY,
    SECONDS_A_DAY,
    compact,
    minutes,
    month_of,
    stamps,
)
from demo.sources.nation.world import World
from demo.sources.writer import maybe, money

Array = Any
LOCAL = 7 * 3600
SETTLED, REVIEWED, RECEIVED = "quyết toán", "giám định", "tiếp nhận"


@dataclass(slots=True)
class Codes:
    """Strings per claim that its lines repeat: facility, episode (ma_lk), office."""

    facility: Array
    episode: Array
    office: Array


def claim_rows(
    world: World, claims: Claims, parts: tuple[Totals, Codes, Spoiled], rows: Array
) -> dict[str, Any]:
    """Return the columns of `gd_ho_so` for these positions."""
    totals, codes, spoiled = parts
    part = claims.take(rows)
    late = np.isin(rows, spoiled.settled_late)
    columns = {
        **_patient(world, part), **_card(world, part, spoiled, rows), **_visit(part, spoiled, rows),
        **_money(totals, rows, spoiled.extra_total[rows]), **_settlement(part, late),
        **_sent(world, part, codes, rows),
    }  # fmt: skip
    columns["ma_benh_chinh"] = columns["ma_benh_chinh"].copy()
    for at in np.flatnonzero(np.isin(rows, spoiled.diseases_at)):
        columns["ma_benh_chinh"][at] = spoiled.disease_of(int(rows[at]))
    return columns


def _patient(world: World, part: Claims) -> dict[str, Any]:
    people, who = world.people, part.person
    place = np.array([p.code for p in provinces()], dtype=object)
    new = np.array([p.new_code for p in provinces()], dtype=object)
    reformed = part.left // SECONDS_A_DAY >= REFORM_DAY
    district = np.array([d.code for d in districts()], dtype=object)[people.district[who]]
    weight = 9 + who % 70
    return {
        "stt": 1, "ma_bn": people.numbers[who], "ho_ten": people.names[who], "so_cccd": people.citizen_ids[who],
        "ngay_sinh": compact(people.birth[who]) + "0000", "gioi_tinh": people.women[who] + 1, "ma_quoctich": "000",
        "ma_dantoc": people.ethnic[who], "ma_nghe_nghiep": "00000", "dia_chi": place[people.province[who]],
        "matinh_cu_tru": np.where(reformed, new[people.province[who]], place[people.province[who]]),
        "mahuyen_cu_tru": maybe(district, ~reformed), "can_nang": weight.astype(str).astype(object),
    }  # fmt: skip


def _card(world: World, part: Claims, spoiled: Spoiled, rows: Array) -> dict[str, Any]:
    spoiled_end, elsewhere = spoiled.card_ends[rows], np.isin(rows, spoiled.elsewhere)
    card = world.cards.take(part.card)
    numbers, _ = card_numbers(card, world.people)
    level = world.facilities.level[part.facility]
    own = part.facility == card.registered
    urgent = part.person % 23 == 0
    reason = np.select(
        [urgent, own | elsewhere, level == COMMUNE, level <= PROVINCIAL],
        ["2", "1.1", "1.2", "1.3"],
        default="3.3",
    )
    referred = reason == "1.3"
    return {
        "ma_the_bhyt": numbers, "ma_dkbd": world.facilities.codes[card.registered], "gt_the_tu": compact(card.first),
        "gt_the_den": compact(np.where(spoiled_end > 0, spoiled_end, card.last)),
        "ma_doituong_kcb": reason.astype(object),
        "ma_noi_di": maybe(world.facilities.codes[card.registered], referred),
    }  # fmt: skip


def _visit(part: Claims, spoiled: Spoiled, rows: Array) -> dict[str, Any]:
    book = catalogue()
    stays = np.isin(part.kind, ("02", "03", "04", "09"))
    came, left, admitted = minutes(part.came), minutes(part.left), part.came + 1_200
    for at in np.flatnonzero(np.isin(rows, spoiled.midnight_at)):
        which = came if rows[at] % 2 else left
        which[at] = f"{which[at][:8]}2400"
    return {
        "ly_do_vv": "Khám bệnh", "chan_doan_vao": book.disease_names[part.disease],
        "chan_doan_rv": book.disease_names[part.disease], "ma_benh_chinh": book.disease_codes[part.disease],
        "ngay_vao": came, "ngay_vao_noi_tru": maybe(minutes(admitted), stays & (admitted <= part.left)),
        "ngay_ra": left, "so_ngay_dtri": part.days, "ket_qua_dtri": np.where(part.person % 11 < 4, 1, 2),
        "ma_loai_rv": 1, "ngay_ttoan": minutes(part.left + 600), "ma_loai_kcb": part.kind,
        "ma_khoa": np.where(part.inpatient, "K02", "K01").astype(object),
    }  # fmt: skip


def _money(totals: Totals, rows: Array, extra: Array) -> dict[str, Any]:
    bv, bh, bhtt = totals.bv[rows], totals.bh[rows], totals.bhtt[rows]
    return {
        "t_thuoc": money(totals.drugs[rows]), "t_vtyt": money(totals.supplies[rows]), "t_tongchi_bv": money(bv + extra),
        "t_tongchi_bh": money(bh), "t_bntt": money(bv - bh), "t_bncct": money(bh - bhtt), "t_bhtt": money(bhtt),
        "t_nguonkhac": 0, "t_bhtt_gdv": money(bhtt),
    }  # fmt: skip


def _settlement(part: Claims, late: Array) -> dict[str, Any]:
    """A claim is settled in the month it was received, later than the visit for a few, and `late` much later."""
    month = month_of(np.minimum(part.created + LOCAL, CUTOFF_SECOND) // SECONDS_A_DAY).clip(
        0, MONTH_COUNT - 1
    )
    month = np.where(late, month_of(part.left // SECONDS_A_DAY) + MONTHS_LATE, month)
    ky = KY[month]
    return {
        "ky_qt": ky, "nam_qt": np.array([int(k[:4]) for k in KY])[month],
        "thang_qt": np.array([int(k[4:]) for k in KY])[month],
    }  # fmt: skip


def _sent(world: World, part: Claims, codes: Codes, rows: Array) -> dict[str, Any]:
    old, new = ([getattr(p, name) for p in provinces()] for name in ("code", "new_code"))
    reformed = part.left // SECONDS_A_DAY >= REFORM_DAY
    place, home = world.facilities.province[part.facility], world.people.province[part.person]
    today = np.where(reformed, np.array(new, dtype=object)[place], np.array(old, dtype=object)[place])
    of_patient = np.where(reformed, np.array(new, dtype=object)[home], np.array(old, dtype=object)[home])
    month = month_of(part.left // SECONDS_A_DAY)
    state = np.select(
        [month < MONTH_COUNT - 3, part.updated > part.created], [SETTLED, REVIEWED], default=RECEIVED
    )
    received = stamps(part.created)
    return {
        "ma_cskcb": codes.facility[rows], "ma_lk": codes.episode[rows], "ma_hsba": codes.episode[rows],
        "ma_giao_dich": [f"GD{r + 1:010d}" for r in rows.tolist()], "thoi_gian_tiep_nhan": received,
        "loai_ho_so": "3176", "lan_gui": part.sending, "trang_thai": state.astype(object), "ma_tinh_kcb": today,
        "noi_ngoai_tinh": (today != of_patient).astype(np.int64),
        "hash": [f"{(r + 1) * 2654435761 % 2**32:08x}" for r in rows.tolist()],
        "ma_cq_bhxh": codes.office[rows], "created_at": received, "updated_at": stamps(part.updated),
        "updated_by": np.where(part.updated > part.created, "gd.giamdinh", "gd.cong").astype(object),
        "is_deleted": part.deleted.astype(np.int64),
    }  # fmt: skip
