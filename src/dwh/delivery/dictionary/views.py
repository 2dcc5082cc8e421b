"""Pages of the data dictionary. A view reads the dictionary as the person may see it, and renders."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from dwh.datapath.dictionary.finding import Wanted
from dwh.delivery.dictionary import page
from dwh.governance.access.http import SignedInRequest, require
from dwh.governance.access.services import permissions_of
from dwh.governance.protection.dictionary import PERMISSION, dictionary_for


@require_GET
@require(PERMISSION)
def index(request: SignedInRequest) -> HttpResponse:
    """GET /tu-dien/?q=&lop=&nguon=&phu_trach=&ca_nhan= -> the tables and subjects that answer, and by which column."""
    asked = (request.GET.get(name, "")[:120] for name in ("q", "lop", "nguon", "phu_trach", "ca_nhan"))
    context = page.listed(dictionary_for(request.user, localdate()), Wanted(*asked))
    return render(request, "dictionary/index.html", context)


@require_GET
@require(PERMISSION)
def table(request: SignedInRequest, name: str) -> HttpResponse:
    """GET /tu-dien/bang/<name>/ -> one table: its columns, where they come from, what reads them, what is checked."""
    today = localdate()
    context = page.of_table(dictionary_for(request.user, today), name)
    context["may_propose"] = "change:open" in permissions_of(request.user, today)
    return render(request, "dictionary/table.html", context)


@require_GET
@require(PERMISSION)
def subject(request: SignedInRequest, name: str) -> HttpResponse:
    """GET /tu-dien/chu-de/<name>/ -> the figures and dimensions of one subject; 404 when it is not one's own."""
    today = localdate()
    context = page.of_subject(dictionary_for(request.user, today), name)
    context["may_ask"] = "data:ask" in permissions_of(request.user, today)
    return render(request, "dictionary/subject.html", context)
