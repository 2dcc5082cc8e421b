"""The search box: pages, reports and fields a person may open, found without marks. It touches no data."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from dwh.kernel.vi import strip_marks
from dwh.site.navigation import navigation_for

MOST = 12


@dataclass(frozen=True, slots=True)
class Found:
    label: str
    kind: str
    icon: str
    url: str
    also: str = ""


def find(words: str, *, request: HttpRequest) -> list[Found]:
    """Return what matches every word, names that begin with them first."""
    wanted = strip_marks(words).split()
    if not wanted:
        return []
    hits = [(rank, thing) for thing in _openable(request) if (rank := _rank(thing, wanted)) is not None]
    return [thing for _, thing in sorted(hits, key=lambda hit: hit[0])][:MOST]


def _rank(thing: Found, wanted: list[str]) -> tuple[int, int] | None:
    label, rest = strip_marks(thing.label), strip_marks(f"{thing.label} {thing.kind} {thing.also}")
    if not all(word in rest for word in wanted):
        return None
    return (0 if label.startswith(wanted[0]) else 1 if all(word in label for word in wanted) else 2), len(
        label
    )


def _openable(request: HttpRequest) -> list[Found]:
    groups = navigation_for(request.permissions)  # type: ignore[attr-defined]
    return [
        Found(item.label, "Trang", item.icon, item.url, item.about)
        for group in groups
        for item in group.items
    ]
