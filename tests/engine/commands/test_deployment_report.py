"""Whoever deploys is told before anything runs what would go wrong: names that nobody supplies, and those not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from engine.bpmn import KnownNames
from engine.bpmn.opinion.stage import play
from engine.commands import DeployDefinitions
from engine.commands.handed_in import RefusedDeployment
from engine.model.errors import NotPermitted
from engine.queries import definition_detail, definitions, deployments
from engine.store.database import write_transaction
from engine.store.settings_rows import Setting, put_settings
from tests.doubles import OPERATOR, collaborators, person
from tests.house import House, bpmn, flows, properties, user_task

#: What the house of these tests knows beside what is deployed.
NAMES = KnownNames(
    forms=frozenset({"F-01"}),
    roles=frozenset({"clerk"}),
    clauses=frozenset({"S-27"}),
    thrown_messages=frozenset({"budget.open"}),
)
FIRST = date(2026, 1, 1)
ROWS: dict[str, Any] = {"due.review": {}, "ladder.standard": []}
DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://example.org/dmn">
  <decision id="grade" name="等级"><variable id="v" name="grade"/>
    <literalExpression id="e"><text>1</text></literalExpression></decision>
</definitions>
""".encode()


TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://example.org/dmn">
  <inputData id="in" name="score"/>
  <decision id="grade" name="等级">{requirement}<decisionTable id="t">
    <input id="column"><inputExpression id="e" typeRef="number"><text>scores</text></inputExpression></input>
    <output id="o" name="grade" typeRef="string"/>
    <rule id="r"><inputEntry id="i"><text>&gt; 1</text></inputEntry><outputEntry id="a"><text>"A"</text></outputEntry>
    </rule></decisionTable></decision>
