"""The page of tables added up beforehand. It reads; what is added up is decided in the program's own file."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest, require
from dwh.governance.protection import usage


@require_GET
@require("parameter:set")
def index(request: SignedInRequest) -> HttpResponse:
    """GET /bang-tong-hop/ -> every rollup of the release, how often it answered, and what none of them answered."""
    found = usage.usage_of(timezone.now())
    return render(request, "rollups/index.html", {"usage": found, "release": gate.current_release_info()})
