"""Which version a call or a decision takes: the latest one unless the diagram binds it otherwise; both bind alike."""

from __future__ import annotations

import pytest

from engine.queries import user_task_detail
from tests.doubles import person
from tests.house import House, bpmn, flows, user_task

LI = person("li.wei", "clerk@21")


def caller(binding: str = "", name: str = "wait") -> bytes:
    """start -> wait -> decide -> call."""
    attributes = {"": ("", "")}.get(
        binding, (f'camunda:decisionRefBinding="{binding}"', f'camunda:calledElementBinding="{binding}"')
    )
    return bpmn(
        "caller",
        '<startEvent id="s"/>'
        + user_task("wait").replace('name="wait"', f'name="{name}"')
        + '<businessRuleTask id="decide" camunda:decisionRef="grade" camunda:mapDecisionResult="singleEntry" '
        f'camunda:resultVariable="grade" {attributes[0]}/>'
        f'<callActivity id="call" calledElement="callee" {attributes[1]}><extensionElements>'
        '<camunda:in source="grade" target="grade"/></extensionElements></callActivity>'
        + flows("s wait", "wait decide", "decide call"),
    )


def callee(step: str) -> bytes:
    return bpmn("callee", '<startEvent id="s"/>' + user_task(step) + flows(f"s {step}"))


def grade(answer: str) -> bytes:
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">'
        '<decision id="grade" name="grade"><variable id="v" name="grade"/>'
        f'<literalExpression id="e"><text>"{answer}"</text></literalExpression></decision></definitions>'
    ).encode()


def reached(house: House, user_task_id: str) -> tuple[str, object]:
    """What the called process opens when the caller goes on, and the grade it was given."""
    moved = house.complete(LI, house.claim(LI, user_task_id).user_task_id or "")
    (opened,) = moved.opened_user_tasks
    detail = house.ask(user_task_detail, LI, opened)
    return detail.user_task.element_id, detail.variables["grade"]


@pytest.fixture
def house(database_url: str):
    made = House.at(database_url)
    yield made
    made.close()


@pytest.mark.parametrize("binding", ["", "latest"])
def test_a_running_process_takes_what_is_newest_when_it_gets_there(house: House, binding: str) -> None:
    house.deploy(caller=caller(binding), callee=callee("old"), grade_dmn=grade("A"))
    (waiting,) = house.start("caller").opened_user_tasks
    house.deploy(callee=callee("new"), grade_dmn=grade("B"))

    assert reached(house, waiting) == ("new", "B")


def test_one_changed_file_of_a_package_is_called_by_the_unchanged_ones(house: House) -> None:
    house.deploy(caller=caller(), callee=callee("old"), grade_dmn=grade("A"))
    again = house.deploy(caller=caller(), callee=callee("new"), grade_dmn=grade("A"))
    (waiting,) = house.start("caller").opened_user_tasks

    assert {each["key"]: each["new"] for each in again.definitions} == {"caller": False, "callee": True, "grade": False}
    assert reached(house, waiting) == ("new", "A")


def test_what_is_bound_to_its_deployment_stays_with_it_until_the_caller_is_deployed_anew(house: House) -> None:
    house.deploy(caller=caller("deployment"), callee=callee("old"), grade_dmn=grade("A"))
    (waiting,) = house.start("caller").opened_user_tasks
    house.deploy(callee=callee("new"), grade_dmn=grade("B"))
    (started_later,) = house.start("caller").opened_user_tasks
    house.deploy(caller=caller("deployment", name="Wait"))
    (of_the_new_version,) = house.start("caller").opened_user_tasks

    assert reached(house, waiting) == ("old", "A")
    assert reached(house, started_later) == ("old", "A")
    assert reached(house, of_the_new_version) == ("new", "B")
