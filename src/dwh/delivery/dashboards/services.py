"""Asks every question of a board through the gate and puts the answers into their places.

Nothing is added up here: totals come from the engine, so a unit's page and its line in the parent agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from dwh.datapath.semantic.answer import Answer, Row
from dwh.datapath.semantic.words import UNKNOWN_KEY
from dwh.datapath.tables import map as vietnam
from dwh.delivery.dashboards.asking import MAX_LEAVES, Batch, Got, Viewer, Wish
from dwh.delivery.dashboards.board import Board, Group, Part
from dwh.delivery.dashboards.choice import Choice, Place
from dwh.delivery.dashboards.legend import Legend, colours
from dwh.delivery.dashboards.months import ChartView, Frame, chart_view
from dwh.delivery.dashboards.numbers import grand_total, members
from dwh.delivery.dashboards.parts import Beside, TableView, TileView, missing_tile, place_table, tile_view
from dwh.delivery.dashboards.ranking import Ranking, Shape, ranking
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.services import name_of

CHILD_NAMES: Final = {"nation": "Tỉnh, thành phố", "province": "BHXH cơ sở"}
STATES: Final = ("stale", "provisional", "adjusted", "confirmed", "locked")  # the weakest first


@dataclass(frozen=True, slots=True)
class Places:
    """The units below, or what stands below an office: map, ranking and table of one answer."""

    part: Part
    map: vietnam.Map
    legend: Legend
    ranking: Ranking
    table: TableView
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything one page shows; all figures of one release. `places` is None without the right to its subject."""

    board: Board
    choice: Choice
    trail: tuple[tuple[str, str], ...]
    place_name: str
    tiles: list[TileView]
    chart: ChartView
    places: Places | None
    chips: tuple[tuple[str, str], ...]
    release: str
    state: str
    notes: tuple[str, ...]
    is_empty: bool
    asked: int
    seconds: float


@cites(QC_DWH.art("3.2c"))
def board_page(board: Board, choice: Choice, *, viewer: Viewer, root: Place, data_until: str) -> BoardPage:
    """Return the page of `board` at `choice`, set beside the same months a year before or what was chosen instead.

    Raises:
        Denied: the viewer holds no right to dashboards today, or not over this unit.

    Source: QC-DWH Điều 3.2c (from overview to detail); QĐ-2366 Điều 5.2 (within one's area).
    """
    batch = Batch(board, viewer)
    tiles = [tile for group in board.groups for tile in _tiles(group, batch, choice)]
    named = _named(batch, choice)
    chart = _chart(batch, choice, data_until)
    label = _label(named, choice.place)
    places = _places(batch, choice, label)
    answers = batch.answers
    return BoardPage(
        board=board,
        choice=choice,
        trail=_trail(named, choice, root, label),
        place_name=_leaf_name(places, choice) or label,
        tiles=tiles,
        chart=chart,
        places=places,
        chips=_chips(choice, places),
        release=answers[0].release,
        state=min((answer.state for answer in answers), key=_weakness),
        notes=_notes(batch, choice),
        is_empty=not chart.has_data,
        asked=batch.asked,
        seconds=batch.seconds,
    )


def _weakness(state: str) -> int:
    return STATES.index(state) if state in STATES else 0


def _tiles(group: Group, batch: Batch, choice: Choice) -> list[TileView]:
    """Return the tiles of one question, each beside what it is compared with and its plan."""
    now = batch.ask(Wish(group.part, choice, tuple(choice.place.name_fields)))
    if now is None:
        return [missing_tile(tile) for tile in group.tiles]
    earlier = choice.compared_with
    before = batch.ask(Wish(group.part, earlier, ("month.month",)))
    present = _months_in(before) | _months_with_data(batch, group.part, earlier)
    totals, past = grand_total(now.answer), grand_total(before.answer) if before else {}
    views = []
    for tile in group.tiles:
        needed = earlier.months[-1:] if tile.stock else earlier.months
        other_unit = (
            choice.against.place is not None
        )  # the same months of the same release: alike as they stand
        alike = other_unit or (present.issuperset(needed) and tile.compared)
        beside = Beside(
            past.get(tile.value) if alike else None, choice.compared_name, alike or tile.compared,
            batch.target_of(tile, choice), now.without,
        )  # fmt: skip
        views.append(tile_view(tile, totals, beside))
    return views


def _months_in(got: Got | None) -> set[str | None]:
    return {row.keys[0] for row in members(got.answer)} if got else set()


def _months_with_data(batch: Batch, part: Part, choice: Choice) -> set[str | None]:
    """Return the months the board's own subject has: one of its facts that is silent in a month is none there."""
    if part.subject != batch.board.chart.subject:
        return set()
    return _months_in(batch.ask(Wish(batch.board.chart, choice, whole=True)))


def _named(batch: Batch, choice: Choice) -> list[Row]:
    """Return the rows that carry the names of the place; the question was asked for the tiles already."""
    got = batch.ask(Wish(batch.board.groups[0].part, choice, tuple(choice.place.name_fields)))
    return members(got.answer) if got else []


