"""A real Chromium for tests: Debian's own, no download; a page that complains fails its test."""

from __future__ import annotations

import atexit
import os
import shutil
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.live import Live

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}
_known: dict[tuple[str, str], list[Any]] = {}  # address of the program, person → cookies of their session
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("Thiếu Chromium: apt-get install -y chromium")
    if found is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    return found


@cache
def _started(path: str) -> Browser:
    """Start Playwright once in this process: a second one beside it is refused by its own loop."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # its loop stays in this thread, beside the ORM
    playwright = sync_playwright().start()
    started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    atexit.register(playwright.stop)
    atexit.register(started.close)  # runs before the line above
    return started


@pytest.fixture(scope="session")
def browser() -> Browser:
    """One Chromium for all tests of this process, whichever folder asks for it first."""
    return _started(_chromium())


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor at a desk, 1366 × 768."""
    yield from _visitor(browser, DESK)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A fresh visitor with a phone, 390 wide."""
    yield from _visitor(browser, PHONE)


def _visitor(browser: Browser, size: dict[str, int]) -> Iterator[Page]:
    context = browser.new_context(viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(15_000)
    visitor, complaints = context.new_page(), list[str]()
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.on("console", lambda said: _note(complaints, said.type, said.text))
    yield visitor
    context.close()
    assert complaints == []


def _note(complaints: list[str], kind: str, text: str) -> None:
    if kind == "error" and not text.startswith("Failed to load resource"):  # a refusal is meant to be a 4xx
        complaints.append(text)


def sign_in(page: Page, live: Live, email: str, path: str = "/") -> None:
    """Sign in through IAM's own page and end at `path`."""
    page.goto(live.url + path)
    page.get_by_role("link", name="Đăng nhập qua IAM").click()
    page.get_by_label("Hộp thư điện tử ngành").fill(email)
    page.get_by_label("Mật khẩu IAM").fill(live.password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(live.url + path)
    _known[live.url, email] = [cookie for cookie in page.context.cookies() if "session" in cookie["name"]]


def enter(page: Page, live: Live, email: str, path: str = "/") -> None:
    """Go to `path` as somebody who signed in before in this process; who did not, or is out by now, signs in."""
    page.context.add_cookies(_known.get((live.url, email), []))
    page.goto(live.url + path)
    if page.url != live.url + path:
        sign_in(page, live, email, path)


def settle(page: Page) -> None:
    """Wait until nothing of the page is still being asked for."""
    expect(page.locator(".htmx-request, .is-running, [aria-busy=true]")).to_have_count(0)


def faults(page: Page) -> list[str]:
    """Return the serious faults of accessibility axe finds (WCAG 2.2 AA among them)."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found if fault["impact"] in SERIOUS]


def overflows(page: Page) -> bool:
    """Tell whether the page is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
