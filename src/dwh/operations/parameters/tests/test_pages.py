"""The page «Tham số kỹ thuật»: only the central application administrators."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from dwh.operations.parameters.models import ParameterChange

MEMORY = "/tham-so/build.memory_mb/"
FORM = {"gia_tri": "3.000", "ly_do": "Thử trên máy chủ mới trước.", "hieu_luc": ""}


@pytest.mark.req("C-25")
def test_the_administrator_sets_a_value_and_reads_who_set_it(client, tuan):
    client.force_login(tuan)
    assert "Chưa có thay đổi nào" in client.get("/tham-so/").content.decode()

    assert client.post(MEMORY, FORM).status_code == 302

    text = client.get("/tham-so/").content.decode()
    assert "3.000 MB" in text
    assert "2.000 MB" in text  # the old one, in the history
    assert text.count(tuan.email) >= 2
    assert "đã có hiệu lực" in text


@pytest.mark.req("C-25")
def test_a_later_change_waits_and_is_taken_back_on_the_page(client, tuan):
    client.force_login(tuan)
    tomorrow = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT22:00}"
    client.post(MEMORY, {**FORM, "hieu_luc": tomorrow})

    text = client.get("/tham-so/").content.decode()
    assert "chờ hiệu lực" in text
    change = ParameterChange.objects.get()
    assert timezone.localtime(change.takes_effect_at).hour == 22
    assert client.post(f"/tham-so/thay-doi/{change.pk}/rut/").status_code == 302
    assert "đã rút bởi" in client.get("/tham-so/").content.decode()


@pytest.mark.req("C-25")
@pytest.mark.parametrize("who", ["minh", "lan", "khanh"])
def test_nobody_else_sees_or_sets_them(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/tham-so/").status_code == 403
    assert client.post(MEMORY, FORM).status_code == 403
    assert client.post("/tham-so/thay-doi/1/rut/").status_code == 403
    assert not ParameterChange.objects.exists()


@pytest.mark.parametrize(
    ("path", "form", "status", "word"),
    [
        (MEMORY, {**FORM, "gia_tri": "2GB"}, 422, "số nguyên từ 256"),
        (MEMORY, {**FORM, "hieu_luc": "hôm nay"}, 422, "Thời điểm hiệu lực không đúng"),
        (MEMORY, {**FORM, "hieu_luc": "2026-02-30T10:00"}, 422, "Thời điểm hiệu lực không đúng"),
        ("/tham-so/khong.co/", FORM, 404, "Không có tham số này"),
        ("/tham-so/thay-doi/9/rut/", {}, 404, "Không có thay đổi tham số này"),
    ],
)
def test_a_wrong_form_is_one_sentence(client, tuan, path, form, status, word):
    client.force_login(tuan)
    reply = client.post(path, form)
    assert (reply.status_code, word in reply.content.decode()) == (status, True)


def test_what_was_typed_stays_beside_the_sentence(client, tuan):
    client.force_login(tuan)
    text = client.post(MEMORY, {**FORM, "gia_tri": "abc"}).content.decode()
    assert 'value="abc"' in text
    assert FORM["ly_do"] in text
    assert text.count('class="ask" open') == 1
