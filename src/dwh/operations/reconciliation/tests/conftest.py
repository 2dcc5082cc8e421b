from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.conf import settings as django_settings

from dwh.datapath.reconciliation.totals import Cell, TableTotals
from dwh.kernel.actor import Actor
from dwh.kernel.org.models import OrgUnit
from dwh.operations.reconciliation import services
from tests.personas import clerk, khanh, lan, minh, nam, today, tuan  # noqa: F401 -- the cast

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
UNITS = [("00", "BHXH Việt Nam", "central"), ("00.01", "BHXH Hà Nội", "province"),
         ("00.01.501", "BHXH cơ sở Một", "office"), ("00.48-2025", "BHXH Đà Nẵng", "province")]  # fmt: skip


def cell(unit: str, org: str, measure: str = "rows", source: int = 10, **sides: int | bool) -> Cell:
    amounts = {
        name: Decimal(value) if not isinstance(value, bool) else value for name, value in sides.items()
    }
    usual = {"published": Decimal(source)}
    return Cell("202609", unit, measure, source=Decimal(source), org_code=org, **{**usual, **amounts})


def table(*cells: Cell, name: str = "tst_dong_ca_nhan", source: str = "collection") -> TableTotals:
    return TableTotals(source, name, "Số phải đóng và đã đóng", "2026-11-20.1", NOON, cells)


GOOD = (cell("01501", "00.01.501"), cell("48000", "00.48-2025", held=2, published=8))
LOST = (cell("01501", "00.01.501", published=9), cell("48000", "00.48-2025"))


@pytest.fixture
def units(db: None) -> None:
    for code, name, tier in UNITS:
        OrgUnit.objects.create(
            code=code, name=name, tier=tier, valid_from=date(1995, 1, 1), current_code=code
        )


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def keep(units, settings):
    """Return a function that stores the reconciliation of one table and returns its row."""

    def store(*cells: Cell, **named: str):
        by = Actor(email="worker@localhost", name="Tiến trình nền", unit="00.CNTT")
        [row] = services.keep([table(*cells, **named)], into=django_settings.DATAPATH, by=by)
        return row

    return store
