"""A real server before a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser.serving import served
from tests.browser.visiting import open_measure, sign_in
from tests.web.office import Office, open_office

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def office(sqlite_database_url: str, tmp_path: Path) -> Iterator[Office]:
    with open_office(sqlite_database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Where the office is served."""
    with served(office.app) as place:
        yield place


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh browser window that fails the test on any script error or refused resource."""
    context = browser.new_context(viewport=WIDE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=address)
    opened = context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))

    def note(line: ConsoleMessage) -> None:
        # a refusal (422, 409) that the page shows is told on the console as well
        if line.type == "error" and "Failed to load resource" not in line.text:
            troubles.append(line.text)

    opened.on("console", note)
    yield opened
    context.close()
    assert troubles == []


@pytest.fixture
def measure(office: Office, page: Page) -> Page:
    """The form of corrective measures, opened by whoever fills it in."""
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    return page
