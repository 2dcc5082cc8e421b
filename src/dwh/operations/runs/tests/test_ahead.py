"""«Cần tổng hợp lại» on the sync page: what a changed formula asks for, and the button that does it."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from dwh.operations.runs.models import Run
from tests.formula_fixture import FACT, release_of_today
from tests.personas import minh, tuan  # noqa: F401 -- the cast


@pytest.fixture
def page_of(client, settings):
    def page(account, home):
        settings.DATAPATH = home
        client.force_login(account)
        session = client.session
        session["signed_in_at"] = session["seen_at"] = int(time.time())
        session.save()
        html = client.get(reverse("runs:sync")).content.decode()
        return html.partition('aria-label="Cần tổng hợp lại"')[2].partition("</section>")[0]

    return page


def test_with_the_formulas_of_today_nothing_is_to_be_done(page_of, tuan, tmp_path):  # noqa: F811
    panel = page_of(tuan, release_of_today(tmp_path))

    assert "Mọi bảng đúng công thức hiện hành." in panel
    assert "0 bảng" in panel
    assert "<form" not in panel
    assert "đổi công thức" not in panel


@pytest.mark.req("C-13")
@pytest.mark.law("QC-DWH 12.5")
def test_a_changed_formula_is_named_with_its_months_and_the_button_runs_it(page_of, client, tuan, tmp_path):  # noqa: F811
    panel = page_of(tuan, release_of_today(tmp_path, models={FACT: "of yesterday"}))

    assert "1 bảng" in panel
    for words in (FACT, "công thức của bảng đã đổi", "4 tháng", "Khám bệnh, chữa bệnh BHYT <b>"):
        assert words in panel
    assert "Mọi bảng đúng" not in panel
    assert f'action="{reverse("runs:ask")}"' in panel
    client.post(reverse("runs:ask"), {"kind": "run"})
    assert Run.objects.get().kind == "run"


def test_who_may_not_run_sees_what_is_stale_without_the_button(page_of, minh, tmp_path):  # noqa: F811
    panel = page_of(minh, release_of_today(tmp_path, models={FACT: "of yesterday"}))

    assert FACT in panel
    assert "<form" not in panel


@pytest.mark.req("C-13")
def test_an_indicator_is_shown_with_the_formula_before_and_now(page_of, tuan, tmp_path):  # noqa: F811
    before = {"claims.inpatient_rate": "inpatient_visits / visits"}
    panel = page_of(tuan, release_of_today(tmp_path, figures=before))

    assert "Tỷ lệ nội trú" in panel
    assert "<code>inpatient_visits / visits</code>" in panel
    assert "<code>100 * inpatient_visits / visits</code>" in panel
    assert "Mọi bảng đúng công thức hiện hành." in panel
