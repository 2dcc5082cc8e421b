"""Coming in after IAM has spoken: only with an account and a right of today; either way on record."""

from __future__ import annotations

from datetime import date

import pytest

from dwh.governance.access import services
from dwh.governance.access.models import AccessGrant
from dwh.governance.access.services import log_seen_by
from dwh.kernel.actor import Origin
from dwh.kernel.audit.models import AuditRecord
from dwh.kernel.audit.services import record
from dwh.kernel.errors import Denied
from tests.personas import SINCE, TODAY, give, hire

HERE = Origin("web", "10.1.1.1", "req-1")


def last() -> AuditRecord:
    return AuditRecord.objects.order_by("-id")[0]


@pytest.mark.law("QC-DWH 5.2")
@pytest.mark.law("CV-907 R5")
def test_a_person_with_a_right_comes_in_and_it_is_on_record(lan):
    assert services.sign_in(" Lan.LT@vss.gov.vn", origin=HERE, today=TODAY, claims={"sub": "u3"}) == lan
    assert (last().kind, last().action, last().actor_email) == ("signin", "access.signed_in", lan.email)
    assert (last().address, last().facts) == ("10.1.1.1", {"subject": "u3"})


@pytest.mark.req("A-03")
@pytest.mark.law("QC-DWH 5.2")
def test_an_iam_person_without_an_account_stays_out_until_he_has_one(db, khach, clerk):
    with pytest.raises(Denied, match="chưa được mở tài khoản"):
        services.sign_in(khach, origin=HERE, today=TODAY)
    assert (last().kind, last().actor_email, last().facts["cause"]) == ("denied", khach, "no_account")
    guest = hire(khach, "Bùi Anh Khách", "00.VPHO", "Văn phòng", "NV00000008")
    give(guest, "analyst", "00")
    assert services.sign_in(khach, origin=HERE, today=TODAY) == guest


@pytest.mark.req("A-03")
@pytest.mark.law("QC-DWH 5.2")
@pytest.mark.parametrize("ended", ["closed", "expired", "not yet"])
def test_an_account_without_a_right_today_stays_out(lan, clerk, ended):
    if ended == "closed":
        services.close_account(lan.pk, reason="thôi việc", by=clerk, today=TODAY)
    elif ended == "expired":
        AccessGrant.objects.update(valid_until=TODAY)
    day = date(2025, 1, 1) if ended == "not yet" else TODAY
    with pytest.raises(Denied, match="Phụ lục 01"):
        services.sign_in(lan.email, origin=HERE, today=day)
    assert last().kind == "denied"


@pytest.mark.law("QC-DWH 13.2")
@pytest.mark.parametrize(
    ("who", "seen"),
    [("tuan", {"lan", "nam", "tuan", "minh"}), ("minh", {"lan", "minh"}), ("lan", {"lan"}), ("nam", {"nam"})],
)
def test_whose_acts_one_may_read_in_the_log(request, lan, nam, tuan, minh, who, seen):
    people = {"lan": lan, "nam": nam, "tuan": tuan, "minh": minh}
    for account in people.values():
        record("thing.done", by=account.as_actor())
    found = log_seen_by(people[who], TODAY).filter(action="thing.done").values_list("actor_email", flat=True)
    assert set(found) == {people[name].email for name in seen}
    assert SINCE < TODAY
