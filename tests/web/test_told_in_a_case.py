"""What the page of a case calls messages and the processes it has called."""

from __future__ import annotations

import pytest

from engine.commands import CorrelateMessage, DeployDefinitions
from engine.scheduler import run_due_work
from tests.doubles import OPERATOR
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office

NAME_EN = (
    '<extensionElements><camunda:properties><camunda:property name="name.en" value="{0}"/></camunda:properties>'
    "</extensionElements>"
)
#: start -> wait for `budget.open` -> two rounds, each with somebody at work
LOOP = bpmn(
    "measures",
    '<startEvent id="start"/><intermediateCatchEvent id="await" name="等待布置">'
    + NAME_EN.format("Wait for the campaign")
    + '<messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    '<callActivity id="rounds" name="监控" calledElement="round"><extensionElements>'
    '<camunda:in businessKey="= &quot;MON-&quot; + string(loopCounter)"/></extensionElements>'
    '<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>'
    '</callActivity><endEvent id="end"/>' + flows("start await", "await rounds", "rounds end"),
    outside='<message id="m" name="budget.open"/>',
)  # fmt: skip
ROUND = bpmn(
    "round",
    '<startEvent id="start"/>' + user_task("look", groups="project_owner") + '<endEvent id="end"/>'
    + flows("start look", "look end"),
)  # fmt: skip


@pytest.fixture
def path(office: Office) -> str:
    """A case that has got its message and called its rounds."""
    files = {"measures.bpmn": LOOP, "round.bpmn": ROUND}
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files=files))
    instance_id = office.start()
    told = CorrelateMessage(actor=OPERATOR, name="budget.open", correlation_key="PRJ:A01:2026")
    office.dispatcher.dispatch(told)
    run_due_work(office.dispatcher)
    return f"/instances/{instance_id}"


@pytest.mark.parametrize(
    ("language", "line"), [("zh", "收到消息：等待布置<"), ("en", "Message received: Wait for the campaign<")]
)
def test_a_message_is_named_by_the_event_that_took_it(office: Office, path: str, language: str, line: str) -> None:
    assert line in office.reader("edu1.proj", language=language).get(path).text


@pytest.mark.parametrize(("language", "name"), [("zh", "round（MON-{0}）"), ("en", "round (MON-{0})")])
def test_called_processes_of_one_kind_are_told_apart(office: Office, path: str, language: str, name: str) -> None:
    page = office.reader("edu1.proj", language=language).get(path).text

    for number in (1, 2):
        assert f"{name.format(number)}</h2>" in page
    assert "（PRJ:A01:2026）" not in page and "(PRJ:A01:2026)" not in page
