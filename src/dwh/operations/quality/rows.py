"""What the page of rows shows: the checks that object, and the rows one by one, with the way to «Dữ liệu lỗi»."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from dwh.datapath.quality.criteria import REJECTED
from dwh.datapath.quality.scorecard import ObjectedRow, Objections
from dwh.datapath.sources.contract import load_contract
from dwh.governance.scorecard import UNKNOWN_UNIT, RowsPage
from dwh.kernel.org.scope import NATION
from dwh.kernel.org.services import names_of
from dwh.operations.quality import words
from dwh.operations.quality.forms import ROWS_ONLY, Address

_DESK_STATES = {
    "held": "",
    "rejected": "loai",
    "accepted": "nhan",
}  # how the desk's address calls these places


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check with the rows it objects to; each of `places` is (label, rows, address at the desk)."""

    code: str
    label: str
    about: str
    rows: int
    places: tuple[tuple[str, int, str], ...]
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row objected to; `url` leads to it at the desk, when the release keeps its content."""

    row: ObjectedRow
    table_label: str
    unit: str
    place: tuple[str, str, str]
    url: str


def context(found: RowsPage, address: Address) -> dict[str, Any]:
    """Return the context of the rows of one criterion."""
    chosen = address.chosen
    label = words.LABELS[chosen.criterion]
    names = words.unit_names({row.org_code or "" for row in found.rows})
    org = found.asked.org
    return {
        "found": found, "address": address, "label": label, "percent": words.percent_of(found.share),
        "good": found.share.asked - found.share.failed, "period": words.period_words(found.asked),
        "unit": words.unit_name(org, direct=found.asked.direct) if org else ", ".join(names_of(found.scope)),
        "source": load_contract(found.asked.source).label if found.asked.source else "",
        "back": reverse("quality:scorecard") + address.to(*ROWS_ONLY),
        "desk": _desk(found), "checks": [_check(one, found, address) for one in found.objections],
        "lines": [_row(row, names) for row in found.rows], "check": chosen.check, "page": chosen.page,
        "check_label": words.check_label(chosen.check) if chosen.check else "",
        "every_check": address.to("kiem_tra"),
        "previous": address.to(trang=chosen.page - 1) if chosen.page > 1 else "",
        "next": address.to(trang=chosen.page + 1) if found.has_next else "",
    }  # fmt: skip


def _check(one: Objections, found: RowsPage, address: Address) -> CheckLine:
    places = (
        ("held", one.held),
        ("rejected", one.rejected),
        ("accepted", one.accepted),
        ("flagged", one.flagged),
    )
    return CheckLine(
        one.code if one.code != REJECTED else "", words.check_label(one.code),
        f"{words.table_label(one.source_table)} · {load_contract(one.source).label}",
        sum(rows for _, rows in places),
        tuple((words.PLACE_LABELS[p][0], rows, _desk(found, one, p) if rows else "") for p, rows in places),
        address.to(kiem_tra=one.code), address.chosen.check == one.code,
    )  # fmt: skip


def _desk(found: RowsPage, one: Objections | None = None, place: str = "held") -> str:
    """Return the address of the same unit, source and check at «Dữ liệu lỗi»; empty where the desk has no such rows.

    The desk shows every month, knows no rows that a check only flags, and no unit without those below it.
    """
    org = found.asked.org
    if place not in _DESK_STATES or org == UNKNOWN_UNIT or found.asked.direct:
        return ""
    said = {
        "kiem_tra": one.code if one and one.code != REJECTED else "",
        "nguon": one.source if one else found.asked.source, "don_vi": org if org != NATION else "",
        "tinh_trang": _DESK_STATES[place],
    }  # fmt: skip
    query = urlencode({name: word for name, word in said.items() if word})
    return f"{reverse('quarantine:desk')}{'?' if query else ''}{query}"


def _row(row: ObjectedRow, names: dict[str, str]) -> RowLine:
    is_kept = row.place != "flagged"
    url = reverse("quarantine:row", args=[row.source_table, row.source_id]) if is_kept else ""
    unit = names[row.org_code or ""]
    return RowLine(row, words.table_label(row.source_table), unit, words.PLACE_LABELS[row.place], url)
