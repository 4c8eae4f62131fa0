"""A real server before a real Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from waitress.server import create_server

from tests.web.office import Office, open_office

WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture
def office(sqlite_database_url: str, tmp_path: Path) -> Iterator[Office]:
    with open_office(sqlite_database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Where the office is served, by the server that the product uses.

    werkzeug's own leaves the file that it is sending open when a browser hangs up in the middle.
    """
    sockets: dict[int, Any] = {}
    server = create_server(office.app, map=sockets, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown()

    def hang_up() -> None:
        for each in list(sockets.values()):
            each.handle_close()

    # the loop ends when it has no socket left; only its own thread may take them away
    server.trigger.pull_trigger(hang_up)
    thread.join()


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
