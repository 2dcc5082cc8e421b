"""Employers and collection agents: `tst_don_vi`, and who works where.

`khoi` (ours): HCS hành chính, sự nghiệp · DNN doanh nghiệp nhà nước · NQD doanh nghiệp ngoài nhà nước · FDI vốn nước
ngoài · TCK tổ chức khác · DLT tổ chức dịch vụ thu (người tự đóng và hộ gia đình đóng qua đây).
Codes follow CV 1804/BHXH-QLT (2025): enterprise number + health-insurance block + economic branch; old ones in
`ma_don_vi_cu`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from demo.sources.nation.geography import districts, districts_for, provinces, regions, short_name
from demo.sources.nation.people import People
from demo.sources.nation.population import INDUSTRY, INDUSTRY_ELSEWHERE
from demo.sources.nation.seeds import stream
from demo.sources.nation.times import MONTH_COUNT, REFORM_DAY, day

Array = Any
SECTORS = ("HCS", "DNN", "NQD", "FDI", "TCK")
AGENT = "DLT"
BLOCK = {
    "HCS": "HC",
    "DNN": "DN",
    "NQD": "DN",
    "FDI": "DN",
    "TCK": "TK",
    "DLT": "TH",
}  # health-insurance object
SHARES = np.array([0.20, 0.07, 0.40, 0.30, 0.03])
FEWEST_IDLE = 12
USUAL_SIZE = (34, 110, 17, 190, 14)
BRANCHES = {
    "HCS": ("O84", "P85", "Q86"), "DNN": ("D35", "E36", "H49", "K64"), "FDI": ("C13", "C14", "C26", "C27", "C15"),
    "NQD": ("C10", "F41", "G46", "G47", "H49", "I55", "M70", "C31"), "TCK": ("S94", "A01", "K64"), "DLT": ("H53",),
}  # fmt: skip
TITLES = {
    "HCS": ("Trường Trung học cơ sở", "Ủy ban nhân dân", "Bệnh viện", "Trường Tiểu học", "Sở", "Trung tâm"),
    "DNN": ("Công ty Điện lực", "Công ty TNHH MTV Cấp nước", "Công ty Lâm nghiệp", "Xí nghiệp Vận tải"),
    "FDI": ("Công ty TNHH Điện tử", "Công ty TNHH May", "Công ty TNHH Giày", "Công ty TNHH Linh kiện"),
    "NQD": ("Công ty TNHH", "Công ty cổ phần", "Doanh nghiệp tư nhân", "Công ty TNHH Thương mại"),
    "TCK": ("Hợp tác xã", "Hiệp hội", "Quỹ tín dụng nhân dân", "Văn phòng luật sư"),
}
WORDS = [
    "Hưng",
    "Phú",
    "An",
    "Thịnh",
    "Bình",
    "Minh",
    "Đại",
    "Phát",
    "Tân",
    "Thành",
    "Long",
    "Vân",
    "Hải",
    "Đăng",
    "Kim",
    "Sơn",
    "Việt",
    "Tiến",
    "Nam",
]


@dataclass(frozen=True, slots=True)
class Employers:
    """One array per attribute; an employer is a position.

    First those with workers, then those without (closed before, or joined after the reform), last 63 agents.
    """

    codes: Array
    old_codes: Array
    sector: Array  # khoi
    province: Array
    district: Array
    branch: Array
    names: Array
    joined: Array  # day
    stopped: Array  # day, or -1
    idle_from: int
    agents_from: int

    def __len__(self) -> int:
        return len(self.codes)

    def agent_of(self, province: Array) -> Array:
        """Return the agent of each province."""
        return self.agents_from + np.asarray(province)


@dataclass(frozen=True, slots=True)
class Jobs:
    """Where each employee (in the order of the compulsory pool) works before and after a change of job."""

    first: Array
    second: Array
    changed_at: Array  # month from which `second` counts; MONTH_COUNT = never
    side: Array  # employer of a second contract, -1 for none

    def in_month(self, month: int) -> Array:
        """Return the main employer of every employee in a month."""
        return np.where(month >= self.changed_at, self.second, self.first)


def make_employers(people: People, members: Array, seed: int) -> tuple[Employers, Jobs]:
    """Return the employers and where the given employees work."""
    rng = stream(seed, "employers")
    where = people.province[members]
    sector = _sectors(where, rng)
    cells = [
        (p, s, _size_of(where, sector, p, s)) for p in range(len(provinces())) for s in range(len(SECTORS))
    ]
    owner: Array = np.repeat([p for p, _, _ in cells], [k for _, _, k in cells])
    kind: Array = np.repeat([s for _, s, _ in cells], [k for _, _, k in cells])
    idle = rng.choice(owner, size=max(FEWEST_IDLE, len(owner) // 20))
    agents = np.arange(len(provinces()))
    province = np.concatenate([owner, idle, agents])
    khoi = np.array([SECTORS[s] for s in kind] + ["NQD"] * len(idle) + [AGENT] * len(agents), dtype=object)
    employers = _dressed(province, khoi, (len(owner), len(owner) + len(idle)), rng)
    return employers, _jobs(where, sector, owner, kind, rng)


def _sectors(where: Array, rng: Any) -> Array:
    """Draw a sector per employee: shares fitted so that FDI gathers in the industrial provinces."""
    industry = np.array([INDUSTRY.get(p.code, INDUSTRY_ELSEWHERE[p.region]) for p in provinces()])
    rows = np.bincount(where, minlength=len(industry)).astype(float)
    table = np.stack([rows * 18 / industry, rows, rows, rows * (industry / 18) ** 1.6, rows], axis=1) * SHARES
    for _ in range(40):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= SHARES * rows.sum() / table.sum(axis=0)
    chance = np.cumsum(table / table.sum(axis=1, keepdims=True), axis=1)[where]
    return (rng.random(len(where))[:, None] > chance).sum(axis=1).clip(0, len(SECTORS) - 1)


def _size_of(where: Array, sector: Array, province: int, kind: int) -> int:
    people = int(((where == province) & (sector == kind)).sum())
    return -(-people // USUAL_SIZE[kind]) if people else 0


def _jobs(where: Array, sector: Array, owner: Array, kind: Array, rng: Any) -> Jobs:
    n = len(where)
    first: Array = np.empty(n, dtype=np.int64)
    second: Array = np.empty(n, dtype=np.int64)
    for p in np.unique(where):
        for s in np.unique(sector[where == p]):
            mine = np.flatnonzero((where == p) & (sector == s))
            here = np.flatnonzero((owner == p) & (kind == s))
            weight = 1.0 / np.arange(1, len(here) + 1) ** 0.7
            first[mine], second[mine] = rng.choice(here, size=(2, len(mine)), p=weight / weight.sum())
    moves = (rng.random(n) < 0.16) & (first != second)
    changed_at = np.where(moves, rng.integers(1, MONTH_COUNT, size=n), MONTH_COUNT)
    side = np.where(rng.random(n) < 0.012, rng.permutation(first), -1)
    return Jobs(first, second, changed_at, np.where((side == first) | (side == second), -1, side))


def _dressed(province: Array, khoi: Array, parts: tuple[int, int], rng: Any) -> Employers:
    n, (idle_from, agents_from) = len(province), parts
    serial = (rng.permutation(n) * 7_919 + 104_729) % 9_999_991
    branch = np.array(
        [BRANCHES[k][int(x * len(BRANCHES[k]))] for k, x in zip(khoi, rng.random(n), strict=True)]
    )
    codes = [
        f"{s:07d}HC" if k == "HCS" else f"{s:010d}{BLOCK[k]}{'' if k == AGENT else b}"
        for s, k, b in zip(serial.tolist(), khoi, branch, strict=True)
    ]
    old = [
        f"{'TIYA'[s % 4]}{'ABCE'[s % 7 % 4]}{i % 10_000:04d}{chr(65 + i // 10_000)}"
        for i, s in enumerate(serial)
    ]
    old = [f"{provinces()[p].code}-{code}" for p, code in zip(province.tolist(), old, strict=True)]
    district = districts_for(province, rng)
    joined, stopped = _lives(n, idle_from, agents_from, rng)
    return Employers(
        codes=np.array(codes, dtype=object), old_codes=np.array(old, dtype=object), sector=khoi, province=province,
        district=district, branch=branch, names=_names(khoi, province, district, rng), joined=joined,
        stopped=stopped, idle_from=idle_from, agents_from=agents_from,
    )  # fmt: skip


def _lives(n: int, idle_from: int, agents_from: int, rng: Any) -> tuple[Array, Array]:
    joined = rng.integers(day("2005-01-01"), day("2024-10-01"), size=n)
    stopped = np.full(n, -1)
    half = (idle_from + agents_from) // 2
    joined[idle_from:half] = rng.integers(REFORM_DAY, REFORM_DAY + 300, size=half - idle_from)
    stopped[half:agents_from] = rng.integers(day("2024-10-05"), REFORM_DAY - 5, size=agents_from - half)
    joined[agents_from:] = day("2021-01-01")
    return joined, stopped


def _names(khoi: Array, province: Array, district: Array, rng: Any) -> Array:
    out = []
    chance = rng.random((3, len(khoi)))
    for i, k in enumerate(khoi):
        if k == AGENT:
            out.append(f"Tổ chức dịch vụ thu {provinces()[province[i]].name} (hư cấu)")
            continue
        title = TITLES[k][int(chance[0, i] * len(TITLES[k]))]
        if k == "HCS":
            out.append(f"{title} {short_name(districts()[district[i]].name)} số {i + 1}")
            continue
        word = " ".join(WORDS[int(c * len(WORDS))] for c in chance[1:, i])
        out.append(f"{title} {word} {i + 1}")
    return np.array(out, dtype=object)


def region_of(employers: Employers) -> Array:
    """Return the VSS region of every employer."""
    return regions()[employers.province]
