"""Units send, the tier above receives, the register says who is late; nobody marks for another area."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from dwh.governance.access.services import scope_for
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.errors import Conflict, Denied, Invalid, NotFound
from dwh.operations.submissions import desk, services
from dwh.operations.submissions.models import Requirement, Submission
from dwh.operations.submissions.services import Place, Wish

OCTOBER = date(2026, 10, 1)
IN_TIME, AFTER = datetime(2026, 11, 9, 3, tzinfo=UTC), datetime(2026, 11, 23, 3, tzinfo=UTC)
NOTE = "Tệp xuất từ phần mềm Thu, gửi qua trục."


def send(asked, who, unit, now=IN_TIME, note=NOTE, period=OCTOBER):
    scope = scope_for(who, desk.SEND, timezone.localdate(now))
    return services.mark_sent(
        Place(asked.pk, unit, period), note=note, by=who.as_actor(), scope=scope, now=now
    )


def receive(row, who, now=AFTER):
    scope = scope_for(who, desk.RECEIVE, timezone.localdate(now))
    return services.mark_received(row.pk, by=who.as_actor(), scope=scope, now=now)


def shown(asked, who, today, period="2026-10-01"):
    return {line.unit: line for line in desk.page(who, today, str(asked.pk), period)["lines"]}


@pytest.mark.req("C-22")
@pytest.mark.law("QĐ-3582 III.2a¶3")
def test_the_register_tells_who_sent_who_received_when_and_who_is_late(asked, lan, nam, tuan, today):
    monthly = asked()
    row = send(monthly, lan, "00.01")
    before = shown(monthly, tuan, today)
    assert (before["00.01"].label, before["00.48-2025"].label) == ("Đã gửi, chờ nhận", "Trễ, chưa gửi")
    receive(row, tuan)
    send(monthly, nam, "00.48-2025", now=AFTER)
    after = shown(monthly, tuan, today)
    assert (after["00.01"].state, after["00.01"].row.received_at, after["00.01"].is_late) == (
        "received",
        AFTER,
        False,
    )
    assert (after["00.48-2025"].state, after["00.48-2025"].is_late) == ("sent", True)
    assert (
        AuditRecord.objects.filter(action="submission.sent", org_code="00.48-2025").get().facts["late"]
        is True
    )
    assert AuditRecord.objects.filter(action="submission.received").count() == 1


@pytest.mark.req("C-22")
def test_an_office_reports_to_its_province_and_only_that_province_receives(asked, ha, minh, tuan, today):
    of_offices = asked("office")
    row = send(of_offices, ha, "00.01.501")
    assert shown(of_offices, minh, today)["00.01.501"].may_receive
    assert list(shown(of_offices, ha, today)) == ["00.01.501"]
    assert receive(row, minh).received_by == minh.email
    with pytest.raises(Conflict):
        receive(row, tuan)


def test_nobody_marks_for_another_area_twice_or_what_is_not_asked_for(asked, lan, nam, minh):
    monthly = asked()
    with pytest.raises(NotFound):
        send(monthly, nam, "00.01")
    with pytest.raises(NotFound):
        send(monthly, lan, "00.01.501")  # an office, where provinces are asked
    with pytest.raises(Invalid, match="Kỳ này chưa hết"):
        send(monthly, lan, "00.01", period=date(2026, 11, 1))
    with pytest.raises(Invalid, match="đã gửi gì"):
        send(monthly, lan, "00.01", note="ok")
    row = send(monthly, lan, "00.01")
    with pytest.raises(Conflict):
        send(monthly, lan, "00.01")
    with pytest.raises(NotFound):
        receive(row, minh)  # a province does not receive its own report
    assert Submission.objects.count() == 1


def test_who_sent_does_not_receive(asked, minh):
    row = send(asked("office"), minh, "00.01.501")
    with pytest.raises(Denied):
        receive(row, minh)


@pytest.mark.req("C-22")
def test_each_software_has_its_own_calendar_and_a_change_keeps_what_was_sent(asked, lan, tuan, today):
    old = asked()
    send(old, lan, "00.01")
    new = asked(day="5", now=AFTER)
    old.refresh_from_db()
    assert old.ended_at == AFTER
    assert list(Requirement.objects.in_force()) == [new]
    assert Submission.objects.get().due_on == date(2026, 11, 10)
    assert shown(new, tuan, today)["00.01"].row == Submission.objects.get()
    other = services.set_requirement(
        Wish("benefits", "province", "quarterly", "15", "Hướng dẫn TCS, mục 2."),
        by=tuan.as_actor(),
        now=AFTER,
    )
    assert desk.page(tuan, today, str(other.pk), "")["chosen"] == other


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "word"),
    [
        (Wish("x", "province", "monthly", "10", "Hướng dẫn."), "phần mềm"),
        (Wish("claims", "central", "monthly", "10", "Hướng dẫn."), "cấp gửi"),
        (Wish("claims", "office", "daily", "10", "Hướng dẫn."), "kỳ báo cáo"),
        (Wish("claims", "office", "monthly", "29", "Hướng dẫn."), "từ 1 đến 28"),
        (Wish("claims", "office", "monthly", "10", ""), "văn bản"),
    ],
)
def test_a_calendar_that_is_not_whole_is_refused(tuan, wish, word):
    with pytest.raises(Invalid, match=word):
        services.set_requirement(wish, by=tuan.as_actor(), now=AFTER)


FORM = {
    "phan_mem": "collection",
    "cap": "province",
    "ky_bao_cao": "monthly",
    "ngay": "10",
    "huong_dan": "Hướng dẫn mục 3.",
}


@pytest.mark.req("C-22")
def test_on_the_pages_the_calendar_is_set_sent_and_received(client, units, tuan, lan):
    client.force_login(tuan)
    assert "Chưa phần mềm nào có lịch gửi" in client.get("/gui-bao-cao/").content.decode()
    assert client.post("/gui-bao-cao/lich/", FORM | {"ngay": "31"}).status_code == 422
    assert client.post("/gui-bao-cao/lich/", FORM).status_code == 302
    asked = Requirement.objects.get()
    Requirement.objects.update(since=date(2026, 1, 1))
    page = f"/gui-bao-cao/?lich={asked.pk}"
    first = desk.page(tuan, timezone.localdate(), str(asked.pk), "")["period"]
    client.force_login(lan)
    assert "BHXH Đà Nẵng" not in client.get(page).content.decode()
    sending = {"lich": asked.pk, "ky": first.isoformat(), "don_vi": "00.01", "noi_dung": NOTE}
    assert client.post("/gui-bao-cao/gui/", sending).status_code == 302
    assert client.post("/gui-bao-cao/gui/", sending | {"ky": "hôm qua"}).status_code == 422
    client.force_login(tuan)
    assert NOTE in client.get(page).content.decode()
    row = Submission.objects.get()
    assert client.post(f"/gui-bao-cao/{row.pk}/nhan/", {}).status_code == 302
    assert "Đã nhận" in client.get(page).content.decode()
    assert client.get(f"{page}&ky=2020-01-01").status_code == 404
    assert client.get("/gui-bao-cao/?lich=999").status_code == 404


def test_before_the_first_period_is_over_the_page_says_which_it_is_and_from_when_one_reports(
    client, asked, tuan
):
    asked(now=timezone.now())
    client.force_login(tuan)
    month = timezone.localdate().replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    said = (
        f"Kỳ đầu tiên là {month.month}/{month.year}. Từ {after:%d/%m/%Y} mỗi đơn vị có một dòng ở đây "
        f"để ghi đã gửi, hạn {after.replace(day=10):%d/%m/%Y}."
    )
    assert said in client.get("/gui-bao-cao/").content.decode()


def test_who_may_not_set_send_or_receive_is_refused(client, asked, lan, dung, tuan):
    asked()
    for who, path, status in (
        (lan, "lich/", 403), (lan, "1/nhan/", 403), (dung, "", 403), (dung, "gui/", 403), (tuan, "gui/", 403),
    ):  # fmt: skip
        client.force_login(who)
        reply = client.post(f"/gui-bao-cao/{path}", {}) if path else client.get("/gui-bao-cao/")
        assert reply.status_code == status
