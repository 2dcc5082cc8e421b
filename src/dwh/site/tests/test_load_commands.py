"""`dwh load …`: one line per outcome, exit code 0 when something stands, 1 when it was refused; all on record."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from dwh.datapath.sources.files.limits import USUAL
from dwh.datapath.sources.files.tests.broken_claims import BROKEN_CLAIMS
from dwh.datapath.sources.files.tests.broken_sheets import BROKEN_SHEETS
from dwh.datapath.sources.files.tests.claims import claim, written
from dwh.datapath.sources.manual.tests.exports import live
from dwh.kernel.audit.models import AuditRecord
from dwh.operations.loads.tests.conftest import PLAN
from dwh.site.cli import main

pytestmark = pytest.mark.django_db
REFUSED_SHEETS = [one for one in BROKEN_SHEETS if not one.landed and one.limits == USUAL]


@pytest.fixture
def dwh(area, monkeypatch):
    """Run a command in a landing area of its own."""
    monkeypatch.setattr("dwh.site.settings.datapath_settings", lambda: area)

    def run(*words: object):
        return CliRunner().invoke(main, [str(word) for word in words])

    return run


def refusals() -> int:
    return AuditRecord.objects.filter(kind="denied").count()


def test_claims_are_loaded_and_loading_again_says_so(dwh, tmp_path):
    path = written(tmp_path, claim(1), claim(2))
    first, second = dwh("load", "claims", path), dwh("load", "claims", path)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "nạp 2 hồ sơ" in first.output
    assert "không có gì thay đổi" in second.output


def test_held_claims_are_named_and_the_rest_lands(dwh, tmp_path):
    done = dwh("load", "claims", written(tmp_path, claim(1), claim(2, t_bhtt="x")))
    assert done.exit_code == 0
    assert "giữ lại 1 hồ sơ" in done.output
    assert "hồ sơ số 2" in done.output


def test_a_load_goes_from_preview_to_approval(dwh, file, huong, tuan, area):
    shown = dwh("load", "preview", file, "--plan", PLAN.number, "--as", huong.email)
    assert shown.exit_code == 0, shown.output
    assert "B02 Thống kê khám chữa bệnh, kỳ 5/2025" in shown.output
    assert "Tiêu đề ghi «tỷ đồng» nhưng giá trị là đồng." in shown.output
    [number] = [word for word in dwh("load", "list").output.split() if word.isdigit()][:1]
    own = dwh("load", "approve", number, "--as", huong.email)
    assert own.exit_code == 1
    done = dwh("load", "approve", number, "--as", tuan.email)
    assert (done.exit_code, "64 dòng" in done.output) == (0, True)
    assert len(live(area, "gs_b02")) == 64
    assert "Đã nạp" in dwh("load", "list").output
    assert refusals() == 1


def test_before_the_first_load_the_list_says_how_to_prepare_one(dwh):
    assert dwh("load", "list").output.startswith(
        "Chưa có lần nạp nào. Chuẩn bị một lần bằng: dwh load preview"
    )


def test_a_load_is_declined_with_a_reason(dwh, file, huong, tuan):
    dwh("load", "preview", file, "--plan", PLAN.number, "--as", huong.email)
    number = dwh("load", "list").output.split()[0]
    done = dwh("load", "decline", number, "--as", tuan.email, "--reason", "Sai kỳ báo cáo rồi")
    assert (done.exit_code, "Không duyệt" in done.output) == (0, True)


@pytest.mark.parametrize("broken", [BROKEN_CLAIMS[place] for place in (0, 7, 25, 33, 49, -1)], ids=str)
def test_a_refused_claim_file_ends_with_one_line_and_code_1(dwh, tmp_path, broken):
    done = dwh("load", "claims", broken.make(tmp_path))
    assert (done.exit_code, len(done.output.strip().splitlines())) == (1, 1)
    assert done.output.startswith("Tệp «")
    assert refusals() == 1


@pytest.mark.parametrize("broken", REFUSED_SHEETS[::6], ids=str)
def test_a_refused_export_ends_with_one_line_and_code_1(dwh, tmp_path, huong, broken):
    path = broken.make(tmp_path)
    done = dwh("load", "preview", path, "--plan", PLAN.number, "--as", huong.email)
    if done.exit_code == 0:  # nothing but held rows: refused when it is to land
        assert "giữ lại" in done.output
        return
    assert (done.exit_code, len(done.output.strip().splitlines())) == (1, 1)
    assert done.output.startswith("Tệp «")
    assert refusals() == 1


def test_a_stranger_is_refused_and_on_record(dwh, file):
    done = dwh("load", "preview", file, "--plan", PLAN.number, "--as", "ai.do@vss.gov.vn")
    assert (done.exit_code, refusals()) == (1, 1)
