"""Becoming a person of the demonstration."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.web.office import Office


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_one_click_on_the_sign_in_page_lets_a_person_of_the_demonstration_in(
    office: Office, page: Page, size: dict[str, int]
):
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/login")

    page.get_by_role("button", name="示范一中项目责任人").click()

    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()
    expect(page.get_by_text("示范一中项目责任人")).to_be_visible()
