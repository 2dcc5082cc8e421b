"""The log as people read it: what was done in their words, from where, the technical name at hand."""

from __future__ import annotations

import pytest

from tests.personas import lan, tuan  # noqa: F401 -- the cast


@pytest.mark.django_db
def test_an_act_is_shown_in_words_with_its_technical_name_beside_it(client, tuan):  # noqa: F811
    client.force_login(tuan)
    client.get("/nhat-ky/")
    page = client.get("/nhat-ky/").content.decode()
    assert '<span title="log.read">Xem nhật ký của người khác</span>' in page
    assert "trang web 127.0.0.1" in page
    assert "<dt>Trang</dt><dd>1</dd>" in page


@pytest.mark.django_db
def test_the_sealed_text_is_for_those_who_see_the_whole_log(client, lan, tuan):  # noqa: F811
    client.force_login(lan)
    client.get("/tham-so/")  # refused, on record
    page = client.get("/nhat-ky/").content.decode()
    assert "<dt>Quyền còn thiếu</dt><dd>đặt tham số kỹ thuật</dd>" in page
    assert "&quot;facts&quot;" not in page
    client.force_login(tuan)
    client.get("/nhat-ky/")
    assert "&quot;facts&quot;" in client.get("/nhat-ky/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["Lê Thị Lan", "Lan", "lan.lt@"])
def test_a_person_is_found_by_name_and_by_address(client, lan, tuan, who):  # noqa: F811
    client.force_login(lan)
    client.get("/tham-so/")  # refused, on record
    client.force_login(tuan)
    rows = client.get("/nhat-ky/", {"nguoi": who, "loai": "denied"}).context["entries"]
    assert {entry.record.actor_email for entry in rows} == {lan.email}
    assert not client.get("/nhat-ky/", {"nguoi": "Không ai"}).context["entries"]