def _chart(batch: Batch, choice: Choice, data_until: str) -> ChartView:
    part = batch.board.chart
    now = batch.ask(Wish(part, choice, whole=True))
    before = batch.ask(Wish(part, choice.compared_with, whole=True))
    target = _plan(batch, choice)
    if now is None:  # the board's own subject: standing() has let nobody in without it
        raise AssertionError(part.subject)
    return chart_view(part, now.answer, before.answer if before else None, Frame(choice, data_until, target))


def _plan(batch: Batch, choice: Choice) -> tuple[str, Decimal] | None:
    """Return name and amount of the plan of the figure the chart shows, when the board has one for it."""
    value = batch.board.chart.query["values"][0]
    tile = next((one for one in batch.board.tiles if one.value == value and one.target), None)
    amount = batch.target_of(tile, choice) if tile else None
    return (tile.target.label, amount) if tile and tile.target and amount else None


def _places(batch: Batch, choice: Choice, name: str) -> Places | None:
    board, field = batch.board, choice.place.child_field
    part = board.places if field else board.leaves
    got = batch.ask(Wish(part, choice, (field,) if field else None, leaf=bool(field)))
    if got is None:
        return None
    answer = _with_names(got.answer, part, choice.place.tier)
    links = _links(choice, answer)
    drawn, legend = _map(part, answer, choice, links, name)
    shape = Shape(against=bool(field) and part.against, ends=bool(field), chosen=choice.leaf)
    return Places(
        part, drawn, legend, ranking(part, answer, links, shape),
        place_table(answer, part.name if not field else CHILD_NAMES[choice.place.tier], links), got.without,
    )  # fmt: skip


def _with_names(answer: Answer, part: Part, tier: str) -> Answer:
    """Return the answer with the board's own word for rows of no unit below: the offices of the centre itself."""
    word = part.elsewhere.get(tier)
    if not word:
        return answer
    rows = tuple(
        row._replace(labels=(*row.labels[:-1], word)) if row.keys[-1] == UNKNOWN_KEY else row
        for row in answer.rows
    )
    return replace(answer, rows=rows)


def _links(choice: Choice, places: Answer) -> dict[str, str]:
    """Return the link of each row: one step down to a unit, or a leaf chosen and, when it is, let go."""
    keys = [str(row.keys[-1]) for row in members(places)]
    if choice.place.child_field:
        return {key: choice.link(don_vi=key, thang=choice.month) for key in keys if key != UNKNOWN_KEY}
    return {key: choice.link(muc="" if key == choice.leaf else key) for key in keys if key != UNKNOWN_KEY}


def _map(
    part: Part, places: Answer, choice: Choice, links: Mapping[str, str], name: str
) -> tuple[vietnam.Map, Legend]:
    """Return the map of all provinces, or with the viewer's province alone standing out."""
    if choice.place.tier == "nation":
        figures, legend = colours(part, places, links)
        return vietnam.draw(figures), legend
    code = vietnam.geo_code(choice.place.code)
    only = {code: vietnam.Figure(4, f"đang xem {name}", choice.link(don_vi=choice.place.province))}
    return vietnam.draw(only, selected=code), Legend((), "")


def _label(named: Sequence[Row], place: Place) -> str:
    if place.tier == "nation":
        return "Toàn quốc" if place.whole else "Các đơn vị được giao"
    return next((str(row.labels[-1]) for row in named if row.keys[-1] == place.code), name_of(place.code))


def _leaf_name(places: Places | None, choice: Choice) -> str:
    if not choice.leaf:
        return ""
    named = places.table.names.get(choice.leaf, "") if places else ""
    return named or choice.leaf


def _trail(named: Sequence[Row], choice: Choice, root: Place, label: str) -> tuple[tuple[str, str], ...]:
    """Return the units above this one, from the viewer's own root down, each with its link."""
    place, steps = choice.place, []
    if root.tier == "nation" and place.tier != "nation":
        steps.append((_label((), root), choice.link(don_vi="", muc="")))
    if root.tier != "office" and place.tier == "office":
        province = next((str(row.labels[0]) for row in named), name_of(place.province))
        steps.append((province, choice.link(don_vi=place.province, muc="")))
    if choice.leaf:
        steps.append((label, choice.link(muc="")))
    return tuple(steps)


def _chips(choice: Choice, places: Places | None) -> tuple[tuple[str, str], ...]:
    """Return what was clicked, each with the link that takes it off."""
    chips = []
    if choice.month:
        chips.append((choice.span, choice.link(thang="")))
    if choice.leaf:
        chips.append((_leaf_name(places, choice), choice.link(muc="")))
    return tuple(chips)


def _notes(batch: Batch, choice: Choice) -> tuple[str, ...]:
    notes = []
    if choice.period.needs_conversion or choice.compared_with.period.needs_conversion:
        notes.append("Số trước 7/2025 quy về đơn vị nay")
    if any(not answer.complete for answer in batch.answers):
        notes.append(f"{batch.board.leaves.name}: {MAX_LEAVES} dòng lớn nhất, tổng là của tất cả")
    return tuple(notes)
