"""Forms on a telephone, and cells that hold many words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import open_measure, sign_in
from tests.web.office import Office


def test_every_cell_of_a_table_is_in_sight_without_scrolling_sideways_and_says_what_it_is(office: Office, page: Page):
    office.start()
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    sign_in(page, "edu1.proj")
    open_measure(page)

    for name in ("rows/0/text", "rows/0/share"):
        cell = page.locator(f'[name="{name}"]')
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"]
        label = cell.evaluate("input => getComputedStyle(input.closest('td'), '::before').content")
        assert label == cell.evaluate("input => JSON.stringify(input.closest('td').dataset.label)")
    expect(page.locator('table[data-rows="rows"] thead')).to_be_hidden()


def test_a_cell_of_a_record_grows_with_its_words_when_they_are_typed(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)
    # a table of more columns is drawn so
    page.locator("table.rows").evaluate("table => table.classList.add('records')")
    person = page.locator('[name="rows/0/person"]')
    before = person.bounding_box()

    person.fill("示范一中教务处负责人、总务处负责人共同负责")
    person.press("Tab")

    after = person.bounding_box()
    assert before is not None and after is not None and after["width"] > 2 * before["width"]
    assert person.evaluate("input => input.scrollWidth <= input.clientWidth")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_the_bar_at_the_bottom_never_covers_the_field_that_has_the_focus(
    office: Office, page: Page, size: dict[str, int]
):
    office.start()
    page.set_viewport_size({**size, "height": 420})  # type: ignore[arg-type]
    sign_in(page, "edu1.proj")
    open_measure(page)
    page.get_by_label("偏差原因").focus()

    covered: list[str] = []
    for key in ("Tab", "Shift+Tab"):
        for _ in range(14):
            page.keyboard.press(key)
            covered += page.evaluate(
                """() => {
                    const field = document.activeElement, bar = document.querySelector(".actions");
                    if (!field.name || bar.contains(field)) return [];
                    const isUnder = field.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
                    return isUnder ? [field.name] : [];
                }"""
            )

    assert covered == []
