"""A called process that nobody had anything to do in is not told of like one that people worked in."""

from __future__ import annotations

import pytest

from engine.commands import DeployDefinitions
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office

#: start -> call of `counting` -> measure -> end
CALLING = bpmn(
    "measures",
    '<startEvent id="start"/><callActivity id="count" name="计数" calledElement="counting"/>'
    + user_task(
        "measure", groups="project_owner", attributes='camunda:formKey="measure" camunda:dueDate="5WD"'
    ).replace('name="measure"', 'name="填报纠偏措施"')
    + '<endEvent id="end"/>'
    + flows("start count", "count measure", "measure end"),
)
QUICK = bpmn("counting", '<startEvent id="start"/><endEvent id="end"/>' + flows("start end"))
SLOW = bpmn(
    "counting",
    '<startEvent id="start"/>'
    + user_task("look", groups="project_owner").replace('name="look"', 'name="核对次数"')
    + '<endEvent id="end"/>'
    + flows("start look", "look end"),
)


@pytest.mark.parametrize(("called", "is_told"), [(QUICK, False), (SLOW, True)], ids=["nobody's", "somebody's"])
def test_a_process_that_came_and_went_in_one_step_has_no_lines_and_no_diagram(
    office: Office, called: bytes, is_told: bool
) -> None:
    files = {"measures.bpmn": CALLING, "counting.bpmn": called}
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files=files))
    instance_id = office.start()

    page = office.reader("edu1.proj").get(f"/instances/{instance_id}").text

    assert page.count("data-diagram=") == (2 if is_told else 1)
    assert ("counting" in page) is is_told
