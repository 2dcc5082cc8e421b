"""A refusal reads the same as a page, as a part of a page, and as JSON; what was denied is on record."""

from __future__ import annotations

import socket

import pytest
from django.http import Http404, HttpResponse
from django.urls import path

from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, TooManyRows
from dwh.site import errors
from dwh.site.urls import urlpatterns as site_urls

DENIED = "Ông/bà chưa có quyền xem nhật ký. Đề nghị lãnh đạo đơn vị gửi văn bản."


def raiser(error: Exception):
    def view(request) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    *site_urls,
    path("x/denied/", raiser(Denied(DENIED, permission="log:view"))),
    path("x/conflict/", raiser(Conflict("Lượt chạy này đã dừng."))),
    path("x/rows/", raiser(TooManyRows("Câu hỏi trả về quá 50.000 dòng. Thêm bộ lọc rồi hỏi lại."))),
    path("x/404/", raiser(Http404())),
    path("x/bug/", raiser(ZeroDivisionError("the secret of the trace"))),
]
handler404, handler500 = "dwh.site.errors.not_found", "dwh.site.errors.broken"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def browser(client, lan):
    client.force_login(lan)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/x/denied/", 403, DENIED), ("/x/conflict/", 409, "đã dừng"), ("/x/rows/", 422, "Thêm bộ lọc"),
     ("/x/404/", 404, "không thuộc phạm vi"), ("/khong-co/", 404, "Kiểm tra lại địa chỉ")],
)  # fmt: skip
def test_a_refusal_is_a_page_with_its_sentence(browser, address, status, words):
    answer = browser.get(address)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Về trang chủ" in answer.content.decode()


def test_a_refusal_to_a_part_is_a_message_put_on_top(browser):
    answer = browser.get("/x/denied/", headers={"hx-request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (403, "#messages")
    assert DENIED in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_refusal_to_a_program_is_json(browser):
    answer = browser.get("/x/denied/", headers={"accept": "application/json"})

    assert answer.json() == {"error": {"code": "access.denied", "message": DENIED}}


def test_what_was_denied_is_on_record_with_its_facts(browser, lan):
    browser.get("/x/denied/")

    record = AuditRecord.objects.get(action="access.denied")
    assert (record.actor_email, record.kind, record.object) == (lan.email, "denied", "/x/denied/")
    assert "log:view" in record.body


def test_a_fault_shows_a_number_and_nothing_of_itself(browser):
    answer = browser.get("/x/bug/")

    page = answer.content.decode()
    assert answer.status_code == 500
    assert answer["X-Request-Id"] in page
    assert "secret of the trace" not in page


def test_an_old_form_is_told_to_reload(lan, rf):
    request = rf.post("/dang-xuat/")
    request.user, request.htmx = lan, True

    assert "tải lại trang" in errors.csrf_failure(request).content.decode()


def test_iam_that_does_not_answer_is_one_clear_sentence_and_a_record(client, settings, unused_port):
    settings.OIDC_ISSUER = f"http://127.0.0.1:{unused_port}/o"

    answer = client.get("/oidc/di/")

    assert answer.status_code == 503
    assert "IAM) đang không trả lời" in answer.content.decode()
    assert AuditRecord.objects.filter(action="access.sign_in_refused", kind="denied").count() == 1


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_an_address_for_buttons_says_so_when_opened(browser):
    answer = browser.get("/dang-xuat/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "bấm nút ở đó" in answer.content.decode()


def test_a_foreign_host_name_is_refused_as_a_page(browser):
    answer = browser.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "evil" not in answer.content.decode()