</definitions>
"""
REQUIRED = '<informationRequirement id="q"><requiredInput href="#in"/></informationRequirement>'


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    """A house that looks at names; it has the service "ledger.register" and the deadline "due.review"."""
    ports = replace(collaborators(services={"ledger.register": lambda call: {}}), names=NAMES)
    made = House.at(database_url, ports)
    with write_transaction(made.database) as connection:
        rows = [Setting(key=key, value=value, valid_from=FIRST) for key, value in ROWS.items()]
        put_settings(connection, "default", rows)
    yield made
    made.close()


def step(inside: str, key: str = "p") -> bytes:
    """start -> x -> end."""
    return bpmn(key, f'<startEvent id="start"/>{inside}<endEvent id="end"/>' + flows("start x", "x end"))


def clerk(attributes: str = 'camunda:dueDate="due.review" camunda:formKey="F-01"', **extra: str) -> str:
    inside = properties(**extra) if extra else ""
    return user_task("x", attributes=attributes, inside=inside)


def call(key: str) -> str:
    return f'<callActivity id="x" calledElement="{key}"/>'


def decide(key: str) -> str:
    return f'<businessRuleTask id="x" camunda:decisionRef="{key}" camunda:resultVariable="grade"/>'


def serve(name: str) -> str:
    return f'<serviceTask id="x" implementation="{name}"/>'


def told(answer: object) -> list[tuple[str, str, str]]:
    """Severity, code and element of each line of the report."""
    return [(each["severity"], each["code"], each["element_id"]) for each in answer.report]  # type: ignore[attr-defined]


def test_what_is_known_is_not_mentioned(house: House) -> None:
    house.deploy(callee=step(clerk(), "callee"), grade_dmn=DECISION)

    for inside in (clerk(clause="S-27"), call("callee"), decide("grade"), serve("ledger.register")):
        assert told(house.deploy(p=step(inside))) == []


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (clerk('camunda:dueDate="5WD" camunda:formKey="F-99"'), "lint-unknown-form"),
        (clerk().replace('"clerk"', '"clerk,treasurer@21"'), "lint-unknown-role"),
        (decide("R99"), "lint-unknown-decision"),
        (call("nowhere"), "lint-unknown-process"),
        (clerk(clause="S-99"), "lint-unknown-clause"),
    ],
)
def test_what_may_still_be_brought_is_a_warning_and_the_version_is_there(house: House, inside: str, code: str) -> None:
    answer = house.deploy(p=step(inside))

    assert told(answer) == [("warning", code, "x")]
    (line,) = answer.report
    assert (line["resource"], bool(line["mend"])) == ("p.bpmn", True)
    assert house.ask(definition_detail, OPERATOR, "p").report == [
        {name: value for name, value in line.items() if name != "resource"}
    ]


@pytest.mark.parametrize(
    ("requirement", "line"),
    [("", ("info", "dmn-reads-undeclared", "column")), (REQUIRED, ("warning", "dmn-undeclared-name", "column"))],
)
def test_a_table_that_reads_what_it_does_not_declare_is_told(
    house: House, requirement: str, line: tuple[str, str, str]
) -> None:
    answer = house.deploy(grade_dmn=TABLE.format(requirement=requirement).encode())

    assert told(answer) == [line]
    assert answer.report[0]["resource"] == "grade.dmn"


@pytest.mark.parametrize(
    ("inside", "code", "facts"),
    [
        (serve("ledger.none"), "lint-unknown-service", {"service": "ledger.none"}),
        (clerk('camunda:dueDate="due.nobody" camunda:formKey="F-01"'), "lint-unknown-deadline", {"key": "due.nobody"}),
        (clerk(ladder="Standard"), "lint-unknown-ladder", {"ladder": "Standard", "known": "none, standard"}),
        (clerk().replace("candidateGroups", "followUpDate").replace('"clerk"', '"5WD"'), "lint-nobody", {}),
    ],
)
def test_what_nobody_can_ever_supply_refuses_the_deployment(
    house: House, inside: str, code: str, facts: dict[str, str]
) -> None:
    with pytest.raises(RefusedDeployment) as refusal:
        house.deploy(p=step(inside), callee=step(clerk(), "callee"))

    (fault,) = refusal.value.faults
    assert (fault["code"], fault["path"], fault["facts"]) == (code, "p.bpmn#x", facts)
    assert house.deploy(callee=step(clerk(), "callee")).definitions[0]["version"] == 1


def test_files_of_one_deployment_know_one_another_and_those_deployed_before(house: House) -> None:
    together = house.deploy(p=step(call("callee")), callee=step(clerk(), "callee"))
    later = house.deploy(q=step(call("p"), "q"))

    assert (told(together), told(later)) == ([], [])


def test_a_message_is_known_once_a_deployed_process_or_a_program_sends_it(house: House) -> None:
    declared = '<message id="m" name="{0}"/>'
    receiver = bpmn(
        "p", '<startEvent id="start"/><receiveTask id="x" messageRef="m"/>' + flows("start x"), outside=declared
    )
    sender = bpmn(
        "q", '<startEvent id="start"/><sendTask id="x" messageRef="m"/>' + flows("start x"), outside=declared
    ).replace(b"{0}", b"paid")
    waiting = receiver.replace(b"{0}", b"paid")

    assert told(house.deploy(p=receiver.replace(b"{0}", b"budget.open"))) == []
    assert told(house.deploy(p=waiting)) == [("warning", "lint-message-not-thrown", "x")]
    house.deploy(q=sender)
    assert told(house.deploy(p=waiting.replace(b'name="p"', b'name="P"'))) == []


def test_a_house_that_gives_no_names_looks_at_none(database_url: str) -> None:
    house = House.at(database_url)

    assert told(house.deploy(p=step(serve("ledger.none")))) == []
    house.close()


def test_who_may_not_deploy_is_not_told_about_the_files(house: House) -> None:
    with pytest.raises(NotPermitted, match="'deploy'"):
        house.dispatcher.dispatch(DeployDefinitions(actor=person("li.wei"), files={"p.bpmn": b"<no"}))


def test_a_request_that_comes_again_gets_its_answer_whatever_has_changed_since(house: House) -> None:
    command = DeployDefinitions(actor=OPERATOR, files={"p.bpmn": step(clerk())})
    first = house.dispatcher.dispatch(command, "key-1")
    with write_transaction(house.database) as connection:
        connection.exec_driver_sql("DELETE FROM setting")

    assert house.dispatcher.dispatch(command, "key-1") == first
    with pytest.raises(RefusedDeployment):
        house.dispatcher.dispatch(command, "key-2")


# --- trying out -------------------------------------------------------------------------------------------------------

GOES = '[[case]]\nname = "straight"\nsteps = [{ complete = "x" }]\nexpect = { user_tasks = ["x"], end = "end" }\n'


class CountingStage:
    """Plays in this process, and counts how often it is asked. `answer_with` may falsify what was seen."""

    def __init__(self, answer_with: Callable[[list[Any]], None] = lambda answers: None) -> None:
        self.asked = 0
        self.answer_with = answer_with

    def __call__(self, request: dict[str, Any]) -> list[Any]:
        self.asked += 1
        answers = play(request)
        self.answer_with(answers)
        return answers


def lying(answers: list[Any]) -> None:
    """Says that something else waits first."""
    for answer in answers:
        answer["showing"]["sights"][0][0] = ["elsewhere"]


def house_with(database_url: str, stage: Any) -> House:
    return House.at(database_url, replace(collaborators(), opinion_stage=stage))


def deploy(house: House, cases: str | None = None, xml: bytes | None = None) -> Any:
    files = {"p.bpmn": xml or step(clerk())}
    if cases is not None:
        files["p.cases.toml"] = cases.encode()
    return house.dispatcher.dispatch(DeployDefinitions(actor=OPERATOR, files=files))


def test_cases_are_played_told_and_kept_beside_the_diagram(database_url: str) -> None:
    house = house_with(database_url, CountingStage())

    answer = deploy(house, GOES)

    assert told(answer) == [
        ("info", "case-passes", "p"),
        ("info", "opinion-agrees", "p"),
        ("info", "opinion-walked", "p"),
    ]
    assert [each.files for each in house.ask(deployments, OPERATOR).items] == [("p.bpmn", "p.cases.toml")]
    assert [entry["code"] for entry in house.ask(definition_detail, OPERATOR, "p").report] == [
        "case-passes", "opinion-agrees", "opinion-walked",
    ]  # fmt: skip
    house.close()


def test_a_case_that_goes_otherwise_refuses_the_deployment_even_where_nobody_is_asked(database_url: str) -> None:
    house = house_with(database_url, None)

    with pytest.raises(RefusedDeployment) as refusal:
        deploy(house, GOES.replace('end = "end"', 'end = "end", state = "running"'))

    (fault,) = refusal.value.faults
    assert (fault["code"], fault["path"]) == ("case-expectation", "p.bpmn#p")
    assert fault["facts"] == {"case": "straight", "subject": "state", "expected": "running", "found": "ended"}
    assert told(deploy(house, GOES)) == [("info", "case-passes", "p")]
    house.close()


def test_a_difference_between_the_engines_refuses_the_deployment(database_url: str) -> None:
    house = house_with(database_url, CountingStage(lying))

    with pytest.raises(RefusedDeployment) as refusal:
        deploy(house)

    (fault,) = refusal.value.faults
    assert (fault["code"], fault["path"]) == ("opinion-differs", "p.bpmn#elsewhere")
    assert house.ask(definitions, OPERATOR) == []
    house.close()


def test_what_is_unchanged_is_not_tried_again(database_url: str) -> None:
    stage = CountingStage()
    house = house_with(database_url, stage)
    deploy(house)
    first = stage.asked

    again = deploy(house)
    changed = deploy(house, xml=step(clerk()).replace(b'name="x"', b'name="X"'))

    assert (first, told(again), stage.asked) == (1, [], 2)
    assert (again.definitions[0]["new"], changed.definitions[0]["new"]) == (False, True)
    house.close()


def test_nobody_is_locked_out_while_a_diagram_is_tried(database_url: str) -> None:
    """A stage that writes to the same database would wait for ever if the deployment held its lock."""

    def writing(request: dict[str, Any]) -> list[Any]:
        with write_transaction(house.database) as connection:
            put_settings(connection, "default", [Setting(key="due.x", value={}, valid_from=date(2026, 1, 1))])
        return play(request)

    house = house_with(database_url, writing)

    assert deploy(house).definitions[0]["new"]
    house.close()


def test_faulty_files_are_not_tried(database_url: str) -> None:
    stage = CountingStage()
    house = House.at(database_url, replace(collaborators(), names=NAMES, opinion_stage=stage))

    with pytest.raises(RefusedDeployment):
        house.deploy(p=step(serve("ledger.none")))

    assert stage.asked == 0
    house.close()


def test_cases_without_their_diagram_are_refused(house: House) -> None:
    with pytest.raises(RefusedDeployment) as refusal:
        house.dispatcher.dispatch(DeployDefinitions(actor=OPERATOR, files={"q.cases.toml": GOES.encode()}))

    assert [(fault["code"], fault["path"]) for fault in refusal.value.faults] == [
        ("cases-without-diagram", "q.cases.toml")
    ]
