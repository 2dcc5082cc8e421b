"""What a release says of itself: when, until which month, how much is held back, which units there are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dwh.datapath.desk.reading import quarantine_count
from dwh.datapath.warehouse.release import Release
from dwh.kernel.errors import Conflict
from dwh.kernel.org.services import FOREVER, History, Name, Succession, Unit

MOST_UNITS = 20_000
_UNITS = (
    "SELECT org_code, org_name, tier, valid_from, valid_until, cur_org_code, is_it_unit, office_code "
    "FROM core.dim_org"
)


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """What the figure strip says of the release in use. `held_vnd` in đồng, over the whole nation.

    `landed` = `staged` + `held_rows` + `rejected` + `late` over every source table, when `balanced`; `late` rows wait
    for a locked month.
    """

    id: str
    built_at: str
    state: str
    data_until: str
    held_rows: int
    held_vnd: Decimal
    landed: int = 0
    staged: int = 0
    rejected: int = 0
    late: int = 0
    balanced: bool = True


@lru_cache(maxsize=8)
def info_of(release: Release) -> ReleaseInfo:
    """Return the summary of a release; it never changes, so it is read once."""
    manifest = release.manifest
    rows, vnd = quarantine_count(release, org_codes=None)
    equations = manifest.get("equations", {})
    landed, right = _balance(equations)
    return ReleaseInfo(
        release.id, manifest["built_at"], manifest["state"], manifest["data_until"], rows, vnd, landed,
        staged=right["staging"], rejected=right["rejected"], late=right["late"],
        balanced=all(equation["holds"] for equation in equations.values()),
    )  # fmt: skip


def _balance(equations: dict[str, Any]) -> tuple[int, Counter[str]]:
    """Return rows landed, and where they are; `landed:<table>` counts a table's rows once."""
    tables = [e for name, e in equations.items() if name.startswith("landed:") and name.count(":") == 1]
    right: Counter[str] = Counter()
    for equation in tables:
        right.update({place: total["rows"] for place, total in equation["right"].items()})
    return sum(e["left"]["rows"] for e in tables), right


def must_have_trees(release: Release) -> None:
    """Raises: Conflict when the release in use was made before units were known on the tree of any day."""
    if "core.dim_org_at" not in release.manifest.get("serving_rows", {}):
        raise Conflict(
            f"Bản số liệu {release.id} do phiên bản trước của chương trình tạo ra, chưa có cây tổ chức theo ngày. "
            "Chạy một lượt «Đồng bộ, tổng hợp, công bố» ở trang Đồng bộ rồi mở lại."
        )


def units_of(release: Release) -> list[Unit]:
    """Return the units of the release's organisation. Raises: Conflict for a release of an older program."""
    must_have_trees(release)
    _, rows = release.fetch(_UNITS, limit=MOST_UNITS)
    return [
        Unit(
            code, name or code, tier, since, None if until == FOREVER else until, current, is_it, office or ""
        )
        for code, name, tier, since, until, current, is_it, office in rows
    ]


def history_of(release: Release) -> History:
    """Return what the units of a release were called in time, and who took over from whom.

    Raises: Conflict for a release of an older program, which does not know it.
    """
    must_have_trees(release)
    _, names = release.fetch(
        "SELECT org_code, org_name, valid_from, valid_until FROM core.org_name", limit=MOST_UNITS
    )
    _, moves = release.fetch(
        "SELECT from_code, to_code, happened_on, weight, basis FROM core.org_succession", limit=MOST_UNITS
    )
    return History(
        tuple(
            Name(code, name, since, None if until == FOREVER else until) for code, name, since, until in names
        ),
        tuple(Succession(old, new, day, weight, basis or "") for old, new, day, weight, basis in moves),
    )
