"""The pages that belong to no package: home, my rights, search, help, about, health."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dwh.site.finding import find
from dwh.site.navigation import navigation_for, permission_sentences
from dwh.site.rights import rights_of


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """GET / -> what this person may do here."""
    groups = navigation_for(request.permissions)  # type: ignore[attr-defined]
    cards = [item for group in groups for item in group.items if item.about]
    return render(request, "home.html", {"cards": cards, "today": timezone.localdate()})


@require_GET
def my_rights(request: HttpRequest) -> HttpResponse:
    """GET /tai-khoan/ -> mailbox, groups, scope, subjects, dates and documents of one's own rights (A-04)."""
    sentences = permission_sentences(request.permissions)  # type: ignore[attr-defined]
    rights = rights_of(request.user, timezone.localdate())  # type: ignore[arg-type]
    return render(request, "my_rights.html", {"sentences": sentences, "rights": rights})


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """GET /tim/?q= -> pages, reports and fields this person may open; never data."""
    words = request.GET.get("q", "")[:80]
    found = find(words, request=request)
    template = "_found.html" if request.htmx else "search.html"  # type: ignore[attr-defined]
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
