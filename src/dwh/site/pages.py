"""The pages that belong to no package: home, my rights, search, help, about, health."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from dwh.delivery.analyses.recent import recent_questions
from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest
from dwh.governance.access.services import permissions_of
from dwh.operations.runs.alert_services import alerts_for
from dwh.site.context import release_in_use
from dwh.site.finding import find
from dwh.site.navigation import navigation_for, permission_sentences
from dwh.site.rights import rights_of


@require_GET
def home(request: SignedInRequest) -> HttpResponse:
    """GET / -> what this person may do here, on which figures, and what they asked last."""
    today, who = localdate(), request.user
    groups = navigation_for(permissions_of(who, today))
    context = {
        "cards": [item for group in groups for item in group.items if item.about],
        "rights": [right for right in rights_of(who, today) if right.holds],
        "held": gate.quarantine_totals(who, today) if release_in_use()["release_in_use"] else None,
        "alerts": alerts_for(who, today),
        "recent": recent_questions(who, today),
    }
    return render(request, "home.html", context)


@require_GET
def my_rights(request: SignedInRequest) -> HttpResponse:
    """GET /tai-khoan/ -> mailbox, groups, scope, subjects, dates and documents of one's own rights (A-04)."""
    today, who = localdate(), request.user
    context = {
        "sentences": permission_sentences(permissions_of(who, today)),
        "rights": rights_of(who, today),
    }
    return render(request, "my_rights.html", context)


@require_GET
def search(request: SignedInRequest) -> HttpResponse:
    """GET /tim/?q= -> pages, boards, reports, fields and units this person may open; never data."""
    words = request.GET.get("q", "")[:80]
    found = find(words, by=request.user, today=localdate())
    template = "_found.html" if request.headers.get("HX-Request") else "search.html"
    return render(request, template, {"words": words, "found": found})


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html")


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """GET /suc-khoe/ -> the process answers; says nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
