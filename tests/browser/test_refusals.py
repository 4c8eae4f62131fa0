"""What goes wrong is told on a page like the others, at a desk and on a telephone."""

from __future__ import annotations

from typing import NoReturn

import pytest
from playwright.sync_api import Page, expect

from api.identity.gate import SIGNED_IN, open_to
from engine.commands import DeployDefinitions
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_pages import sign_in, violations
from tests.web.office import DESIGNER, Office
from tests.web.test_operation import NAMED

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])


def looks_sound(page: Page, size: dict[str, int]) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url


@pytest.fixture
def broken(office: Office) -> str:
    """Address of a page that fails; asked for before the office is."""

    def fail() -> NoReturn:
        raise RuntimeError("x")

    office.app.add_url_rule("/broken", "broken", open_to(SIGNED_IN)(fail))
    return "/broken"


@SIZES
def test_an_error_page_has_the_bar_the_language_and_a_way_on(
    office: Office, broken: str, page: Page, size: dict[str, int]
):
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, "edu1.proj")

    for address, title in (("/nothing", "没有找到"), (broken, "系统内部错误"), ("/incidents", "没有权限")):
        page.goto(address)
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.get_by_role("navigation", name="主导航").get_by_role("link", name="待办")).to_be_visible()
        looks_sound(page, size)

    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Not permitted")).to_be_visible()
    looks_sound(page, size)
    page.get_by_role("link", name="Back to the inbox").click()
    expect(page.get_by_role("heading", name="Work to do")).to_be_visible()


@SIZES
def test_who_is_not_signed_in_is_led_to_the_sign_in_page(page: Page, size: dict[str, int]):
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/nothing")
    expect(page.get_by_role("navigation")).to_have_count(0)
    looks_sound(page, size)

    page.get_by_role("link", name="登录").click()

    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()


@SIZES
def test_the_list_of_incidents_has_no_faults_of_access(office: Office, page: Page, size: dict[str, int]):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"stuck.bpmn": NAMED}))
    office.start_of("stuck", "PRJ:A01:2026", "2101")
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, "fin.lead")

    page.goto("/incidents")

    expect(page.get_by_role("cell", name="资金够吗 enough")).to_be_visible()
    expect(page.get_by_text("共 1 项")).to_be_visible()
    looks_sound(page, size)
