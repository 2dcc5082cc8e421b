"""The search box: pages, boards, reports, fields and units a person may open, found without marks.

It reads names only, cut to the person's rights; no figure passes through it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from dwh.datapath.tables.address import encode
from dwh.delivery.analysis.defaults import first_query, query_by
from dwh.delivery.dashboards.board import Board, boards
from dwh.delivery.reports.services import reports_for
from dwh.governance import gate
from dwh.governance.access.models import Account
from dwh.governance.access.services import permissions_of, scope_for
from dwh.governance.protection.dictionary import PERMISSION, dictionary_for
from dwh.kernel.org.services import units_in
from dwh.kernel.vi import strip_marks
from dwh.site.navigation import navigation_for

MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to open; `also` are words it is found by besides its label."""

    label: str
    kind: str
    icon: str
    url: str
    also: str = ""
    last: bool = False  # stands behind everything else that answers as well


def find(words: str, *, by: Account, today: date) -> list[Found]:
    """Return what matches every word, names that begin with them first."""
    wanted = strip_marks(words).split()
    if not wanted:
        return []
    hits = [(rank, thing) for thing in _openable(by, today) if (rank := _rank(thing, wanted)) is not None]
    return [thing for _, thing in sorted(hits, key=lambda hit: hit[0])][:MOST]


def _rank(thing: Found, wanted: list[str]) -> tuple[int, int] | None:
    label, rest = (
        strip_marks(thing.label),
        strip_marks(f"{thing.label} {thing.kind.partition(' · ')[0]} {thing.also}"),
    )
    if not all(word in rest for word in wanted):
        return None
    place = 0 if label.startswith(wanted[0]) else 1 if all(word in label for word in wanted) else 2
    return place + 3 * thing.last, len(label)


def _openable(by: Account, today: date) -> Iterator[Found]:
    permissions = permissions_of(by, today)
    for group in navigation_for(permissions):
        for item in group.items:
            yield Found(item.label, "Trang", item.icon, item.url, item.about)
    if "report:run" in permissions:
        yield from _reports(by, today)
    for board in boards():
        if not (scope := scope_for(by, "dashboard:view", today, subject=board.subject)).is_empty:
            yield Found(board.title, "Bảng thông tin", "dashboard", _board(board), board.subject)
            yield from (
                Found(
                    unit.name,
                    f"Đơn vị · {board.title}",
                    "building",
                    _board(board, don_vi=unit.code),
                    unit.code,
                )
                for unit in units_in(scope, today)
                if unit.tier in ("province", "office")
            )
    if "data:ask" in permissions:
        for subject in gate.fields_for(by, today)["subjects"]:
            yield from _fields(subject)
    if PERMISSION in permissions:
        for table in dictionary_for(by, today).tables.values():
            url = reverse("dictionary:table", args=[table.name])
            yield Found(table.label, "Bảng · Từ điển dữ liệu", "book", url, table.name, last=True)


def _reports(by: Account, today: date) -> Iterator[Found]:
    for definition in reports_for(by, today):
        url = reverse(f"reports:{definition.name}")
        yield Found(f"{definition.name.upper()} · {definition.title}", "Báo cáo", "report", url)


def _board(board: Board, **chosen: str) -> str:
    url = reverse("dashboards:board", kwargs={"name": board.name})
    return f"{url}?{urlencode(chosen)}" if chosen else url


def _fields(subject: dict[str, Any]) -> Iterator[Found]:
    page = reverse("analysis:page", kwargs={"subject": subject["name"]})
    first = first_query(subject)
    for one in (*subject["measures"], *subject["indicators"]):
        url = f"{page}?q={encode(first | {'values': [one['name']]})}"
        yield Found(one["label"], f"Chỉ tiêu · {subject['label']}", "sigma", url, one.get("description", ""))
    for dimension in subject["dimensions"]:
        for level in dimension["levels"]:
            url = f"{page}?q={encode(query_by(level['name'], subject))}"
            yield Found(level["label"], f"Chiều · {subject['label']}", "list", url, dimension["label"])
