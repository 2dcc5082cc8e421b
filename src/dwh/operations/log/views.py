"""The access log as people may see it: their own records, their province's, or all (QĐ-2366 Điều 4.2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from dwh.governance.access.http import SignedInRequest, actor_of
from dwh.governance.access.models import Account
from dwh.governance.access.services import log_seen_by, scope_for
from dwh.kernel.audit.models import AuditCheckpoint, AuditRecord, AuditRecordQuerySet, Kind
from dwh.kernel.audit.services import record
from dwh.kernel.audit.words import CHANNEL_WORDS, action_words
from dwh.kernel.org.scope import NATION
from dwh.kernel.org.services import name_of
from dwh.operations.log.forms import LogFilterForm
from dwh.operations.log.words import Said, object_words, purpose_words, told

RECORDS_PER_PAGE = 50


@require_GET
def log(request: SignedInRequest) -> HttpResponse:
    """GET /nhat-ky/?nguoi=&loai=&tu=&den=&trang= -> the records this person may see, newest first.

    Everybody may see his own. Reading other people's records is itself put on record.
    """
    form = LogFilterForm(request.GET)
    visible, words = visible_records(request.user)
    found = _filtered(visible, form.cleaned_data) if form.is_valid() else visible.none()
    page = Paginator(found, RECORDS_PER_PAGE).get_page(request.GET.get("trang"))
    if words != OWN_ONLY:
        record("log.read", by=actor_of(request), about="log", filters=_asked(request), page=page.number)
    sealed = AuditCheckpoint.objects.order_by("-size").first()
    context = {
        "page": page,
        "entries": [Entry(one) for one in page.object_list],
        "form": form,
        "kinds": [("", "Mọi việc"), *((kind, label.capitalize()) for kind, label in Kind.choices)],
        "scope_words": words,
        "sealed": sealed,
        "sealed_at": datetime.fromisoformat(sealed.at) if sealed else None,
        "keep": _kept(request),
        "whole": words == ALL,
    }
    return render(request, "log/index.html", context)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record in words; its exact text stays the evidence and is shown to those who see the whole log."""

    record: AuditRecord

    @property
    def kind_label(self) -> str:
        return self.record.get_kind_display().capitalize()

    @property
    def action_label(self) -> str:
        return action_words(self.record.action)

    @property
    def channel(self) -> str:
        return CHANNEL_WORDS.get(self.record.origin, self.record.origin)

    @property
    def object_label(self) -> str:
        return object_words(self.record.object)

    @property
    def unit_label(self) -> str:
        return name_of(self.record.org_code) if self.record.org_code else ""

    @property
    def purpose_label(self) -> str:
        return purpose_words(self.record.purpose)

    @property
    def told(self) -> list[Said]:
        return told(self.record.action, self.record.facts)


OWN_ONLY, ALL = "Việc của chính ông/bà", "Việc của mọi người và tiến trình"


def visible_records(account: Account) -> tuple[AuditRecordQuerySet, str]:
    """Return the records `account` may read today and, in words, which those are."""
    today = timezone.localdate()
    scope, seen = scope_for(account, "log:view", today), log_seen_by(account, today)
    if scope.is_empty:
        return seen, OWN_ONLY
    return seen, ALL if scope.covers(NATION) else "Việc của người thuộc địa bàn ông/bà quản trị"


def _filtered(records: AuditRecordQuerySet, chosen: dict[str, Any]) -> AuditRecordQuerySet:
    if chosen["nguoi"]:
        said = chosen["nguoi"]
        records = records.filter(Q(actor_email__icontains=said) | Q(actor_name__icontains=said))
    if chosen["loai"]:
        records = records.filter(kind=chosen["loai"])
    if chosen["tu"]:
        records = records.filter(at__gte=_midnight(chosen["tu"]))
    if chosen["den"]:
        records = records.filter(at__lt=_midnight(chosen["den"] + timedelta(days=1)))
    return records


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _asked(request: SignedInRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("nguoi", "loai", "tu", "den") if request.GET.get(name)}


def _kept(request: SignedInRequest) -> str:
    kept = request.GET.copy()
    kept.pop("trang", None)
    return kept.urlencode()
