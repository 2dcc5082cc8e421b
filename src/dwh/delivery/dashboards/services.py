"""Asks every query of a board through the gate and puts the answers into their places.

Nothing is added up here: totals come from the engine, so a unit's page and its line in the parent agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dwh.datapath.semantic.answer import Answer, Row
from dwh.datapath.semantic.query import Query
from dwh.datapath.tables import map as vietnam
from dwh.delivery.dashboards.board import Board, Part
from dwh.delivery.dashboards.choice import Choice, Place
from dwh.delivery.dashboards.legend import Legend, colours
from dwh.delivery.dashboards.numbers import grand_total, members
from dwh.delivery.dashboards.parts import (
    ChartView,
    TableView,
    TileView,
    chart_view,
    place_table,
    tile_views,
)
from dwh.delivery.dashboards.ranking import Ranking, ranking
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.kernel.actor import Origin
from dwh.kernel.law import QC_DWH, cites
from dwh.kernel.org.services import name_of

MAX_LEAVES = 200
CHILD_NAMES = {"nation": "Tỉnh, thành phố", "province": "BHXH cơ sở"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks, on which day, from where."""

    account: Account
    today: date
    origin: Origin


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything one page shows; all figures of one release and one scope."""

    board: Board
    choice: Choice
    trail: tuple[tuple[str, str], ...]
    place_name: str
    tiles: list[TileView]
    chart: ChartView
    map: vietnam.Map
    legend: Legend
    places: Part
    ranking: Ranking
    table: TableView
    release: str
    state: str
    notes: tuple[str, ...]
    is_empty: bool


@cites(QC_DWH.art("3.2c"))
def board_page(board: Board, choice: Choice, *, viewer: Viewer, root: Place, data_until: str) -> BoardPage:
    """Return the page of `board` at `choice`, compared with the same months a year before.

    Raises:
        Denied: the viewer holds no right to dashboards today, or not over this unit.

    Source: QC-DWH Điều 3.2c (from overview to detail); QĐ-2366 Điều 5.2 (within one's area).
    """
    earlier = replace(choice, period=choice.period.year_before)
    ask = _asker(board, viewer)
    now, before = (ask(board.totals, at, at.place.name_fields) for at in (choice, earlier))
    months, months_before = (ask(board.chart, at) for at in (choice, earlier))
    part = board.places if choice.place.child_field else board.leaves
    places = ask(part, choice, [choice.place.child_field] if choice.place.child_field else None)
    named = members(now)
    links = _links(choice, places)
    drawn, legend = _map(part, places, choice, links, _label(named, choice.place))
    return BoardPage(
        board=board,
        choice=choice,
        trail=_trail(named, choice, root),
        place_name=_label(named, choice.place),
        tiles=tile_views(
            board.tiles, grand_total(now), grand_total(before), _comparable(board, months_before, choice)
        ),
        chart=chart_view(board.chart, months, months_before, choice=choice, data_until=data_until),
        map=drawn,
        legend=legend,
        places=part,
        ranking=ranking(part, places, links, against=part is board.places),
        table=place_table(part, places, part.name or CHILD_NAMES[choice.place.tier], links),
        release=now.release,
        state=now.state,
        notes=_notes(choice, places, board),
        is_empty=not members(months),
    )


def _asker(board: Board, viewer: Viewer) -> Any:
    def ask(part: Part, choice: Choice, rows: Sequence[str] | None = None) -> Answer:
        document: dict[str, Any] = {
            "subject": board.subject,
            "org_basis": "as_is",
            "totals": True,
            **part.query,
        }
        document["rows"] = list(rows) if rows is not None else list(part.query.get("rows", []))
        document["filters"] = [choice.period.filter, *choice.place.filters, *_slice(board, choice)]
        if part is board.leaves:
            document |= {"sort": [{"field": part.rank_by, "desc": True}], "limit": MAX_LEAVES}
        return gate.ask(
            Query.from_json(document),
            by=viewer.account,
            purpose=f"dashboard:{board.name}",
            today=viewer.today,
            origin=viewer.origin,
            permission="dashboard:view",
        )

    return ask


def _slice(board: Board, choice: Choice) -> list[dict[str, Any]]:
    return [{"field": board.slice.field, "op": "in", "values": [choice.slice]}] if choice.slice else []


def _comparable(board: Board, before: Answer, choice: Choice) -> dict[str, bool]:
    """Tell for each tile whether last year has what it needs: every month, or for a stock the last one."""
    present = {row.keys[0] for row in before.rows}
    wanted = choice.period.year_before.months
    return {
        tile.value: (wanted[-1] in present if tile.stock else present.issuperset(wanted))
        for tile in board.tiles
    }


def _links(choice: Choice, places: Answer) -> dict[str, str]:
    """Return the link one step down for each unit; leaves have none."""
    if not choice.place.child_field:
        return {}
    return {str(row.keys[-1]): choice.link(don_vi=str(row.keys[-1])) for row in members(places)}


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


def _trail(named: Sequence[Row], choice: Choice, root: Place) -> tuple[tuple[str, str], ...]:
    """Return the units above this one, from the viewer's own root down, each with its link."""
    place, steps = choice.place, []
    if root.tier == "nation" and place.tier != "nation":
        steps.append((_label((), root), choice.link(don_vi="")))
    if root.tier != "office" and place.tier == "office":
        province = next((str(row.labels[0]) for row in named), name_of(place.province))
        steps.append((province, choice.link(don_vi=place.province)))
    return tuple(steps)


def _notes(choice: Choice, places: Answer, board: Board) -> tuple[str, ...]:
    notes = []
    if choice.period.needs_conversion or choice.period.year_before.needs_conversion:
        notes.append("Số trước 7/2025 quy về đơn vị nay")
    if not places.complete:
        notes.append(f"{board.leaves.name}: {MAX_LEAVES} dòng lớn nhất, tổng là của tất cả")
    return tuple(notes)
