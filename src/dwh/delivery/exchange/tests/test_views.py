"""Taking a table out: who may, what the file holds, what the log keeps."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO

import openpyxl
import pytest

from dwh.kernel.audit.models import AuditRecord
from tests.compare_outputs import pdf_text, read_xlsx
from tests.warehouse_fixture import tiny_release

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = {
    "subject": "contributions",
    "rows": ["org.province", "org.office"],
    "columns": ["month.year"],
    "values": ["collected_vnd", "participants"],
}


@pytest.fixture
def export(client, tmp_path, settings):
    """Return a function that signs a person in and takes a question out as a file."""
    settings.DATAPATH = tiny_release(tmp_path)

    def post(who, kind, question=QUESTION):
        client.force_login(who)
        return client.post(f"/phan-tich/xuat/{kind}/", {"q": json.dumps(question)})

    return post


@pytest.mark.parametrize(("who", "status"), [("lan", 200), ("minh", 403), ("tuan", 403), ("dung", 403)])
def test_who_may_take_data_out(export, request, who, status):
    assert export(request.getfixturevalue(who), "csv").status_code == status


@pytest.mark.parametrize(
    ("kind", "mime", "start"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("pdf", "application/pdf", b"%PDF"),
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
    ],
)
def test_each_format_is_a_file_with_a_name_without_marks(export, lan, kind, mime, start):
    reply = export(lan, kind)
    assert reply.headers["Content-Type"] == mime
    name = reply.headers["Content-Disposition"]
    assert name.isascii()
    assert name.endswith(f'_2026-11-22.1.{kind}"')
    assert reply.content.startswith(start)


@pytest.mark.req("E-10")
def test_an_export_holds_exactly_the_rows_its_person_sees(export, lan, ha):
    seen = {label for label, _ in read_xlsx(export(ha, "xlsx").content)}
    its_own = {"BHXH cơ sở Hoàn Kiếm", "BHXH quận Ba Đình", "BHXH quận Hoàn Kiếm"}
    assert seen == {"Hà Nội", *its_own, "Tổng cộng"}
    assert "BHXHquậnĐốngĐa" in pdf_text(export(lan, "pdf").content)
    assert "BHXHquậnĐốngĐa" not in pdf_text(export(ha, "pdf").content)


def test_every_export_is_on_record_with_rows_format_and_hash(export, lan):
    content = export(lan, "csv").content
    kept = AuditRecord.objects.get(action="export.made")
    facts = json.loads(kept.body)["facts"]
    assert kept.actor_email == lan.email
    assert (facts["format"], facts["rows"]) == ("csv", 7)
    assert facts["sha256"] == hashlib.sha256(content).hexdigest()
    assert AuditRecord.objects.get(action="data.asked").purpose == "kết xuất csv"


def test_a_refused_export_leaves_no_file_record(export, lan):
    outside = QUESTION | {"filters": [{"field": "org.province", "op": "in", "values": ["00.48-2025"]}]}
    assert export(lan, "xlsx", outside).status_code == 403
    assert not AuditRecord.objects.filter(action="export.made").exists()


def test_too_large_a_table_is_refused_before_it_is_laid_out(export, lan, monkeypatch):
    monkeypatch.setattr("dwh.delivery.exchange.files.MAX_CELLS", 3)
    reply = export(lan, "xlsx")
    assert reply.status_code == 422
    assert "chưa tạo tệp nào" in reply.content.decode()


def test_an_export_is_posted_never_got(client, lan):
    client.force_login(lan)
    assert client.get("/phan-tich/xuat/xlsx/").status_code == 405


def test_a_workbook_carries_the_formats_as_its_own_and_leaves_totals_out(export, client, lan):
    export(lan, "csv")
    formats = [
        {"value": "collected_vnd", "kind": "scale"}, {"value": "participants", "kind": "bars"},
        {"value": "participants", "kind": "threshold", "op": "between", "at": ["1", "2"], "look": "good"},
    ]  # fmt: skip
    reply = client.post("/phan-tich/xuat/xlsx/", {"q": json.dumps(QUESTION), "f": json.dumps(formats)})
    sheet = openpyxl.load_workbook(BytesIO(reply.content))["Số liệu"]
    rules = {rule.type: cells for cells in sheet.conditional_formatting for rule in cells.rules}
    assert set(rules) == {"colorScale", "dataBar", "cellIs"}
    marked = {
        row
        for cells in sheet.conditional_formatting
        for one in cells.cells.ranges
        for row in range(one.min_row, one.max_row + 1)
    }
    names = {sheet.cell(row, 1).value for row in marked}
    assert "Hà Nội" not in names
    assert "Tổng cộng" not in names


@pytest.mark.parametrize("formats", ["{", '[{"value": "x", "kind": "pie"}]'])
def test_formats_that_cannot_be_read_are_refused(export, client, lan, formats):
    export(lan, "csv")
    assert client.post("/phan-tich/xuat/xlsx/", {"q": json.dumps(QUESTION), "f": formats}).status_code == 422


def test_a_picture_of_a_chart_is_on_record_before_it_is_taken_out(export, client, lan, minh):
    export(lan, "csv")
    reply = client.post("/phan-tich/xuat/anh/", {"q": json.dumps(QUESTION), "kind": "png"})
    assert reply.content.decode().startswith("thu-bhxh-bhyt-bhtn-theo-tinh")
    kept = AuditRecord.objects.filter(action="export.made").latest("id")
    assert (kept.facts["format"], kept.purpose) == ("png", "ảnh biểu đồ png")
    assert client.post("/phan-tich/xuat/anh/", {"q": json.dumps(QUESTION), "kind": "exe"}).status_code == 422
    client.force_login(minh)
    assert client.post("/phan-tich/xuat/anh/", {"q": json.dumps(QUESTION), "kind": "png"}).status_code == 403
