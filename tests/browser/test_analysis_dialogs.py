"""Order, top N, calculated columns, conditional formats, kinds of chart, large files: each as a person does it."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_analysis import LAN, PAGE, TUAN, asked, changed, open_page, settled
from tests.chromium import faults, overflows
from tests.live import Live

pytestmark = pytest.mark.browser
KHANH = "khanh.vq@vss.gov.vn"


def option(page: Page, name: str) -> None:
    page.get_by_role("button", name="Tùy chọn").click()
    page.get_by_role("menuitem", name=name).click()


def test_order_and_the_first_rows_keep_the_full_total(page: Page, live_demo: Live):
    open_page(page, live_demo, TUAN)
    total = page.locator("table.pt tfoot").inner_text()
    option(page, "Sắp xếp, lấy nhóm đầu")
    assert faults(page) == []
    page.get_by_label("Xếp theo", exact=True).select_option("collected_vnd")
    page.get_by_label("Chỉ lấy bao nhiêu dòng đầu").fill("5")
    changed(page, lambda: page.locator("#pv-order").get_by_role("button", name="Áp dụng").click())
    assert (asked(page)["limit"], asked(page)["sort"]) == (5, [{"field": "collected_vnd", "desc": True}])
    assert page.locator("table.pt tbody tr").count() == 5
    assert page.locator("table.pt tfoot").inner_text() == total
    changed(page, lambda: page.keyboard.press("Control+z"))
    assert "limit" not in asked(page)


def test_formats_mark_cells_follow_the_link_and_are_undone(page: Page, live_demo: Live):
    open_page(page, live_demo, TUAN)
    option(page, "Định dạng theo điều kiện")
    page.get_by_role("button", name="Thêm quy tắc").click()
    page.locator("[data-of=value]").select_option("collection_rate")
    page.locator("[data-of=kind]").select_option("threshold")
    page.locator("[data-of=low]").fill("chín mươi")
    page.locator("#pv-formats").get_by_role("button", name="Áp dụng").click()
    expect(page.locator("#pv-formats-said")).to_contain_text("phải là một số")
    assert faults(page) == []
    page.locator("[data-of=low]").fill("99,5")
    changed(page, lambda: page.locator("#pv-formats").get_by_role("button", name="Áp dụng").click())
    marked = page.locator("table.pt td.ct-bad").count()
    assert marked
    expect(page.locator("table.pt td.ct-bad").first).to_contain_text(
        "Cần chú ý"
    )  # told without the colour too
    expect(page.locator(".pv-fig .ft")).to_contain_text("Tỷ lệ thu nhỏ hơn 99,5 %: cần chú ý")
    page.reload()
    settled(page)
    assert page.locator("table.pt td.ct-bad").count() == marked
    assert faults(page) == []


def test_undo_takes_a_format_back_and_redo_brings_it(page: Page, live_demo: Live):
    open_page(page, live_demo, TUAN)
    chip = page.locator("[data-shelf=values] .pv-chip-b").first
    chip.press("Enter")
    page.get_by_role("menuitem", name="Định dạng theo điều kiện").press("Enter")
    page.locator("[data-of=kind]").select_option("scale")
    changed(page, lambda: page.locator("#pv-formats").get_by_role("button", name="Áp dụng").press("Enter"))
    expect(page.locator("td.cs7")).not_to_have_count(0)
    changed(page, lambda: page.keyboard.press("Control+z"))
    expect(page.locator("td.cs7")).to_have_count(0)
    changed(page, lambda: page.keyboard.press("Control+y"))
    expect(page.locator("td.cs7")).not_to_have_count(0)


def _calculation(page: Page, kind: str) -> None:
    option(page, "Thêm cột tính")
    page.get_by_label("Phép tính").select_option(kind)


def _apply(page: Page) -> None:
    with page.expect_response(lambda reply: reply.url.endswith("/phan-tich/bang/")) as replied:
        page.locator("#pv-calc").get_by_role("button", name="Áp dụng").click()
    assert replied.value.status == 200
    settled(page)


def test_the_dialog_writes_calculations_as_the_question_takes_them(page: Page, live_demo: Live):
    open_page(page, live_demo, LAN)
    _calculation(page, "growth")
    assert faults(page) == []
    _apply(page)
    _calculation(page, "moving_average")
    page.get_by_label("Số kỳ").fill("3")
    _apply(page)
    _calculation(page, "formula")
    page.locator("#pv-calc-formula").fill("100 * collected_vnd / participants")
    page.get_by_label("Tên cột").fill("Bình quân")
    page.get_by_label("Đơn vị tính").fill("đồng")
    page.get_by_label("Số lẻ").fill("1")
    _apply(page)
    assert asked(page)["calculations"] == [
        {"name": "c1", "kind": "growth", "of": "collected_vnd", "base": "same_last_year"},
        {"name": "c2", "kind": "moving_average", "of": "collected_vnd", "periods": 3},
        {"name": "c3", "kind": "formula", "formula": "100 * collected_vnd / participants", "label": "Bình quân",
         "unit": "đồng", "decimals": 1},
    ]  # fmt: skip
    expect(page.locator("[data-shelf=values] .pv-chip").last).to_contain_text("Bình quân")


def test_a_calculation_is_moved_and_leaves_with_its_measure(page: Page, live_demo: Live):
    open_page(page, live_demo, LAN)
    for kind in ("growth", "moving_average"):
        _calculation(page, kind)
        _apply(page)
    page.locator('[data-id="c2"] .pv-chip-b').press("Alt+ArrowLeft")
    assert [one["name"] for one in asked(page)["calculations"]] == ["c2", "c1"]
    page.locator('[data-id="c1"] .pv-chip-b').press("Delete")
    assert [one["name"] for one in asked(page)["calculations"]] == ["c2"]
    page.locator('[data-id="collected_vnd"] .pv-chip-b').press("Delete")
    assert "calculations" not in asked(page)


@pytest.mark.parametrize("kind", ["line", "bar", "stacked", "area", "scatter", "heat", "pareto", "map"])
def test_each_kind_of_chart_is_drawn_with_its_table(page: Page, live_demo: Live, kind):
    open_page(page, live_demo, TUAN)
    changed(page, lambda: page.get_by_role("button", name="Biểu đồ").click())
    changed(page, lambda: page.get_by_label("Kiểu").select_option(kind))
    expect(page.locator("[data-chart] svg, .pv-map svg")).to_be_visible()
    page.get_by_text("Bảng số liệu của biểu đồ").click()
    expect(page.locator(".pv-chart-rows tbody th[scope=row]").first).to_be_visible()
    assert f"c={kind}" in page.url
    assert faults(page) == []
    if kind == "map":
        expect(page.locator(".pv-map [data-inset]")).to_have_count(2)


def test_a_picture_of_the_chart_is_taken_out(page: Page, live_demo: Live):
    open_page(page, live_demo, LAN, f"{PAGE}?v=chart")
    for kind, start in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind, exact=True).click()
        assert download.value.path().read_bytes().startswith(start)
        assert download.value.suggested_filename.endswith(kind.lower())


def test_a_chart_fits_a_phone(phone: Page, live_demo: Live):
    open_page(phone, live_demo, LAN, f"{PAGE}?v=chart")
    expect(phone.locator("[data-chart] svg")).to_be_visible()
    assert not overflows(phone)
    assert faults(phone) == []


@pytest.fixture
def worker(live_demo: Live) -> Iterator[None]:
    """The worker process of the demonstration."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dwh.site.cli", "web", "worker"], env=live_demo.home.environment()
    )
    yield
    process.terminate()
    process.wait(20)


