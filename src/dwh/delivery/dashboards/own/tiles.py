"""The tiles of a board: what one asks, where it stands on the grid of 12 columns. Pure.

No two tiles lie on each other: one that is moved or grown pushes those under it down, and gaps above close again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from dwh.kernel.errors import Conflict, Invalid, NotFound

COLUMNS: Final = 12
MAX_TILES: Final = 12  # ours: more do not stand on one screen, and each is a question
TALLEST: Final = 8  # rows of the grid, about two thirds of a screen
LONGEST_TITLE, LONGEST_TEXT = 120, 2_000  # characters; ours
KINDS: Final = {
    "number": "Con số",
    "trend": "Theo tháng",
    "ranking": "Xếp hạng",
    "table": "Bảng",
    "text": "Ghi chú",
}
SIZES: Final = {"number": (3, 2), "trend": (6, 4), "ranking": (4, 4), "table": (6, 4), "text": (4, 2)}
STEPS: Final = {
    "trai": (-1, 0, 0, 0), "phai": (1, 0, 0, 0), "len": (0, -1, 0, 0), "xuong": (0, 1, 0, 0),
    "hep": (0, 0, -1, 0), "rong": (0, 0, 1, 0), "thap": (0, 0, 0, -1), "cao": (0, 0, 0, 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnTile:
    """One tile. `query` is a Query document, empty for a text; x, y, width, height are cells of the grid from 0."""

    key: int
    kind: str
    title: str
    query: dict[str, Any]
    text: str = ""
    x: int = 0
    y: int = 0
    width: int = 4
    height: int = 3

    def to_json(self) -> dict[str, Any]:
        said = {
            "key": self.key,
            "kind": self.kind,
            "title": self.title,
            "query": self.query,
            "text": self.text,
        }
        return said | {"x": self.x, "y": self.y, "width": self.width, "height": self.height}

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def css(self) -> str:
        """Return the classes that place the tile; the stylesheet has one rule per line of the grid."""
        return f"gx{self.x} gy{self.y} gw{self.width} gh{self.height}"

    @property
    def bottom(self) -> int:
        return self.y + self.height

    def overlaps(self, other: OwnTile) -> bool:
        return (
            self.x < other.x + other.width and other.x < self.x + self.width
            and self.y < other.bottom and other.y < self.bottom
        )  # fmt: skip


Tiles = tuple[OwnTile, ...]


def tiles_of(stored: Sequence[dict[str, Any]]) -> Tiles:
    """Return the tiles a board keeps, in the order they are read: by row, then by column."""
    return tuple(sorted((OwnTile(**one) for one in stored), key=lambda one: (one.y, one.x)))


def with_new(tiles: Tiles, kind: str, title: str, *, query: dict[str, Any], text: str = "") -> Tiles:
    """Return the tiles with one more, at the first free place that is wide enough.

    Raises:
        Conflict: the board is full. Invalid: no such kind, no title, a text that is empty or too long.
    """
    if len(tiles) >= MAX_TILES:
        raise Conflict(f"Bảng đã có {MAX_TILES} ô. Bỏ bớt một ô rồi thêm ô mới.", field="loai")
    if kind not in KINDS:
        raise Invalid("Chọn kiểu ô trong danh sách.", field="loai")
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Invalid(f"Đặt tiêu đề ô từ 1 đến {LONGEST_TITLE} ký tự.", field="tieu_de")
    if kind == "text" and not 1 <= len(text) <= LONGEST_TEXT:
        raise Invalid(f"Viết nội dung ghi chú, từ 1 đến {LONGEST_TEXT} ký tự.", field="noi_dung")
    width, height = SIZES[kind]
    made = OwnTile(_next_key(tiles), kind, title, query, text, width=width, height=height)
    return settled((*tiles, _placed(made, tiles)))


def moved(tiles: Tiles, key: int, *, x: int, y: int) -> Tiles:
    """Return the tiles with one at another place, inside the grid. Raises NotFound."""
    tile = tile_of(tiles, key)
    lowest = max(one.bottom for one in tiles)
    at = replace(tile, x=min(max(x, 0), COLUMNS - tile.width), y=min(max(y, 0), lowest))
    return settled(_instead(tiles, at), first=at)


def stepped(tiles: Tiles, key: int, step: str) -> Tiles:
    """Return the tiles with one moved or sized by a step: `trai phai len xuong hep rong thap cao`.

    Raises:
        NotFound: no such tile. Invalid: no such step.
    """
    if step not in STEPS:
        raise Invalid("Không có thao tác này với ô. Dùng các nút của ô.")
    tile, (right, down, wider, taller) = tile_of(tiles, key), STEPS[step]
    if down:
        return _past_neighbour(tiles, tile, down)
    width = min(max(tile.width + wider, 2), COLUMNS)
    height = min(max(tile.height + taller, 1), TALLEST)
    x = min(max(tile.x + right, 0), COLUMNS - width)
    at = replace(tile, x=x, width=width, height=height)
    return settled(_instead(tiles, at), first=at)


def without(tiles: Tiles, key: int) -> Tiles:
    """Return the tiles less one. Raises NotFound."""
    gone = tile_of(tiles, key)
    return settled(tuple(one for one in tiles if one is not gone))


def tile_of(tiles: Tiles, key: int) -> OwnTile:
    """Return the tile of a key. Raises NotFound."""
    found = next((one for one in tiles if one.key == key), None)
    if found is None:
        raise NotFound("Ô này không còn trên bảng. Tải lại trang để thấy bảng bây giờ.", tile=key)
    return found


def settled(tiles: Tiles, first: OwnTile | None = None) -> Tiles:
    """Return the tiles without overlap: each as high as it can stand; `first` keeps its place before the others."""
    done: list[OwnTile] = []
    ordered = sorted(tiles, key=lambda one: (one.y, one is not first, one.x))
    for tile in ordered:
        at = replace(tile, y=0 if not done else tile.y)
        while any(at.overlaps(one) for one in done):
            at = replace(at, y=at.y + 1)
        while at.y and not any(replace(at, y=at.y - 1).overlaps(one) for one in done):
            at = replace(at, y=at.y - 1)
        done.append(at)
    return tuple(done)


def _past_neighbour(tiles: Tiles, tile: OwnTile, down: int) -> Tiles:
    """Return the tiles with one past the nearest above or below it: one cell may be less than a neighbour's half."""
    columns = [one for one in tiles if one is not tile and _share_columns(one, tile)]
    if down < 0:
        above = max((one.y for one in columns if one.y < tile.y), default=0)
        at = replace(tile, y=above)
        return settled(_instead(tiles, at), first=at)
    below = min((one for one in columns if one.y >= tile.bottom), key=lambda one: one.y, default=None)
    if below is None:
        return tiles
    at = replace(below, y=tile.y)
    return settled(_instead(tiles, at), first=at)


def _share_columns(one: OwnTile, other: OwnTile) -> bool:
    return one.x < other.x + other.width and other.x < one.x + one.width


def _instead(tiles: Tiles, at: OwnTile) -> Tiles:
    return tuple(at if one.key == at.key else one for one in tiles)


def _next_key(tiles: Tiles) -> int:
    return max((one.key for one in tiles), default=0) + 1


def _placed(tile: OwnTile, tiles: Tiles) -> OwnTile:
    lowest = max((one.bottom for one in tiles), default=0)
    places = ((x, y) for y in range(lowest + 1) for x in range(COLUMNS - tile.width + 1))
    free = (replace(tile, x=x, y=y) for x, y in places)
    return next(at for at in free if not any(at.overlaps(one) for one in tiles))
