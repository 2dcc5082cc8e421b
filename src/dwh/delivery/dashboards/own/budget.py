"""What a board costs to open, measured; a board over its budget is not shared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dwh.datapath.semantic.query import Query
from dwh.delivery.dashboards.asking import PERMISSION, Viewer
from dwh.delivery.dashboards.own.tiles import OwnTile, Tiles
from dwh.governance import gate
from dwh.kernel import vi
from dwh.kernel.errors import Conflict
from dwh.kernel.law import QC_DWH, cites

BUDGET_S: Final = (
    3.0  # seconds of all questions, nothing kept; ours: twelve tiles of 250 ms, as a page may take
)
PURPOSE: Final = "dashboard:uoc-luong"

Cost = Callable[[OwnTile], float]


def measured(viewer: Viewer) -> Cost:
    """Return what tells the seconds a tile takes on the release in use, under the rights of `viewer`."""

    def seconds(tile: OwnTile) -> float:
        query = Query.from_json(tile.query)
        return gate.seconds_of(
            query, by=viewer.account, purpose=PURPOSE, today=viewer.today, permission=PERMISSION
        )

    return seconds


@cites(QC_DWH.art("7.3"))
def must_fit(tiles: Tiles, cost: Cost) -> float:
    """Return the seconds of all tiles together.

    Raises:
        Conflict: more than BUDGET_S; the costliest tile is named.

    Source: QC-DWH Điều 7.3 (what one does may not slow the others).
    """
    seconds = [(cost(one), one.title) for one in tiles if one.query]
    whole = sum(took for took, _ in seconds)
    if whole > BUDGET_S:
        took, title = max(seconds)
        raise Conflict(
            f"Bảng cần {vi.number(whole, 1)} giây để mở, quá mức {vi.number(BUDGET_S, 1)} giây của một bảng chia sẻ. "
            f"Ô tốn nhất là «{title}», {vi.number(took, 1)} giây: thêm bộ lọc kỳ, chọn cấp lớn hơn, hoặc bỏ ô ấy.",
            seconds=round(whole, 3), tile=title,
        )  # fmt: skip
    return whole
