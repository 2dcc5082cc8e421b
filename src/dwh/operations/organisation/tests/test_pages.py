"""«Tổ chức»: what each may see and do."""

from __future__ import annotations

import pytest

from dwh.operations.organisation.models import OrgEvent

FORM = {
    "loai": "merge", "hieu_luc": "2026-12-01", "van_ban": "12/QĐ-BHXH", "ly_do": "Sắp xếp lại cơ sở.",
    "cu_0": "00.01.501 – BHXH cơ sở Hoàn Kiếm", "cu_1": "00.01.502", "ten_0": "BHXH cơ sở Hồ Gươm", "ma_0": "601",
}  # fmt: skip


@pytest.fixture
def entered(client, area, tuan) -> str:
    client.force_login(tuan)
    return client.post("/to-chuc/thay-doi/nhap/", FORM).url


def text_of(client, url: str, who) -> str:
    client.force_login(who)
    return client.get(url).content.decode()


def test_units_are_those_of_the_day_and_found_without_marks(client, area, lan):
    old = text_of(client, "/to-chuc/?ngay=2025-06-30&tim=ba dinh", lan)
    assert "BHXH quận Ba Đình" in old
    assert "Không có đơn vị nào khớp" in text_of(client, "/to-chuc/?ngay=2025-07-01&tim=ba dinh", lan)


def test_a_unit_says_where_it_stands_and_an_unknown_one_is_not_found(client, area, lan):
    assert "BHXH cơ sở Hoàn Kiếm" in text_of(
        client, "/to-chuc/don-vi/00.01.001/", lan
    )  # who keeps its records
    assert client.get("/to-chuc/don-vi/00.77/").status_code == 404


def test_the_preview_says_what_figures_move_and_that_nothing_is_divided(client, entered, tuan):
    text = text_of(client, entered, tuan)
    assert "Số liệu chuyển chỗ" in text
    assert "BHXH cơ sở Hồ Gươm" in text
    assert "người nhập không tự duyệt" in text
    assert ">Duyệt<" not in text.replace("\n", "")
    assert 'data-label="Chi phí KCB 12 tháng, sau"' in text  # on a phone there is no head to read it from


def test_the_sum_of_what_moves_is_the_same_before_and_after(client, entered, tuan):
    client.force_login(tuan)
    figures = client.get(entered).context["figures"]
    for at in (0, 1):
        before, after = (
            sum(side[at] or 0 for side in sides)
            for sides in ([f.before for f in figures], [f.after for f in figures])
        )
        assert before == after > 0


def test_another_administrator_approves_and_it_is_undone_with_a_reason(client, entered, vinh):
    client.force_login(vinh)
    assert client.post(f"{entered}duyet/").status_code == 302
    assert "Đã duyệt" in client.get(entered).content.decode()
    assert client.post(f"{entered}hoan-tac/", {"ly_do": "Quyết định đã bị hủy."}).status_code == 302
    assert OrgEvent.objects.get().state == "undone"


def test_what_was_typed_stays_when_it_is_wrong(client, area, tuan):
    client.force_login(tuan)
    reply = client.post("/to-chuc/thay-doi/nhap/", FORM | {"ma_0": "6 01"})
    assert reply.status_code == 422
    assert "BHXH cơ sở Hồ Gươm" in reply.content.decode()
    assert "gồm chữ hoa không dấu" in reply.content.decode()


def test_a_day_that_is_not_chosen_is_asked_for(client, area, tuan):
    client.force_login(tuan)
    page = client.post("/to-chuc/thay-doi/nhap/", FORM | {"hieu_luc": ""}).content.decode()
    assert "Chọn ngày thay đổi có hiệu lực." in page


def test_a_new_name_ends_and_begins_no_unit(client, area, tuan):
    client.force_login(tuan)
    typed = {"loai": "rename", "cu_0": "00.01.501", "ten_0": "BHXH cơ sở Hồ Gươm"}
    page = client.get(
        client.post("/to-chuc/thay-doi/nhap/", FORM | {"cu_1": ""} | typed).url
    ).content.decode()
    assert "Tên cũ và tên mới" in page
    assert "đơn vị bắt đầu" not in page


@pytest.mark.parametrize("kind", ["merge", "split", "move", "rename", "abolish", "create"])
def test_every_kind_has_its_form(client, area, tuan, kind):
    client.force_login(tuan)
    assert client.get(f"/to-chuc/thay-doi/moi/?loai={kind}").status_code == 200


def test_whose_right_ends_with_the_unit_is_said_to_those_who_decide(client, area, tuan, ha, minh):
    client.force_login(tuan)
    url = client.post("/to-chuc/thay-doi/nhap/", FORM).url
    assert ha.email in client.get(url).content.decode()
    assert ha.email not in text_of(client, url, minh)  # names of others are for those who decide


def test_only_central_administrators_enter(client, area, minh):
    client.force_login(minh)
    assert client.get("/to-chuc/thay-doi/moi/").status_code == 403
    assert client.post("/to-chuc/thay-doi/nhap/", FORM).status_code == 403
    assert "Nhập thay đổi tổ chức</a>" not in client.get("/to-chuc/").content.decode()


def test_who_sees_another_province_sees_the_event_and_no_figure(client, entered, nam):
    text = text_of(client, entered, nam)
    assert "BHXH cơ sở Hồ Gươm" in text
    assert "Số liệu chuyển chỗ" not in text
