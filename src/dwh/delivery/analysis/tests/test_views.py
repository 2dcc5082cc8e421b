"""The pages of analysis, tried by the cast."""

from __future__ import annotations

import json
import re

import pytest

from dwh.datapath.tables.address import encode
from dwh.delivery.analysis.tests.conftest import FIRST
from dwh.kernel.audit.models import AuditRecord, Kind
from tests.compare_outputs import read_screen
from tests.warehouse_fixture import LINES

pytestmark = pytest.mark.django_db(transaction=True)


def _records(action):
    return AuditRecord.objects.filter(action=action)


def _fields(page):
    return json.loads(
        page.content.decode().split('id="pv-fields" type="application/json">')[1].split("</script>")[0]
    )


THEMES = (
    "Thu BHXH, BHYT, BHTN",
    "Chi các chế độ",
    "Chế độ chính sách",
    "Khám bệnh, chữa bệnh BHYT",
    "Sổ – thẻ",
    "Người tham gia",
    "Bảo hiểm thất nghiệp",
    "Kế toán",
    "Dự toán",
    "Hộ gia đình",
    "Giao dịch điện tử",
    "Nhân sự",
    "Tài khoản và truy cập",
)


@pytest.mark.req("E-04")
def test_subjects_list_their_measures_and_dimensions(client, release, lan):
    client.force_login(lan)
    text = client.get("/phan-tich/").content.decode()
    assert "Thu BHXH, BHYT, BHTN" in text
    assert "Số tiền đã thu <span>(đồng)</span>" in text
    assert "Tỉnh, thành phố › BHXH cơ sở" in text
    for theme in THEMES:
        listed = text.split(f"{theme}</h2>")[1].split("<h2>")[0]
        assert re.search(r"\d+ chỉ tiêu", listed), theme
        assert re.search(r"\d+ chiều", listed), theme


