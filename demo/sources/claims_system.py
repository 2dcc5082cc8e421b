"""The claim system (GIAMDINH): facilities, practitioners, claims (XML1), drug lines (XML2), service lines (XML3)."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.claim_defects import Spoiled, plant, send_again
from demo.sources.claim_licences import ordered_by, unregister
from demo.sources.claim_rows import Codes, claim_rows
from demo.sources.nation.catalogue import catalogue
from demo.sources.nation.claim_lines import Items, Totals, make_lines
from demo.sources.nation.claims import Claims, make_claims
from demo.sources.nation.facilities import OPEN_END
from demo.sources.nation.practitioners import ENDED, Practitioners, make_practitioners
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import REFORM_DAY, SECONDS_A_DAY, dates, minutes, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe, money

Array = Any
WRITE_ROWS = 50_000
LINE_ROWS = 200_000


def write_claims_system(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the five tables of the claim system."""
    rng = stream(world.seed, "claim defects")
    claims, again = send_again(make_claims(world), count, rng)
    drugs, services, totals = make_lines(world, claims)
    codes = _codes(world, claims)
    spoiled = plant(world, claims, (drugs, services, totals), codes, (notes, count, again), rng)
    staff = make_practitioners(world.facilities, world.seed)
    licences = ordered_by(world.facilities, staff, claims, services, codes)
    unregister(staff, claims, (drugs, services, licences), notes, world.seed)
    _write_facilities(world, db)
    _write_practitioners(world, db, staff)
    _write_claims(world, db, claims, (totals, codes, spoiled))
    _write_lines(db, "gd_thuoc", claims, drugs, (totals, codes))
    _write_lines(db, "gd_dvkt", claims, services, (totals, codes), licences)


def _codes(world: World, claims: Claims) -> Codes:
    """Return the strings claims and their lines share."""
    facility = world.facilities.codes[claims.facility].copy()
    day_left = claims.left // SECONDS_A_DAY
    month = [t[2:4] + t[5:7] for t in dates(day_left)]
    pairs = zip(facility, month, claims.number.tolist(), strict=True)
    return Codes(
        facility=facility, episode=np.array([f"{f}.{m}.{n + 1:07d}" for f, m, n in pairs], dtype=object),
        office=office_codes().on_month(world.facilities.district[claims.facility], day_left >= REFORM_DAY),
    )  # fmt: skip


def _write_facilities(world: World, db: Database) -> None:
    places = world.facilities
    n = len(places)
    ended = places.until < OPEN_END
    db.table("gd_cskcb")
    db.add(
        "gd_cskcb", n,
        {
            "id": np.arange(1, n + 1), "ma_cskcb": places.codes, "ten": places.names, "hang": places.rank,
            "tuyen": places.level.astype(str).astype(object),
            "loai_hinh": np.where(places.private, "2", "1").astype(object),
            "ma_tinh": np.array([c[:2] for c in places.codes], dtype=object), "hop_dong_tu": "2020-01-01",
            "hop_dong_den": maybe(dates(places.until), ended), "pttt": "Phí dịch vụ",
            "ma_cq_bhxh": office_codes().after[places.district], "created_at": "2020-01-01 01:00:00",
            "updated_at": maybe_moved(places.district, ended), "updated_by": "gd.danhmuc",
        },
    )  # fmt: skip


def _write_practitioners(world: World, db: Database, staff: Practitioners) -> None:
    n, places = len(staff), world.facilities
    db.table("gd_nguoi_hanh_nghe")
    db.add(
        "gd_nguoi_hanh_nghe", n,
        {
            "id": np.arange(1, n + 1), "ma_cchn": staff.licences, "ma_cskcb": places.codes[staff.facility],
            "pham_vi_hanh_nghe": staff.scope, "tu_ngay": dates(staff.since),
            "den_ngay": maybe(dates(np.full(n, ENDED)), staff.ended),
            "ma_cq_bhxh": office_codes().after[places.district[staff.facility]], "created_at": "2024-01-05 01:00:00",
            "updated_at": np.where(staff.ended, "2024-07-01 02:00:00", "2024-01-05 01:00:00").astype(object),
            "updated_by": "gd.danhmuc",
        },
    )  # fmt: skip