def _large(page: Page, live: Live) -> None:
    open_page(page, live, KHANH)
    measures = list(json.loads(page.locator("#pv-fields").text_content())["measures"])[:6]
    question = asked(page) | {
        "rows": ["org.province", "org.office"],
        "columns": ["month.month"],
        "values": measures,
    }
    text = base64.urlsafe_b64encode(json.dumps(question).encode()).decode().rstrip("=")
    page.goto(f"{live.url}{PAGE}?q={text}")
    settled(page)
    page.locator(".pv-export summary").click()


@pytest.mark.req("E-10")
def test_a_large_file_is_made_by_the_worker_and_comes_by_itself(page: Page, live_demo: Live, worker):
    _large(page, live_demo)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Excel").click()
        expect(page.locator("[data-job]")).to_contain_text("Đang tạo tệp ở nền")
    assert download.value.path().read_bytes().startswith(b"PK")


def test_a_large_file_can_be_cancelled(page: Page, live_demo: Live):
    _large(page, live_demo)  # nobody works: it waits
    page.get_by_role("button", name="Excel").click()
    expect(page.locator("[data-job]")).to_contain_text("Chờ tới lượt")
    assert faults(page) == []
    page.locator("[data-job]").get_by_role("button", name="Hủy").click()
    expect(page.locator("[data-job]")).to_have_count(0)
    expect(page.locator("#pv-said")).to_contain_text("Đã hủy theo yêu cầu.")
