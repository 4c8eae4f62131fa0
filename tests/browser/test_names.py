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


#: Labels beside shapes and lines that a line runs through, or that another label stands on. The ink of a line of text
#: is a third less high than the line.
CROSSED = """async (xml) => {
  const viewer = new BpmnJS({ container: document.body });
  await viewer.importXML(xml);
  const registry = viewer.get("elementRegistry");
  const { e: left, f: top } = document.querySelector(".viewport").getScreenCTM();
  const ink = (each) => [...registry.getGraphics(each).querySelectorAll("tspan")].map((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    const box = range.getBoundingClientRect();
    const [x, y, cut] = [box.left - left, box.top - top, box.height / 6];
    return { x, y: y + cut, right: x + box.width, bottom: y + box.height - cut };
  });
  const points = (line) => {
    const path = registry.getGraphics(line).querySelector(".djs-visual > path");
    return [...Array(Math.floor(path.getTotalLength())).keys()].map((along) => path.getPointAtLength(along));
  };
  const named = (each) => ({ name: each.businessObject.name, ink: ink(each) });
  const labels = registry.filter((each) => each.labelTarget).map(named);
  const lines = registry.filter((each) => each.waypoints).map((each) => ({ name: each.id, points: points(each) }));
  const isIn = (box, at) => box.x < at.x && at.x < box.right && box.y < at.y && at.y < box.bottom;
  const isBeside = (box, other) => box.right <= other.x || other.right <= box.x;
  const isOn = (box, other) => !isBeside(box, other) && box.y < other.bottom && other.y < box.bottom;
  const found = [];
  for (const [number, label] of labels.entries()) {
    for (const line of lines)
      if (label.ink.some((box) => line.points.some((at) => isIn(box, at)))) found.push(`${label.name} / ${line.name}`);
    for (const other of labels.slice(number + 1))
      if (label.ink.some((box) => other.ink.some((its) => isOn(box, its)))) found.push(`${label.name} / ${other.name}`);
  }
  return found;
}"""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", sorted(LOOP.glob("*.bpmn")), ids=lambda path: path.stem)
def test_no_line_runs_through_a_label_of_the_shipped_diagrams(page: Page, path: Path, language: str) -> None:
    page.set_content("<body style='width:2000px;height:1000px'></body>")
    page.add_script_tag(path=VIEWER)

    assert page.evaluate(CROSSED, drawn_in(path.read_bytes(), language).decode()) == []
