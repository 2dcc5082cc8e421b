"""Pages of dynamic analysis. A view parses, asks the gate once, and renders; it computes nothing."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from dwh.delivery.analysis import asking, cells, pages
from dwh.delivery.analysis.fields import panel_of, subject_in
from dwh.governance import gate
from dwh.governance.access.http import TICKET, SignedInRequest, origin_of, require
from dwh.governance.protection.stopping import ask_stop
from dwh.kernel.errors import Invalid

ASK = "data:ask"
EXPORT = "data:export"


@require_GET
@require(ASK)
def subjects(request: SignedInRequest) -> HttpResponse:
    """GET /phan-tich/ -> the subjects the person may analyse."""
    catalog = gate.fields_for(by=request.user, today=timezone.localdate())
    shown = [(panel_of(subject), subject) for subject in catalog["subjects"]]
    return render(request, "analysis/index.html", {"subjects": shown})


@require_GET
@require(ASK)
def page(request: SignedInRequest, subject: str) -> HttpResponse:
    """GET /phan-tich/<subject>/?q= -> the page of one subject, with the question of the address if there is one."""
    catalog = gate.fields_for(by=request.user, today=timezone.localdate())
    kinds = catalog.get("calculations", [])
    context = pages.page_of(request, subject_in(catalog, subject), kinds)
    return render(request, "analysis/page.html", context, status=422 if context["refusal"] else 200)


@require_POST
@require(ASK)
def answer(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/bang/ with `q` -> strip and table (or chart); `from`, `under` -> only the rows asked for."""
    timed = asking.ask(request, request.POST.get("q", ""), "phân tích")
    part = pages.rows_of(request, timed) or pages.answer_of(request, timed)
    return render(request, part.template, part.context)


@require_POST
@require(ASK)
def stop(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/dung/ with `ticket` -> the engine stops working on this question of one's own."""
    ticket = request.POST.get("ticket", "")
    if not TICKET.fullmatch(ticket):
        raise Invalid("Không hiểu câu hỏi cần dừng. Tải lại trang rồi hỏi lại.")
    ask_stop(ticket, by=request.user, origin=origin_of(request))
    return HttpResponse(status=204)


@require_POST
@require(ASK)
def explain(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/giai-thich/ with `q` and `cell` -> the panel that takes this cell apart."""
    return render(request, "analysis/_explain.html", cells.explanation_of(request))


@require_GET
@require(ASK)
def rows(request: SignedInRequest) -> HttpResponse:
    """GET /phan-tich/dong-chi-tiet/?q=&o=&t=&trang= -> the rows of the fact behind a cell, a page of them."""
    return render(request, "analysis/rows.html", cells.rows_of(request))


@require_POST
@require(ASK)
@require(EXPORT)
def rows_csv(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/dong-chi-tiet.csv with `q`, `o`, `t` -> every row behind a cell, as CSV."""
    made = cells.file_of(request)
    answer = HttpResponse("\ufeff" + made.to_csv(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dong-chi-tiet-{made.measure.name}.csv"'
    return answer


@require_POST
@require(ASK)
@require(EXPORT)
def answer_json(request: SignedInRequest) -> HttpResponse:
    """POST /phan-tich/tra-loi.json, the document as body -> the answer document, as `dwh ask` prints it."""
    timed = asking.ask(request, request.body.decode("utf-8", "replace"), "phân tích (JSON)", EXPORT)
    return JsonResponse(timed.answer.to_json(), json_dumps_params={"ensure_ascii": False})


@require_GET
@require(ASK)
def members(request: SignedInRequest) -> HttpResponse:
    """GET /phan-tich/thanh-vien/?subject=&field=&search=&org_basis= -> members within the person's scope, as JSON."""
    wanted = pages.choice_of(request.GET)
    today, origin = timezone.localdate(), origin_of(request)
    found = gate.members(wanted, by=request.user, today=today, permission=ASK, origin=origin)
    return JsonResponse(pages.members_json(found), json_dumps_params={"ensure_ascii": False})
