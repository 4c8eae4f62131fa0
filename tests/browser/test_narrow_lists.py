"""Lists on a telephone: cards whose lines stand beside their labels."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW
from tests.browser.visiting import sign_in
from tests.web.office import Office


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_code_of_a_project_stands_under_its_name_and_not_under_the_label(
    office: Office, page: Page, language: str
):
    office.start()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    sign_in(page, "edu1.proj")
    if language == "en":
        page.get_by_role("button", name="English").click()
    page.goto("/inbox?list=claimable")

    cell = page.locator("td", has_text="PRJ:A01:2026")
    name, code = cell.evaluate(
        """cell => [cell.firstChild, cell.querySelector("span").firstChild].map(text => {
            const range = document.createRange();
            range.selectNodeContents(text);
            return range.getBoundingClientRect().left;
        })"""
    )
    label = cell.evaluate("cell => cell.getBoundingClientRect().left")

    assert name == code > label + 60
    expect(page.get_by_role("table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