def maybe_moved(district: Array, ended: Array) -> Array:
    """Return when a facility's row last changed: at the reform, or when its contract was ended."""
    return np.where(ended, "2025-12-30 03:00:00", "2025-07-01 00:30:00").astype(object)


def _write_claims(world: World, db: Database, claims: Claims, parts: tuple[Totals, Codes, Spoiled]) -> None:
    db.table("gd_ho_so")
    for start in range(0, len(claims), WRITE_ROWS):
        rows = np.arange(start, min(start + WRITE_ROWS, len(claims)))
        db.add("gd_ho_so", len(rows), {"id": rows + 1, **claim_rows(world, claims, parts, rows)})


def _write_lines(
    db: Database,
    table: str,
    claims: Claims,
    lines: Items,
    parts: tuple[Totals, Codes],
    licences: Array = None,
) -> None:
    totals, codes = parts
    first: Array = np.searchsorted(lines.claim, lines.claim)
    ordered = minutes(claims.came + 900)
    created, updated = stamps(claims.created), stamps(claims.updated)
    db.table(table)
    for start in range(0, len(lines), LINE_ROWS):
        rows = np.arange(start, min(start + LINE_ROWS, len(lines)))
        part, claim = lines.take(rows), lines.claim[rows]
        own = _drug_columns(part) if licences is None else _service_columns(part, licences[rows])
        db.add(
            table, len(rows),
            {
                "id": rows + 1, "ma_cskcb": codes.facility[claim], "ma_lk": codes.episode[claim],
                "lan_gui": claims.sending[claim], "stt": rows - first[rows] + 1, "pham_vi": 1,
                "tyle_tt_bh": part.covered_pct, "so_luong": part.halves / 2.0, "t_nguonkhac": 0,
                "thanh_tien_bv": money(part.bv), "thanh_tien_bh": money(part.bh), "muc_huong": totals.benefit[claim],
                "t_bntt": money(part.bv - part.bh), "t_bncct": money(part.bh - part.bhtt), "t_bhtt": money(part.bhtt),
                "ngay_yl": ordered[claim], "ma_pttt": 1, "ma_cq_bhxh": codes.office[claim],
                "created_at": created[claim], "updated_at": updated[claim], "updated_by": "gd.cong",
                "is_deleted": claims.deleted[claim].astype(np.int64), **own,
            },
        )  # fmt: skip


def _drug_columns(part: Items) -> dict[str, Any]:
    code, name, unit = catalogue().drugs
    return {
        "ma_thuoc": code[part.item], "ten_thuoc": name[part.item], "don_vi_tinh": unit[part.item],
        "ma_nhom": np.where(part.covered_pct == 100, 4, 6), "don_gia": money(part.price),
    }  # fmt: skip


def _service_columns(part: Items, licences: Array) -> dict[str, Any]:
    code, name, group, unit = catalogue().items
    is_supply = part.item >= catalogue().supplies_from
    kind = group[part.item].astype(np.int64)
    return {
        "ma_dich_vu": maybe(code[part.item], ~is_supply), "ma_vat_tu": maybe(code[part.item], is_supply),
        "ten_dich_vu": maybe(name[part.item], ~is_supply), "ten_vat_tu": maybe(name[part.item], is_supply),
        "don_vi_tinh": unit[part.item], "ma_nhom": np.where((kind == 10) & (part.covered_pct < 100), 11, kind),
        "don_gia_bv": money(part.price), "don_gia_bh": money(part.price_covered), "tyle_tt_dv": part.ratio,
        "ma_bac_si": licences,
    }  # fmt: skip