def test_a_central_analyst_of_contributions_sees_that_subject_only(client, release, khanh):
    client.force_login(khanh)
    assert "Khám bệnh, chữa bệnh" not in client.get("/phan-tich/").content.decode()
    assert client.get("/phan-tich/claims/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("lan", 200), ("minh", 200), ("tuan", 200), ("dung", 403)])
def test_who_may_open_the_page(client, request, release, who, status):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/phan-tich/contributions/").status_code == status


def test_the_page_opens_with_a_table_people_ask_for(client, release, lan):
    client.force_login(lan)
    page = client.get("/phan-tich/contributions/")
    assert json.loads(page.context["query"]) == FIRST | {"org_basis": "as_is"}
    assert _fields(page)["dimensions"]["org"]["default"] == "org.province"


def test_a_link_opens_the_question_it_carries_with_the_names_of_its_filters(client, release, lan):
    question = FIRST | {"filters": [{"field": "org.province", "op": "in", "values": ["00.01"]}]}
    client.force_login(lan)
    page = client.get(f"/phan-tich/contributions/?q={encode(question)}&v=chart")
    assert json.loads(page.context["query"]) == question
    assert _fields(page)["labels"] == {"org.province\t00.01": "Hà Nội"}
    assert page.context["view"] == "chart"


def test_a_broken_link_says_so_and_shows_the_first_table(client, release, lan):
    client.force_login(lan)
    page = client.get("/phan-tich/contributions/?q=%%%")
    assert page.status_code == 422
    assert "Liên kết phân tích bị hỏng" in page.content.decode()
    assert json.loads(page.context["query"])["rows"] == FIRST["rows"]
    assert _records("query.refused").count() == 1


@pytest.mark.req("E-05")
@pytest.mark.law("QC-DWH 3.2b")
def test_a_measure_two_dimensions_and_a_filter_give_the_table(ask, lan):
    question = FIRST | {
        "values": ["collected_vnd"],
        "rows": ["org.office"],
        "columns": ["month.month"],
        "filters": [{"field": "fund.fund", "op": "in", "values": ["si"]}],
    }
    screen = read_screen(ask(lan, question).content.decode())
    assert screen.heads[0] == ("5/2025", "Số tiền đã thu")
    assert screen.lines[-1].label == "Tổng cộng"


@pytest.mark.req("B-02")
def test_another_province_is_not_on_the_screen(ask, lan, nam):
    assert [line.label for line in read_screen(ask(lan, FIRST).content.decode()).lines] == [
        "Hà Nội",
        "Tổng cộng",
    ]
    assert "Hà Nội" not in ask(nam, FIRST).content.decode()


def test_every_answer_says_its_state_period_release_and_basis(ask, lan):
    text = ask(lan, FIRST).content.decode()
    for said in ("Tạm tính", "Số liệu đến hết tháng 8/2025", "2026-11-22.1", "theo ngày số liệu", "12 ô"):
        assert said in text


def test_the_panel_learns_which_fields_cannot_join(ask, lan):
    told = ask(lan, FIRST | {"values": ["participants_end"]}).context["told"]
    why = "«Số người tham gia cuối kỳ» không có chiều này"
    assert told["blocked"] == dict.fromkeys(("fund.component", "arrears_age.arrears_age"), why)


def test_the_chart_is_drawn_from_the_same_answer(ask, lan):
    chart = ask(lan, FIRST, v="chart").context["chart"]
    assert chart.data["names"] == ["Hà Nội"]


@pytest.mark.parametrize(
    ("question", "status", "said"),
    [
        ("{", 422, "không phải JSON hợp lệ"),
        ("[]", 422, "đối tượng JSON"),
        (FIRST | {"values": ["collected_vdn"]}, 422, "Ý bạn là «collected_vnd»"),
        (FIRST | {"rows": ["org.huyen"]}, 422, "không có chiều phân tích «org.huyen»"),
        (FIRST | {"colour": "red"}, 422, "khóa lạ «colour»"),
        (FIRST | {"filters": [{"field": "month", "op": "in", "values": ["2030-01"]}]}, 422, "ở tương lai"),
        (FIRST | {"filters": [{"field": "org.province", "op": "in", "values": ["00.48-2025"]}]}, 403, ""),
        (FIRST | {"subject": "salaries"}, 422, "Không có chủ đề"),
    ],
)
def test_bad_input_gets_one_sentence_its_status_and_a_record(ask, lan, question, status, said):
    reply = ask(lan, question, "tra-loi.json")
    assert reply.status_code == status
    assert said in reply.json()["error"]["message"]
    assert AuditRecord.objects.filter(kind=Kind.DENIED).count() >= 1


def test_stopping_a_question_is_on_record_and_asks_for_its_ticket(client, release, lan):
    client.force_login(lan)
    assert client.post("/phan-tich/dung/", {"ticket": "7" * 32}).status_code == 204
    stopped = _records("data.stop_asked").get()
    assert (stopped.actor_email, stopped.object) == (lan.email, f"question:{'7' * 32}")
    assert client.post("/phan-tich/dung/", {"ticket": "x"}).status_code == 422


def test_a_refusal_for_the_screen_is_a_message_to_place(client, release, lan):
    client.force_login(lan)
    reply = client.post("/phan-tich/bang/", {"q": "{"}, headers={"HX-Request": "true"})
    assert (reply.status_code, reply.headers["HX-Retarget"]) == (422, "#messages")


def test_a_table_too_large_for_the_screen_is_refused_with_a_hint(ask, lan, monkeypatch):
    monkeypatch.setattr("dwh.delivery.analysis.grid.MAX_CELLS", 5)
    reply = ask(lan, FIRST)
    assert reply.status_code == 422
    assert "nhiều hơn 5 ô" in reply.content.decode()


def test_the_json_answer_is_the_gate_s_own(ask, lan):
    document = ask(lan, FIRST, "tra-loi.json").json()
    assert document["complete"] is True
    assert document["rows"][0]["_keys"] == {"org.province": "00.01", "month.year": "2025"}
    assert _records("data.asked").get().purpose == "phân tích (JSON)"


def test_an_empty_table_says_which_filter_value_there_is_not(ask, lan):
    filters = [{"field": "fund", "op": "eq", "values": ["BHXH"]}]
    html = ask(lan, FIRST | {"filters": filters}).content.decode()
    assert "Không có số liệu cho bố trí này" in html
    assert "Không có thành viên «BHXH» trong «Quỹ» ở phạm vi của ông/bà; có phải «si» (BHXH)?" in html


def test_the_json_answer_is_taken_out_so_it_needs_that_right(ask, minh):
    assert ask(minh, FIRST).status_code == 200
    refused = ask(minh, FIRST, "tra-loi.json")
    assert refused.status_code == 403
    assert "kết xuất số liệu ra tệp" in refused.content.decode()


def test_members_are_found_without_marks_and_only_in_scope(client, release, lan):
    client.force_login(lan)
    url = "/phan-tich/thanh-vien/?subject=contributions&field=org.office&search=dong da"
    labels = [one["label"] for one in client.get(url).json()["members"]]
    assert labels
    assert all("Đống Đa" in label for label in labels)
    other = "/phan-tich/thanh-vien/?subject=contributions&field=org.province&search=da nang"
    assert client.get(other).json() == {
        "members": [], "note": "Không có giá trị nào khớp trong phạm vi của ông/bà.",
    }  # fmt: skip


def test_a_cell_is_taken_apart_by_month_through_the_gate(ask, lan):
    cell = {"keys": ["00.01", "2025"], "measure": "collection_rate", "place": "Hà Nội · Năm 2025"}
    told = ask(lan, FIRST, "giai-thich/", cell=json.dumps(cell)).context["found"].told
    assert [line.label for line in told.months] == ["5/2025", "6/2025", "7/2025", "8/2025"]
    assert told.number in told.total.texts
    assert told.formula == "100 × Số tiền đã thu ÷ Số tiền phải thu"
    assert _records("data.asked").get().purpose == "giải thích số liệu"


@pytest.mark.req("C-21")
def test_the_explanation_of_a_cell_names_its_source_table_and_counts_its_rows(ask, lan, tuan):
    cell = json.dumps({"keys": ["00.01", "2025"], "measure": "collection_rate", "place": "Hà Nội"})
    page = ask(lan, FIRST, "giai-thich/", cell=cell)
    [table] = page.context["found"].lineage.tables
    assert (table.name, table.nation) == ("tst_dong_ca_nhan", None)
    assert table.area.staged == sum(1 for line in LINES if line[5].startswith("00.01"))
    text = page.content.decode()
    assert "Nguồn gốc" in text
    assert "/tu-dien/bang/landed.tst_dong_ca_nhan/" in text
    assert "Đã nhận từ nguồn" not in text
    assert "Đã nhận từ nguồn" in ask(tuan, FIRST, "giai-thich/", cell=cell).content.decode()


@pytest.mark.parametrize("cell", ["", "[]", '{"keys": [], "measure": "x", "place": ""}', '{"keys": 5}'])
def test_a_cell_that_is_not_in_the_table_is_refused(ask, lan, cell):
    assert ask(lan, FIRST, "giai-thich/", cell=cell).status_code == 422


@pytest.mark.parametrize("key", ["99.99", "\ud800", "\x00", "", "a" * 201])
def test_a_member_that_is_not_in_the_table_is_refused_whatever_it_is(ask, lan, key):
    cell = json.dumps({"keys": [key, None], "measure": "collection_rate", "place": "\ud800"})
    assert ask(lan, FIRST, "giai-thich/", cell=cell).status_code == 422


@pytest.mark.parametrize("path", ["bang/", "tra-loi.json", "giai-thich/"])
def test_questions_are_posted_never_got(client, release, lan, path):
    client.force_login(lan)
    assert client.get(f"/phan-tich/{path}").status_code == 405


def test_the_export_button_is_absent_without_the_right_and_says_why(ask, client, tuan):
    text = ask(tuan, FIRST).content.decode()
    assert "chưa có quyền kết xuất" in text
    assert "data-export" not in client.get("/phan-tich/contributions/").content.decode()
