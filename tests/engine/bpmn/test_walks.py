"""Random walks find their way through a process, and the values that decide in it."""

from __future__ import annotations

import random
from decimal import Decimal

from engine.bpmn.opinion.cases import Case, Showing
from engine.bpmn.opinion.choices import choices
from engine.bpmn.opinion.stage import play
from engine.bpmn.opinion.verdict import Outcome
from engine.bpmn.opinion.walks import Walker
from engine.bpmn.second_opinion import second_opinion
from tests.engine.bpmn.diagrams import flow, graph, line, process

XML = process(
    '<startEvent id="s"/><userTask id="u"/><exclusiveGateway id="g" default="g-c"/><userTask id="a"/><userTask id="b"/>'
    '<userTask id="c"/>'
    + flow("s", "u")
    + flow("u", "g")
    + flow("g", "a", "result.level = &quot;red&quot;")
    + flow("g", "b", "amount &gt; 10 and not(late)")
    + flow("g", "c")
)


def walks(xml: bytes, number: int = 20, **variables: object) -> list[tuple[Case, Showing]]:
    found = graph(xml)
    return [
        Walker({found.key: found}, found.key, random.Random(seed), variables).walk(str(seed)) for seed in range(number)
    ]


def test_conditions_tell_which_values_decide() -> None:
    found = choices([graph(XML)])

    assert found.keys() == {"result", "amount", "late"}
    assert found["result"].parts["level"].values == ["red", "not red"]
    assert found["amount"].values == [Decimal(10), Decimal(9), Decimal(11)]
    assert found["late"].values == [True, False]


def test_walks_come_through_every_branch_and_both_engines_agree_on_them() -> None:
    played = walks(XML)

    assert {step.element_id for case, _ in played for step in case.steps} == {"u", "a", "b", "c"}  # type: ignore[union-attr]
    verdict = second_opinion(XML, [case for case, _ in played], stage=play)
    assert {each.outcome for each in verdict.cases} == {Outcome.AGREES}


def test_what_is_fixed_is_never_changed() -> None:
    cases = [case for case, _ in walks(XML, late=True)]

    assert all(case.variables["late"] is True for case in cases)
    assert all("late" not in step.variables for case in cases for step in case.steps)  # type: ignore[union-attr]


def test_a_walk_ends_before_what_cannot_be_compared() -> None:
    cycle = "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"
    xml = process(line('<userTask id="u"/>', f'<intermediateCatchEvent id="c">{cycle}</intermediateCatchEvent>'))

    assert {case.steps for case, _ in walks(xml, 3)} == {()}


def test_a_loop_without_rest_ends_the_walk() -> None:
    xml = process('<startEvent id="s"/><task id="t"/>' + flow("s", "t") + flow("t", "t", name="again"))

    (case, showing), *_ = walks(xml, 1)
    (verdict,) = second_opinion(xml, [case], stage=play).cases

    assert showing.sights[-1].state == "failed"
    assert verdict.outcome is Outcome.NOT_COMPARABLE


def test_called_processes_services_and_decisions_answer_what_conditions_ask_for() -> None:
    xml = process(
        line(
            '<callActivity id="c" calledElement="absent"><extensionElements><camunda:out source="outcome" '
            'target="assessment"/></extensionElements></callActivity>',
            '<businessRuleTask id="r" camunda:decisionRef="R1" camunda:mapDecisionResult="singleEntry" '
            'camunda:resultVariable="level"/>',
            '<exclusiveGateway id="g" default="g-e"/>',
        )
        + '<userTask id="yes"/>'
        + flow("g", "yes", "assessment = &quot;supported&quot; and level = &quot;green&quot;")
    )
    ways = {showing.sights[0].user_tasks for _, showing in walks(xml)}

    assert ways == {("yes",), ()}
