"""`tst_don_vi`: employers and collection agents as the collection system holds them today."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.sources.nation.employers import AGENT, Employers
from demo.sources.nation.geography import districts, provinces
from demo.sources.nation.names import full_names
from demo.sources.nation.seeds import some, stream
from demo.sources.nation.times import REFORM_DAY, SECONDS_A_DAY, dates, stamps
from demo.sources.nation.world import World
from demo.sources.org import office_codes
from demo.sources.planting import Notebook
from demo.sources.writer import Database, maybe

Array = Any
TABLE = "tst_don_vi"
ACTIVE, DISSOLVED = "1", "3"


def write_employers(world: World, db: Database, notes: Notebook, count: int) -> None:
    """Write the employers; those who stopped before the reform keep the office of their time."""
    rng = stream(world.seed, "tst employers")
    firms = world.employers
    n = len(firms)
    order = np.argsort(firms.joined, kind="stable")
    district = _with_wrong_districts(firms, order, (notes, count), rng)
    created = firms.joined * SECONDS_A_DAY + 3600 + rng.integers(0, 480, size=n) * 60
    stopped = firms.stopped >= 0
    after = ~stopped & (firms.joined < REFORM_DAY)
    _, offices = np.unique(office_codes().after, return_inverse=True)
    moved = REFORM_DAY * SECONDS_A_DAY + 7_200 + offices[firms.district] * 3
    updated = np.where(stopped, firms.stopped * SECONDS_A_DAY + 7_200, np.where(after, moved, created))
    table = _columns(firms, district, rng) | {
        "ma_cq_bhxh": office_codes().on_month(firms.district, ~stopped),
        "created_at": stamps(created), "updated_at": stamps(updated), "updated_by": np.full(n, "tst.thu", dtype=object),
    }  # fmt: skip
    mistaken = some(rng, np.flatnonzero(stopped), 2)
    table["is_deleted"] = np.isin(np.arange(n), mistaken).astype(np.int64)
    db.table(TABLE)
    db.add(TABLE, n, {"id": np.arange(1, n + 1), **{name: value[order] for name, value in table.items()}})


def _with_wrong_districts(firms: Employers, order: Array, plan: tuple[Notebook, int], rng: Any) -> Array:
    """Return the district code of each employer, a few from another province; none since the reform."""
    notes, count = plan
    codes = np.array([d.code for d in districts()], dtype=object)
    home = np.array([d.province for d in districts()])
    out = codes[firms.district]
    chosen = some(
        rng,
        np.flatnonzero((firms.joined < REFORM_DAY) & (firms.stopped < 0) & (firms.sector != AGENT)),
        count,
    )
    for i in chosen:
        out[i] = rng.choice(codes[home != firms.province[i]])
    out[firms.joined >= REFORM_DAY] = None
    place: Array = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(1, len(order) + 1)
    notes.write(TABLE, np.sort(place[chosen]), check="TST-D01", defect="D-06", note="huyện không thuộc tỉnh")
    return out


def _columns(firms: Employers, district: Array, rng: Any) -> dict[str, Any]:
    n = len(firms)
    old = np.array([p.code for p in provinces()], dtype=object)[firms.province]
    new = np.array([p.new_code for p in provinces()], dtype=object)[firms.province]
    place = np.array([f"{d.name}, {provinces()[d.province].name}" for d in districts()], dtype=object)
    women = rng.random(n) < 0.35
    nobody: Array = np.zeros(n, dtype=bool)
    region = np.array([provinces()[p].region for p in firms.province])
    stopped = firms.stopped >= 0
    return {
        "ma_don_vi": firms.codes, "ma_don_vi_cu": firms.old_codes, "ten_don_vi": firms.names,
        "ma_so_thue": np.array([c[:10] for c in firms.codes], dtype=object), "khoi": firms.sector,
        "ma_vsic": firms.branch.astype(object), "dia_chi": place[firms.district],
        "ma_tinh": np.where(firms.joined >= REFORM_DAY, new, old), "ma_huyen": district,
        "dien_thoai": np.array([f"024{v:08d}" for v in rng.integers(10**8, size=n).tolist()], dtype=object),
        "nguoi_dai_dien": full_names(women, region, nobody, rng),
        "ngay_tham_gia": dates(firms.joined), "ngay_ngung": maybe(dates(np.maximum(firms.stopped, 0)), stopped),
        "trang_thai": np.where(stopped, DISSOLVED, ACTIVE).astype(object),
        "phuong_thuc_dong": rng.choice(["1", "2", "3"], size=n, p=[0.93, 0.05, 0.02]).astype(object),
    }  # fmt: skip
