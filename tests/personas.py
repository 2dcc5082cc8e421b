"""The cast of every test: who they are, where they work, what they were given (house §13).

Lan, Hà and Minh work for Hà Nội, which Hoa leads, Nam for Đà Nẵng; Khanh and Tuấn in central units, Khanh's led by
Sơn; Dung leads the sector; Khách has an IAM name and no account.
"""

from __future__ import annotations

from datetime import date

import pytest

from dwh.governance.access import services
from dwh.governance.access.models import Account
from dwh.governance.access.services import NewAccount, Terms
from dwh.kernel.actor import Actor, operator

TODAY = date(2026, 11, 23)  # a Monday
SINCE = date(2026, 1, 5)
KHACH_EMAIL = "khach.ba@vss.gov.vn"


def hire(email: str, name: str, unit_code: str, unit_name: str, code: str) -> Account:
    """Open an account without any right."""
    person = NewAccount(email, code, name, unit_code, unit_name)
    return services.open_account(person, by=operator("Kiểm thử"), today=SINCE)


def give(account: Account, group: str, org_code: str, *subjects: str) -> None:
    """Grant `group` over `org_code`, by paper, from SINCE on."""
    terms = Terms(
        group, org_code, document_no="12/BHXH-CNTT", decided_by="Giám đốc", subjects=subjects or ("*",)
    )
    services.grant(account, terms, by=operator("Kiểm thử"), today=SINCE)


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def clerk() -> Actor:
    """Return the program itself, working at the machine."""
    return operator("Kiểm thử")


@pytest.fixture
def lan(db: None) -> Account:
    """Analyst of BHXH thành phố Hà Nội."""
    account = hire("lan.lt@vss.gov.vn", "Lê Thị Lan", "00.01", "BHXH thành phố Hà Nội", "NV00000003")
    give(account, "analyst", "00.01")
    return account


@pytest.fixture
def ha(db: None) -> Account:
    """Analyst of one office of Hà Nội."""
    account = hire("ha.pt@vss.gov.vn", "Phạm Thu Hà", "00.01.501", "BHXH cơ sở ở Hà Nội", "NV00000004")
    give(account, "analyst", "00.01.501")
    return account


@pytest.fixture
def nam(db: None) -> Account:
    """Analyst of BHXH thành phố Đà Nẵng: must never see Hà Nội."""
    account = hire("nam.dv@vss.gov.vn", "Đỗ Văn Nam", "00.48-2025", "BHXH thành phố Đà Nẵng", "NV00000005")
    give(account, "analyst", "00.48-2025")
    return account


@pytest.fixture
def khanh(db: None) -> Account:
    """Analyst of a central unit: every province, contributions only."""
    account = hire("khanh.vq@vss.gov.vn", "Vũ Quốc Khanh", "00.BTHU", "Ban Quản lý thu", "NV00000006")
    give(account, "analyst", "00", "contributions")
    return account


@pytest.fixture
def minh(db: None) -> Account:
    """Province administrator of Hà Nội, in its IT office."""
    account = hire("minh.tq@vss.gov.vn", "Trần Quang Minh", "00.01.CNTT", "Phòng CNTT Hà Nội", "NV00000002")
    give(account, "province_admin", "00.01")
    return account


@pytest.fixture
def tuan(db: None) -> Account:
    """Central administrator, in the IT Centre."""
    account = hire("tuan.nm@vss.gov.vn", "Nguyễn Minh Tuấn", "00.CNTT", "Trung tâm CNTT", "NV00000001")
    give(account, "central_admin", "00")
    return account


@pytest.fixture
def dung(db: None) -> Account:
    """Of the sector's leadership: reads dashboards and reports of the nation."""
    account = hire("dung.ht@vss.gov.vn", "Hoàng Thị Dung", "00.LDN", "Lãnh đạo Ngành", "NV00000007")
    give(account, "leadership", "00")
    return account


@pytest.fixture
def hoa(db: None) -> Account:
    """Director of BHXH thành phố Hà Nội: in the group of leaders, at the province itself."""
    account = hire("hoa.nt@vss.gov.vn", "Ngô Thị Hoa", "00.01", "BHXH thành phố Hà Nội", "NV00000009")
    give(account, "leadership", "00.01")
    return account


@pytest.fixture
def son(db: None) -> Account:
    """Head of the central unit Khanh works in."""
    account = hire("son.bv@vss.gov.vn", "Bùi Văn Sơn", "00.BTHU", "Ban Quản lý thu", "NV00000010")
    give(account, "leadership", "00", "contributions")
    return account


@pytest.fixture
def khach() -> str:
    """Return the address of a valid IAM person without a DWH account."""
    return KHACH_EMAIL
