"""Coming in and going out: only through IAM, only with an account and a right. No password passes here."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from dwh.governance.access import services
from dwh.governance.access.http import origin_of
from dwh.governance.access.models import Account
from dwh.kernel.errors import Denied, DwhError
from dwh.site import trace
from dwh.site.oidc import Begun, Provider, SignInRefused

BEGUN, ID_TOKEN, SUBJECT = "oidc_begun", "oidc_id_token", "oidc_subject"
BACKEND = "dwh.governance.access.backends.ActiveAccounts"
REASONS = {
    "khoa": "Tài khoản DWH của ông/bà đã bị khóa. Cần mở lại thì đơn vị gửi văn bản theo Phụ lục 01.",
    "het-quyen": "Quyền của ông/bà không còn hiệu lực. Cần tiếp tục thì đơn vị gửi đề nghị theo Phụ lục 01.",
    "het-phien": "Phiên làm việc đã hết hạn. Đăng nhập lại để tiếp tục.",
    "da-ra": "Ông/bà đã đăng xuất khỏi DWH.",
}


def provider() -> Provider:
    """Return the configured IAM."""
    return Provider(
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        redirect_uri=settings.PUBLIC_URL + reverse("oidc_callback"),
    )


@require_GET
def sign_in_page(request: HttpRequest) -> HttpResponseBase:
    """GET /dang-nhap/ -> one button, and why one is here again."""
    if request.user.is_authenticated:
        return redirect(_safe(request.GET.get("next", "")))
    context = {
        "next": _safe(request.GET.get("next", "")),
        "reason": REASONS.get(request.GET.get("ly-do", ""), ""),
    }
    return render(request, "sign_in.html", context)


@require_GET
def start(request: HttpRequest) -> HttpResponseBase:
    """GET /oidc/di/ -> off to IAM, remembering what must come back."""
    try:
        url, begun = provider().begin(next_url=_safe(request.GET.get("next", "")), now=int(time.time()))
    except DwhError as down:
        return _not_in(request, down)
    request.session[BEGUN] = begun.as_dict()
    return redirect(url)


@require_GET
def callback(request: HttpRequest) -> HttpResponseBase:
    """GET /oidc/ve/ -> the person IAM vouches for comes in, if DWH knows them.

    Source: QC-DWH Điều 5.1, 5.2; CV 907 (the sector mailbox is the name one signs in with).
    """
    remembered = request.session.pop(BEGUN, None)
    if remembered is None:
        return redirect("sign_in")
    begun = Begun(**remembered)
    claims, id_token = dict[str, Any](), ""
    try:
        claims, id_token = provider().finish(request.GET.dict(), begun, now=int(time.time()))
        account = _account_of(claims, request)
    except DwhError as refused:
        return _not_in(request, refused, email=str(claims.get("email", "")), id_token=id_token)
    _open_session(request, account, id_token, str(claims["sub"]))
    return redirect(_safe(begun.next))


def _account_of(claims: dict[str, Any], request: HttpRequest) -> Account:
    email = str(claims.get("email", "")).strip().lower()
    if not email or claims.get("email_verified") is not True:
        raise SignInRefused(
            "IAM chưa xác nhận hộp thư điện tử ngành của ông/bà. "
            "Đề nghị quản trị IAM xác nhận hộp thư rồi đăng nhập lại.",
            cause="email_unverified",
        )
    return services.sign_in(email, origin=origin_of(request), today=timezone.localdate(), claims=claims)


def _open_session(request: HttpRequest, account: Account, id_token: str, subject: str) -> None:
    login(request, account, backend=BACKEND)  # a new session key; nothing of the old one stays useful
    now = int(time.time())
    request.session.update({"signed_in_at": now, "seen_at": now, ID_TOKEN: id_token, SUBJECT: subject})


def _not_in(request: HttpRequest, refused: DwhError, email: str = "", id_token: str = "") -> HttpResponse:
    if not refused.facts.get("on_record"):
        trace.sign_in_refused(request, email=email, cause=str(refused.facts.get("cause", refused.code)))
    other = _out_of_iam(id_token)  # else IAM would bring the same person back without asking
    context = {"refused": refused, "other": other, "no_account": isinstance(refused, Denied)}
    return render(request, "sign_in_refused.html", context, status=refused.status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """POST /dang-xuat/ -> out here, then out at IAM."""
    id_token = request.session.get(ID_TOKEN, "")
    trace.session_ended(request, "dang-xuat")
    request.session.flush()
    return redirect(_out_of_iam(id_token) or f"{reverse('sign_in')}?ly-do=da-ra")


def _out_of_iam(id_token: str) -> str | None:
    back_to = settings.PUBLIC_URL + reverse("sign_in")
    try:
        return provider().sign_out_url(id_token, back_to) if id_token else None
    except DwhError:
        return None  # IAM does not answer: out here is what matters


@csrf_exempt
@require_POST
def back_channel_logout(request: HttpRequest) -> HttpResponse:
    """POST /oidc/dang-xuat/ -> IAM says a person is out (or locked): every session of theirs ends now."""
    try:
        subject = provider().verify_logout(request.POST.get("logout_token", ""), now=int(time.time()))
    except DwhError:
        return HttpResponse("refused", status=400, content_type="text/plain")
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        known = row.get_decoded()
        if SESSION_KEY in known and known.get(SUBJECT) == subject:
            row.delete()
    return HttpResponse("", content_type="text/plain")


def _safe(url: str) -> str:
    """Return `url` if it stays on this site, else home."""
    return (
        url
        if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        else reverse("home")
    )
