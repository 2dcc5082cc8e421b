"""Pages of the sync monitor. A view parses, calls one service, and renders; it decides nothing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.governance import gate
from dwh.governance.access.http import SignedInRequest, actor_of, require
from dwh.governance.access.services import permissions_of
from dwh.kernel.errors import DamagedFile, Invalid, NotFound
from dwh.operations.runs import alert_services, pause_services, services
from dwh.operations.runs.ahead import panel
from dwh.operations.runs.alerts import alerts, damage, told
from dwh.operations.runs.forms import AskRunForm, PauseForm, ReadAgainForm, ScheduleForm
from dwh.operations.runs.models import Run
from dwh.operations.runs.monitor.board import source_lines
from dwh.operations.runs.monitor.contracts import MODES, mode_lines
from dwh.operations.runs.monitor.history import SPANS, history
from dwh.operations.runs.rules import Kind

RUNS_SHOWN = 20


def _page(request: SignedInRequest) -> dict[str, object]:
    now, standing = timezone.now(), _standing(request)
    lines = source_lines(standing["held"], now=now)
    may_run = "sync:run" in permissions_of(request.user, timezone.localdate())
    return {
        "lines": lines,
        "alerts": [*standing["alerts"], *told(alerts(now=now))],
        "active": Run.objects.active().prefetch_related("steps").order_by("id").first(),
        "runs": Run.objects.order_by("-id").defer("report")[:RUNS_SHOWN],
        "schedule": services.schedule(),
        "strip_words": ["Người đọc dùng bản này cho đến khi bản sau được công bố"],
        "release": standing["release"],
        "ahead": panel(settings.DATAPATH),
        "mode_lines": mode_lines(),
        "mode_meanings": MODES.values(),
        "now": now,
        "may_run": may_run,
        "may_acknowledge": may_run,
    }


@require_GET
@require("sync:view")
def sync(request: SignedInRequest) -> HttpResponse:
    """GET /dong-bo/ -> the sync monitor; HTMX asks for its living part only."""
    if request.htmx:
        return render(request, "runs/_monitor.html", _page(request))
    past = history("", str(SPANS[0]), today=timezone.localdate())
    return render(request, "runs/sync.html", _page(request) | {"history": past})


@require_GET
@require("sync:view")
def history_page(request: SignedInRequest) -> HttpResponse:
    """GET /dong-bo/lich-su/?nguon=&ngay= -> days of readings, of all sources or of one; HTMX asks for the panel."""
    asked = request.GET.get("nguon", ""), request.GET.get("ngay", str(SPANS[0]))
    template = "runs/_history.html" if request.htmx else "runs/history.html"
    return render(request, template, {"history": history(*asked, today=timezone.localdate())})


@require_GET
@require("sync:view")
def run_page(request: SignedInRequest, pk: int) -> HttpResponse:
    """GET /dong-bo/luot/<pk>/ -> one run with its steps and its outcome."""
    run = get_object_or_404(Run.objects.prefetch_related("steps"), pk=pk)
    template = "runs/_run.html" if request.htmx else "runs/run.html"
    return render(
        request,
        template,
        {"run": run, "may_run": "sync:run" in permissions_of(request.user, timezone.localdate())},
    )


@require_POST
@require("sync:run")
def ask(request: SignedInRequest) -> HttpResponse:
    """POST /dong-bo/chay/ -> queue a run, back to the monitor."""
    form = AskRunForm(request.POST)
    if not form.is_valid():
        raise Invalid(
            "Không hiểu việc cần chạy. Chọn lại trên trang Đồng bộ.", errors=form.errors.get_json_data()
        )
    kind, source = Kind(form.cleaned_data["kind"]), form.cleaned_data["source"]
    services.ask_run(kind, source=source, by=actor_of(request), now=timezone.now())
    return _back(request)


@require_POST
@require("sync:run")
def ask_again(request: SignedInRequest) -> HttpResponse:
    """POST /dong-bo/doc-lai/ -> queue the reading of a source with some days of it read again."""
    form = ReadAgainForm(request.POST)
    if not form.is_valid():
        raise Invalid("Chọn ngày đầu và ngày cuối cần đọc lại.", errors=form.errors.get_json_data())
    services.ask_again(**form.cleaned_data, by=actor_of(request), now=timezone.now())
    return _back(request)


@require_POST
@require("sync:run")
def pause(request: SignedInRequest) -> HttpResponse:
    """POST /dong-bo/tam-dung/ -> nobody reads this source until it is resumed or its last day is over."""
    form = PauseForm(request.POST)
    if not form.is_valid():
        raise Invalid(
            "Chọn nguồn cần tạm dừng; lý do dài nhất 400 ký tự, ngày cuối viết như 31/12/2026.",
            errors=form.errors.get_json_data(),
        )
    pause_services.pause_source(**form.cleaned_data, by=actor_of(request), now=timezone.now())
    return _back(request)


@require_POST
@require("sync:run")
def resume(request: SignedInRequest) -> HttpResponse:
    """POST /dong-bo/doc-tiep/ -> a paused source is read again."""
    pause_services.resume_source(request.POST.get("source", ""), by=actor_of(request), now=timezone.now())
    return _back(request)


@require_POST
@require(alert_services.ACKNOWLEDGE)
def acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /dong-bo/canh-bao/<pk>/da-biet/ -> a person knows of an alert of his unit; back to where it was shown."""
    seen = alert_services.alerts_for(request.user, timezone.localdate())
    note = request.POST.get("note", "")
    alert_services.acknowledge(pk, note, by=actor_of(request), seen=seen, now=timezone.now())
    return redirect("runs:sync" if "desk" in request.POST else "home")


@require_POST
@require("sync:run")
def stop(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /dong-bo/luot/<pk>/dung/ -> ask the run to stop."""
    services.stop_run(pk, by=actor_of(request), now=timezone.now())
    return _back(request)


@require_POST
@require("sync:run")
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    """POST /dong-bo/luot/<pk>/chay-lai/ -> queue the same work again."""
    services.retry_run(pk, by=actor_of(request), now=timezone.now())
    return _back(request)


@require_POST
@require("sync:run")
def set_schedule(request: SignedInRequest) -> HttpResponse:
    """POST /dong-bo/lich/ -> change or pause the schedule."""
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        raise Invalid(
            "Chu kỳ phải là số phút từ 5 đến 44.640; giờ viết như 22:00. Nhập lại.",
            errors=form.errors.get_json_data(),
        )
    services.set_schedule(services.Plan(**form.cleaned_data), by=actor_of(request), now=timezone.now())
    return _back(request)


def _standing(request: SignedInRequest) -> dict[str, Any]:
    """Return the release in use with what it holds back; this page is how one gets the first, or a whole one."""
    nothing: dict[str, Any] = {"release": None, "held": {}, "alerts": []}
    try:
        held = gate.quarantine_by_source(request.user, timezone.localdate())
        return nothing | {"release": gate.current_release_info(), "held": held}
    except NotFound:
        return nothing
    except DamagedFile as fault:
        return nothing | {"alerts": [damage(fault.message_vi)]}


def _back(request: SignedInRequest) -> HttpResponse:
    return render(request, "runs/_monitor.html", _page(request)) if request.htmx else redirect("runs:sync")
