"""«Thời hạn lưu giữ»: everybody reads the table; a central administrator puts decisions on record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dwh.datapath.retention.removal import retention_table
from dwh.operations.retention.models import RemovalDecision
from dwh.operations.retention.tests.conftest import NEW, OLD

FORM = {
    "ban": OLD, "nguoi": "Nguyễn Văn A, Tổng Giám đốc", "so": "15/QĐ-BHXH", "ngay": "2026-11-20",
    "ly_do": "Bản lập thử trước khi vận hành, chưa dùng.",
}  # fmt: skip
PAGE, DECIDE = "/thoi-han-luu-giu/", "/thoi-han-luu-giu/quyet-dinh/"


@pytest.fixture
def kept(settings, nation):
    """The pages over two published releases."""
    settings.DATAPATH = nation


@pytest.mark.req("B-21")
def test_the_table_shows_every_class_with_its_time_and_article(client, lan):
    client.force_login(lan)
    text = client.get(PAGE).content.decode()
    assert all(one.label in text for one in retention_table().values())
    assert text.count("Lưu lâu dài") == sum(one.is_official for one in retention_table().values())
    assert "QĐ 2366 Điều 4.2.3" in text
    assert "Chưa có quyết định xóa nào" in text
    assert "Ghi một quyết định" not in text


def test_a_decision_is_put_on_record_shown_with_its_command_and_taken_back(client, kept, tuan):
    client.force_login(tuan)
    assert client.post(DECIDE, FORM).status_code == 302
    text = client.get(PAGE).content.decode()
    assert f"dwh remove-release {OLD}" in text
    assert FORM["so"] in text
    decision = RemovalDecision.objects.get()
    assert client.post(f"{DECIDE}{decision.pk}/rut/").status_code == 302
    assert "đã rút" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ngay": "hôm qua"}, 422),
        ({"ngay": "2026-02-30"}, 422),
        ({"so": "15"}, 422),
        ({"ban": NEW}, 422),
        ({"ban": "2020-01-01.1"}, 422),
    ],
)
def test_what_was_typed_stays_beside_the_sentence(client, kept, tuan, change, status):
    client.force_login(tuan)
    reply = client.post(DECIDE, FORM | change)
    text = reply.content.decode()
    assert (reply.status_code, 'role="alert"' in text, FORM["ly_do"] in text) == (status, True, True)
    assert client.post(DECIDE, FORM).status_code == 302
    assert client.post(DECIDE, FORM).status_code == 409


@pytest.mark.parametrize("who", ["minh", "lan", "khanh"])
def test_nobody_else_puts_a_decision_on_record(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.post(DECIDE, FORM).status_code == 403
    assert client.post(f"{DECIDE}1/rut/").status_code == 403
    assert not RemovalDecision.objects.exists()


def test_only_what_may_be_removed_is_offered(client, kept, tuan):
    client.force_login(tuan)
    text = client.get(PAGE).content.decode()
    assert f"<option>{OLD}</option>" in text
    assert f"<option>{NEW}</option>" not in text


def test_without_an_older_release_there_is_nothing_to_decide(client, settings, nation, tuan, tmp_path):
    settings.DATAPATH = replace(nation, home=tmp_path / "empty")
    client.force_login(tuan)
    assert "chưa có bản cũ nào để quyết định xóa" in client.get(PAGE).content.decode()
