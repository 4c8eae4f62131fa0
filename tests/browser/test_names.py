"""The drawn diagram speaks the reader's language, and its texts fit into their boxes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from engine.bpmn import drawn_in
from engine.commands import DeployDefinitions
from tests.api.district import PASSWORD
from tests.browser.conftest import NARROW, WIDE
from tests.web.office import DESIGNER, Office
from tests.web.test_names import IN_BOTH


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_english_reader_sees_an_english_diagram(page: Page, office: Office, size: dict[str, int]) -> None:
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"measures.bpmn": IN_BOTH}))
    instance_id = office.start()
    page.set_viewport_size(size)
    page.goto("/login?language=en")
    page.fill('input[name="account"]', "edu1.proj")
    page.fill('input[name="password"]', PASSWORD)
    page.press('input[name="password"]', "Enter")
    page.wait_for_url("**/inbox*")

    page.goto(f"/instances/{instance_id}")
    page.locator(".diagram").scroll_into_view_if_needed()
    page.wait_for_selector('.diagram[data-shown="yes"]')

    texts = " ".join(page.locator(".diagram .djs-label").all_text_contents())
    assert "Fill in the" in texts and "Review the" in texts
    assert "措施" not in texts


LOOP = Path(__file__).parents[2] / "processes" / "budget_performance"
VIEWER = Path(__file__).parents[2] / "node_modules" / "bpmn-js" / "dist" / "bpmn-viewer.production.min.js"
#: Labels beside shapes and lines of which the viewer breaks a word to fit it in.
BROKEN = """async (xml) => {
  const viewer = new BpmnJS({ container: document.body });
  await viewer.importXML(xml);
  const registry = viewer.get("elementRegistry");
  const words = (text) => text.trim().split(/[ -]+/).filter(Boolean);
  const isBroken = (each) => {
    const lines = [...registry.getGraphics(each).querySelectorAll("tspan")].map((line) => line.textContent);
    const whole = words(each.businessObject.name);
    return lines.length === 0 || lines.flatMap(words).some((word) => !whole.includes(word));
  };
  return registry.filter((each) => each.labelTarget).filter(isBroken).map((each) => each.businessObject.name);
}"""


@pytest.mark.parametrize("path", sorted(LOOP.glob("*.bpmn")), ids=lambda path: path.stem)
def test_no_word_of_the_shipped_diagrams_is_broken(page: Page, path: Path) -> None:
    page.set_content("<body style='width:2000px;height:1000px'></body>")
    page.add_script_tag(path=VIEWER)

    assert page.evaluate(BROKEN, drawn_in(path.read_bytes(), "en").decode()) == []
