"""What the page of a fixed report shows around its table: form, buttons with their reasons, figure strip."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate

from dwh.delivery.reports.forms import B02Form, Options
from dwh.delivery.reports.services import Run, history
from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest
from dwh.governance.access.services import permissions_of
from dwh.kernel import vi


def first_choice(options: Options) -> dict[str, Any]:
    """Return what the empty form shows: the first unit, the year of the last data, January to that month."""
    return {
        "ma_tinh": options.units[0][0] if options.units else "",
        "nam": options.data_until[:4],
        "tu_thang": 1,
        "den_thang": int(options.data_until[5:7]),
        "ma_loai_kcb": "0",
        "hang_bv": "-1",
        "tuyen": "-1",
    }


def page_context(
    form: B02Form, run: Run | None, request: SignedInRequest, first: dict[str, Any]
) -> dict[str, Any]:
    """Return the context of the page; a run brings its table and the addresses of its files."""
    if not form.is_bound:
        form.initial = first
    held = gate.quarantine_totals(
        request.user, localdate(), subject="claims", org=run.parameters.unit if run else None
    )
    may = permissions_of(request.user, localdate())
    number, unit = vi.money_short(held.vnd)
    return {
        "form": form,
        "run": run,
        "asked": _query_string(request),
        "past": history(request.user)[:6],
        "held_rows": vi.number(held.rows) if held.rows else "",
        "held_vnd": f"{number} {unit}",
        "held_url": _url("quarantine:desk") if "quarantine:view" in may else "",
    }


def _query_string(request: HttpRequest) -> str:
    return request.GET.urlencode()


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
