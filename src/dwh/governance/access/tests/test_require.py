"""The check before every page: signed in, with the permission today."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse

from dwh.governance.access.http import actor_of, origin_of, require
from dwh.governance.access.models import AccessGrant
from dwh.kernel.errors import Denied


@require("data:ask")
def page(request, word=""):
    return HttpResponse(f"{request.user.email} {word}")


@pytest.fixture
def visit(rf):
    def _visit(who, **more):
        request = rf.get("/phan-tich/?a=1", REMOTE_ADDR="10.0.0.5")
        request.user, request.request_id = who, "req-5"
        return page(request, **more)

    return _visit


def test_a_person_with_the_permission_reaches_the_page(visit, lan):
    assert visit(lan, word="ok").content == b"lan.lt@vss.gov.vn ok"


def test_a_stranger_signs_in_first(visit, settings):
    answer = visit(AnonymousUser())
    assert answer.status_code == 302
    assert answer["Location"].startswith(settings.LOGIN_URL)


@pytest.mark.parametrize("who", ["dung"])
def test_without_the_permission_one_is_told_what_to_do(request, visit, who):
    with pytest.raises(Denied, match="chưa có quyền phân tích động"):
        visit(request.getfixturevalue(who))


def test_when_the_right_has_ended_the_next_request_is_refused(visit, lan):
    AccessGrant.objects.update(valid_until="2026-01-06")
    with pytest.raises(Denied):
        visit(lan)


def test_the_actor_is_the_account_at_the_address_of_the_request(rf, lan):
    request = rf.get("/", REMOTE_ADDR="10.0.0.5")
    request.user, request.request_id = lan, "req-5"
    assert actor_of(request) == lan.as_actor(origin_of(request))
    assert (actor_of(request).address, actor_of(request).request_id, actor_of(request).unit) == (
        "10.0.0.5", "req-5", "00.01",
    )  # fmt: skip
