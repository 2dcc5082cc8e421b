"""The analysis page as a person uses it: with the mouse, with the keyboard alone, with a phone."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.chromium import enter, overflows
from tests.live import Live

pytestmark = pytest.mark.browser

LAN, TUAN = "lan.lt@vss.gov.vn", "tuan.nm@vss.gov.vn"
PAGE = "/phan-tich/contributions/"
MOVES = 30  # of the pointer over a shelf, at most


def open_page(page: Page, live: Live, who: str = LAN, path: str = PAGE) -> None:
    enter(page, live, who, path)
    settled(page)


def settled(page: Page) -> None:
    """Wait until the answer to the present layout is shown."""
    expect(page.locator("#pv-told")).to_be_attached()
    expect(page.locator(".is-running")).to_have_count(0)


def asked(page: Page) -> dict:
    """Return the Query document of the page."""
    return json.loads(page.locator("#pv-q").input_value())


def linked(page: Page) -> dict:
    """Return the Query document of the address."""
    text = parse_qs(urlsplit(page.url).query)["q"][0]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def changed(page: Page, act) -> None:
    """Do `act` and wait for the answer it causes."""
    with page.expect_response(lambda reply: reply.url.endswith("/phan-tich/bang/")):
        act()
    settled(page)


def field(page: Page, name: str):
    return page.locator(
        f'#pv-panel [data-field="{name}"] > .pv-fb, #pv-panel [data-field="{name}"] .pv-fl .pv-fb'
    ).first


def drag(page: Page, source, target) -> None:
    source.hover()  # waits until the field stands still and is under the pointer
    start = source.bounding_box()
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 20, start["y"] + start["height"] / 2 + 12, steps=3)
    ghost = target.locator(".pv-ghost")
    for step in range(MOVES):  # a hand moves on until the shelf takes notice
        end = target.bounding_box()
        page.mouse.move(end["x"] + end["width"] - 8 - step % 2 * 6, end["y"] + end["height"] / 2, steps=4)
        if ghost.count():
            break
    expect(ghost).to_be_attached()
    page.mouse.up()


@pytest.mark.req("E-05")
def test_a_pivot_is_built_by_dragging(page: Page, live_demo: Live):
    open_page(page, live_demo)
    changed(page, lambda: drag(page, field(page, "org.office"), page.locator("[data-shelf=rows]")))
    changed(page, lambda: drag(page, field(page, "due_vnd"), page.locator("[data-shelf=values]")))
    fund = field(page, "fund")
    drag(page, fund, page.locator("[data-shelf=filters]"))
    page.locator("#pv-filter-members").get_by_text("BHXH", exact=True).click()
    changed(page, lambda: page.get_by_role("button", name="Áp dụng").click())

    question = asked(page)
    assert question["rows"] == ["org.province", "org.office"]
    assert set(question["values"]) == {"collected_vnd", "collection_rate", "participants", "due_vnd"}
    assert question["filters"] == [{"field": "fund.fund", "op": "in", "values": ["si"]}]
    expect(page.locator("table.pt thead")).to_contain_text("Số tiền phải thu")
    page.get_by_role("button", name="Biểu đồ").click()
    expect(page.locator("[data-chart] svg")).to_be_visible()


@pytest.mark.req("E-05")
def test_the_same_pivot_is_built_with_the_keyboard_alone(page: Page, live_demo: Live):
    open_page(page, live_demo)

    def choose(name: str, entry: str) -> None:
        field(page, name).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Đưa vào Hàng", exact=True)).to_be_focused()
        while not page.evaluate("document.activeElement.textContent").startswith(entry):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

    changed(page, lambda: choose("org.office", "Đưa vào Hàng"))
    field(page, "due_vnd").focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("menuitem", name="Đưa vào Giá trị", exact=True)
    ).to_be_focused()  # the only place it may go
    changed(page, lambda: page.keyboard.press("Enter"))
    page.locator("[data-shelf=values] .pv-chip-b").last.focus()
    changed(page, lambda: page.keyboard.press("Alt+ArrowLeft"))
    assert asked(page)["values"] == ["collected_vnd", "collection_rate", "due_vnd", "participants"]
    page.locator("[data-shelf=values] .pv-chip-b").first.focus()
    changed(page, lambda: page.keyboard.press("Delete"))
    assert asked(page)["values"] == ["collection_rate", "due_vnd", "participants"]
    assert asked(page)["rows"] == ["org.province", "org.office"]


def test_a_filter_is_chosen_by_keyboard_without_marks(page: Page, live_demo: Live):
    open_page(page, live_demo)
    page.locator("[data-add=filters]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="BHXH cơ sở").press("Enter")
    page.get_by_label("Tìm giá trị").fill("hoan kiem")
    expect(page.locator("#pv-filter-members label").first).to_contain_text("Hoàn Kiếm")
    page.locator("#pv-filter-members input").first.press("Space")
    changed(page, lambda: page.get_by_role("button", name="Áp dụng").press("Enter"))
    expect(page.locator("[data-shelf=filters] .pv-chip")).to_contain_text("Hoàn Kiếm")


def test_undo_redo_and_the_back_button_bring_layouts_back(page: Page, live_demo: Live):
    open_page(page, live_demo)
    first = asked(page)
    changed(page, lambda: page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete"))
    second = asked(page)
    assert linked(page) == second
    changed(page, lambda: page.keyboard.press("Control+z"))
    assert asked(page) == first
    changed(page, lambda: page.keyboard.press("Control+y"))
    assert asked(page) == second
    changed(page, page.go_back)
    assert asked(page) == first


def test_a_link_reopens_the_question_with_the_reader_s_own_rights(page: Page, live_demo: Live):
    open_page(page, live_demo)
    changed(page, lambda: page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete"))
    mine, link = page.locator("table.pt tbody tr").count(), page.url
    page.context.clear_cookies()
    open_page(page, live_demo, TUAN, link.removeprefix(live_demo.url))
    assert len(asked(page)["values"]) == 2
    assert page.locator("table.pt tbody tr").count() > mine


def test_a_link_that_cannot_be_read_says_why_beside_the_first_table_until_the_next(
    page: Page, live_demo: Live
):
    enter(page, live_demo, LAN, "/")
    page.goto(live_demo.url + PAGE + "?q=%7B%22cut")
    settled(page)
    expect(page.locator("#pv-message")).to_contain_text("Liên kết phân tích bị hỏng hoặc chép thiếu.")
    expect(page.locator("#pv-result table")).to_be_visible()
    changed(page, lambda: page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete"))
    expect(page.locator("#pv-message")).to_be_empty()


def test_a_refusal_is_one_sentence_and_the_old_table_stays_marked(page: Page, live_demo: Live):
    open_page(page, live_demo)
    before = page.locator("table.pt tbody").inner_text()
    wrong = json.dumps(asked(page) | {"values": ["collected_vdn"]})
    page.evaluate("(text) => { document.querySelector('#pv-q').value = text }", wrong)
    with page.expect_response(lambda reply: reply.status == 422):
        page.get_by_role("button", name="Biểu đồ").click()
    expect(page.locator("#pv-message")).to_contain_text("không có chỉ tiêu «collected_vdn»")
    assert page.locator("table.pt tbody").inner_text() == before
    expect(page.locator("#pv")).to_have_class("pv is-stale")


def test_without_a_connection_the_old_table_stays_and_the_next_try_works(page: Page, live_demo: Live):
    open_page(page, live_demo)
    page.context.set_offline(True)
    page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete")
    expect(page.locator("#pv-message")).to_contain_text("Không kết nối được máy chủ")
    expect(page.locator("table.pt")).to_be_visible()
    page.context.set_offline(False)
    changed(page, lambda: page.get_by_role("button", name="Tính lại").click())
    expect(page.locator("#pv-message")).to_be_empty()


def test_a_running_question_can_be_stopped(page: Page, live_demo: Live):
    open_page(page, live_demo)
    page.route("**/phan-tich/bang/", lambda route: None)  # an answer that takes its time
    with page.expect_request("**/phan-tich/bang/") as question:
        page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete")
    with page.expect_response("**/phan-tich/dung/") as stopped:  # the engine is told too
        page.get_by_role("button", name="Dừng").click()
    assert stopped.value.status == 204
    assert question.value.headers["x-question"] in (stopped.value.request.post_data or "")
    expect(page.locator("#pv-message")).to_contain_text("Đã dừng. Bảng bên dưới là kết quả trước đó")
    expect(page.locator("table.pt")).to_be_visible()
    expect(page.locator(".is-running")).to_have_count(0)


def test_leaving_the_page_stops_the_running_question(page: Page, live_demo: Live):
    open_page(page, live_demo)
    page.route("**/phan-tich/bang/", lambda route: None)
    with page.expect_request("**/phan-tich/bang/") as question:
        page.locator("[data-shelf=values] .pv-chip-b").last.press("Delete")
    page.goto(f"{live_demo.url}/nhat-ky/")
    page.wait_for_function(  # a beacon of a page that is left is nobody's request; the log knows of it
        "async (ticket) => (await (await fetch('/nhat-ky/')).text()).includes(`question:${ticket}`)",
        arg=question.value.headers["x-question"],
    )


def test_groups_open_and_close_and_a_cell_explains_itself(page: Page, live_demo: Live):
    open_page(page, live_demo)
    changed(page, lambda: drag(page, field(page, "org.office"), page.locator("[data-shelf=rows]")))
    toggle = page.locator(".pv-tree").first
    was_open = toggle.get_attribute("aria-expanded")
    shown = page.locator("table.pt tbody tr:visible").count()
    toggle.click()
    expect(toggle).not_to_have_attribute("aria-expanded", was_open)
    assert page.locator("table.pt tbody tr:visible").count() != shown
    cell = page.locator("table.pt tbody td.n").nth(1)
    number = cell.inner_text()
    cell.click()
    expect(page.locator("#pv-explain")).to_contain_text("Giải thích số liệu")
    expect(page.locator(".pe-v")).to_contain_text(number)
    page.keyboard.press("Escape")
    expect(page.locator("#pv-explain")).to_be_hidden()


def test_a_cell_and_a_total_lead_to_rows_that_add_up_to_them(page: Page, live_demo: Live):
    """By the panel, by the menu of the cell with the keyboard, and one level down."""
    open_page(page, live_demo)
    for cell in (page.locator("table.pt tbody td.n").first, page.locator("table.pt tfoot td.n").first):
        number = cell.inner_text()
        cell.click()
        expect(page.locator(".pe-v")).to_contain_text(number)
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Xem dòng chi tiết").click(modifiers=["Control"])
        expect(opened.value.locator("#rw-added")).to_have_text(number)
        opened.value.close()
        page.keyboard.press("Escape")
    page.locator("table.pt tbody td.n").first.click(button="right")
    changed(page, lambda: page.get_by_role("menuitem", name="Xem theo BHXH cơ sở").click())
    expect(page.locator("table.pt thead .corner")).to_contain_text("BHXH cơ sở")


def test_a_field_that_cannot_join_is_grey_and_says_why(page: Page, live_demo: Live):
    open_page(page, live_demo)
    changed(page, lambda: drag(page, field(page, "participants_end"), page.locator("[data-shelf=values]")))
    page.locator('[data-field="fund"] .pv-fold').click()
    grey = page.locator('#pv-panel [data-field="fund.component"]')
    expect(grey).to_contain_text("«Số người tham gia cuối kỳ» không có chiều này")
    field(page, "fund.component").click()
    expect(page.get_by_role("menuitem", name="Đưa vào Hàng «Số người")).to_have_attribute(
        "aria-disabled", "true"
    )


@pytest.mark.req("E-10")
def test_an_export_is_the_table_of_the_screen(page: Page, live_demo: Live, tmp_path: Path):
    open_page(page, live_demo)
    labels = [one.strip() for one in page.locator("table.pt tbody th").all_inner_texts()]
    page.locator(".pv-export summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name.startswith("thu-bhxh-bhyt-bhtn-theo-tinh")
    sheet = openpyxl.load_workbook(path)["Số liệu"]
    written = [str(row[0].value) for row in sheet.iter_rows() if isinstance(row[1].value, int)]
    assert written == [*labels, "Tổng cộng"]


def test_an_administrator_has_no_export_button_and_reads_why(page: Page, live_demo: Live):
    open_page(page, live_demo, TUAN)
    expect(page.locator("[data-export]")).to_have_count(0)
    expect(page.locator(".pv-fig .ft")).to_contain_text("chưa có quyền kết xuất")


def test_on_a_phone_the_shelves_are_a_summary_and_a_sheet(phone: Page, live_demo: Live):
    open_page(phone, live_demo)
    assert not overflows(phone)
    expect(phone.locator("#pv-panel")).to_be_hidden()
    phone.get_by_role("button", name="Sửa trường và bố trí").click()
    expect(phone.locator("#pv-panel")).to_be_visible()
    field(phone, "due_vnd").click()
    changed(phone, lambda: phone.get_by_role("menuitem", name="Đưa vào Giá trị", exact=True).click())
    phone.get_by_role("button", name="Xong, xem bảng").click()
    expect(phone.locator("table.pt thead")).to_contain_text("Số tiền phải thu")
    assert not overflows(phone)
