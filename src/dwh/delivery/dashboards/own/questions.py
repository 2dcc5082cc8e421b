"""From what a person has to what a tile asks: a saved analysis or a pasted link, cut to the kind of the tile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from dwh.datapath.semantic.query import Query
from dwh.datapath.tables.address import decode
from dwh.governance.access.models import Account
from dwh.governance.sharing.documents import kept_query
from dwh.governance.sharing.rules import Viewer
from dwh.kernel.errors import Invalid

RANKED: Final = 10  # lines of a ranking tile; the rest is told


@dataclass(frozen=True, slots=True)
class Ready:
    """A question the person has at hand: a key for the form, its name, its subject in words, the document."""

    key: str
    name: str
    subject: str
    query: Mapping[str, Any]


Source = Callable[[Account, date], list[Ready]]


def take_from(source: Source) -> None:
    """Let `source` say which questions a person has kept; the site says so when it starts."""
    global _source
    _source = source


def ready_for(account: Account, today: date) -> list[Ready]:
    """Return the questions of a person's own, to be made into tiles."""
    return _source(account, today)


def query_of_link(text: str) -> str:
    """Return the Query text of a pasted link of the analysis page, whole or only its `?q=…`.

    Raises:
        Invalid: no link of an analysis, or one copied in part.
    """
    asked = parse_qs(urlsplit(text.strip()).query)
    if "q" not in asked:
        raise Invalid(
            "Đây không phải liên kết của một phân tích. Mở phân tích, bấm «Chép liên kết» rồi dán vào đây.",
            field="lien_ket",
        )
    return decode(asked["q"][0])


def cut_to(kind: str, text: str, who: Viewer) -> dict[str, Any]:
    """Return the document a tile of `kind` asks, made of a whole question: only the axes it can show.

    Raises:
        Invalid: the question does not fit the kind; the sentence says which does. Denied: a subject not his.
    """
    query = kept_query(text, who).to_json() | {"totals": True}
    if kind == "table":
        return query
    if kind == "ranking" and not query["rows"]:
        raise Invalid(
            "Ô xếp hạng cần một chiều ở hàng. Chọn phân tích khác, hoặc chọn kiểu «Con số».", field="loai"
        )
    kept = {name: query[name] for name in ("subject", "filters", "org_basis", "totals")}
    first = query["values"][0]
    rows = {"trend": ["month.month"], "ranking": query["rows"][-1:]}.get(kind, [])
    order = {"sort": [{"field": first, "desc": True}], "limit": RANKED} if kind == "ranking" else {}
    return Query.from_json(kept | {"values": [first], "rows": rows} | order).to_json()


def _none(account: Account, today: date) -> list[Ready]:
    return []


_source: Source = _none
