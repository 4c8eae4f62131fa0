"""The second opinion agrees where both engines are right, says so where they cannot be compared, and finds faults."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn.opinion import child
from engine.bpmn.opinion.cases import Answer, Broadcast, Case, Complete, Pass, Raises, Receive, Step
from engine.bpmn.opinion.stage import play
from engine.bpmn.opinion.verdict import Outcome
from engine.bpmn.second_opinion import Opinion, second_opinion
from engine.feel import FeelFunction
from tests.engine.bpmn.diagrams import flow, line, process

ROOTS = (
    '<message id="M" name="hello"/><signal id="S" name="stop"/><error id="E" errorCode="E-1"/>'
    '<escalation id="X" escalationCode="late"/>'
)
DAY = timedelta(days=1)


def timer(text: str) -> str:
    return f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"


def boundary(host: str, definition: str, identifier: str = "b", interrupting: str = "true") -> str:
    after = f"{identifier}_after"
    return (
        f'<boundaryEvent id="{identifier}" attachedToRef="{host}" cancelActivity="{interrupting}">{definition}'
        f'</boundaryEvent><userTask id="{after}"/>{flow(identifier, after)}'
    )


def verdict_on(xml: bytes, *steps: Step, called: tuple[bytes, ...] = (), answers: Any = None, **variables: Any) -> str:
    """ "agrees", or the outcome with its reason."""
    values = {name: Decimal(value) if type(value) is int else value for name, value in variables.items()}
    given: dict[str, tuple[Answer, ...]] = answers or {}
    case = Case(name="case", variables=values, steps=steps, answers=given)
    (found,) = second_opinion(xml, [case], called=called, stage=play).cases
    return found.outcome.value + (f": {found.reason}" if found.reason else "")


def test_a_condition_with_a_function_of_the_house_cannot_be_compared_but_is_no_fault() -> None:
    half = FeelFunction(name="half of", parameters=("n: number",), implementation=lambda n: n / 2)
    xml = process(
        '<startEvent id="Start"/><exclusiveGateway id="g" default="g-End"/><userTask id="a"/><endEvent id="End"/>'
        + flow("Start", "g")
        + flow("g", "a", "half of(n) &gt; 2")
        + flow("g", "End")
        + flow("a", "End")
    )
    opinion = Opinion([xml], {half.name: half}, play)
    (found,) = opinion.on([Case(name="case", variables={"n": Decimal(6)}, steps=(Complete("a"),))])

    assert found.outcome is Outcome.NOT_COMPARABLE
    assert "half of" in found.reason
    assert len(opinion.walked_cases(None, 2)) == 2


def test_people_choose_and_both_engines_go_the_same_way() -> None:
    xml = process(
        '<startEvent id="Start"/><userTask id="u"/><exclusiveGateway id="g" default="g-End"/><userTask id="a"/>'
        '<endEvent id="End"/>'
        + flow("Start", "u")
        + flow("u", "g")
        + flow("g", "a", "grade = &quot;A&quot;")
        + flow("g", "End")
        + flow("a", "End")
    )

    assert verdict_on(xml, Complete("u", {"grade": "A"}), Complete("a")) == "agrees"
    assert verdict_on(xml, Complete("u", {"grade": "B"})) == "agrees"
    assert verdict_on(xml, Complete("u", {})) == "agrees"


def test_branch_order_is_that_of_the_document_and_not_of_the_picture() -> None:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="0" y="{y}" width="1" height="1"/>'
        "</bpmndi:BPMNShape>"
        for name, y in (("a", 900), ("b", 100))
    )
    diagram = f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="p">{shapes}</bpmndi:BPMNPlane>'
    xml = process(
        '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/>'
        + flow("s", "g")
        + flow("g", "a", "n &gt; 1")
        + flow("g", "b", "n &gt; 0")
    ).replace(b"</definitions>", f"{diagram}</bpmndi:BPMNDiagram></definitions>".encode())

    assert verdict_on(xml, Complete("a"), n=5) == "agrees"


def test_both_fail_where_no_way_leads_out_of_a_gateway() -> None:
    xml = process(
        '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/>'
        + flow("s", "g")
        + flow("g", "a", "n = 1")
        + flow("g", "b", "n = 2")
    )

    assert verdict_on(xml, n=3) == "agrees"


def test_timers_interrupt_or_run_beside_their_host() -> None:
    xml = process(line('<userTask id="u"/>') + boundary("u", timer("5WD")) + boundary("u", timer("P1D"), "c", "false"))

    assert verdict_on(xml, Pass(2 * DAY), Complete("c_after"), Pass(4 * DAY), Complete("b_after")) == "agrees"
    assert verdict_on(xml, Complete("u")) == "agrees"


def test_timers_fire_in_the_order_of_their_instants() -> None:
    wait = '<intermediateCatchEvent id="{0}">{1}</intermediateCatchEvent>'
    xml = process(line(wait.format("w", timer("P1D")), wait.format("x", timer("PT24H")), '<userTask id="u"/>'))

    assert verdict_on(xml, Pass(DAY), Pass(DAY), Complete("u")) == "agrees"
    assert verdict_on(xml, Pass(2 * DAY), Complete("u")) == "agrees"


def test_dates_and_timers_in_variables_are_waited_for() -> None:
    date = "<timerEventDefinition><timeDate>{0}</timeDate></timerEventDefinition>"
    wait = '<intermediateCatchEvent id="{0}">{1}</intermediateCatchEvent>'
    xml = process(line(wait.format("w", date.format("2026-01-06T10:00:00+08:00")), wait.format("x", timer("pause"))))

    assert verdict_on(xml, Pass(2 * DAY), Pass(DAY), pause="P1D") == "agrees"


def test_messages_signals_and_the_event_based_gateway() -> None:
    catch = '<intermediateCatchEvent id="{0}">{1}</intermediateCatchEvent>'
    xml = process(
        '<startEvent id="s"/><eventBasedGateway id="g"/>'
        + catch.format("m", '<messageEventDefinition messageRef="M"/>')
        + catch.format("t", timer("P1D"))
        + catch.format("x", '<signalEventDefinition signalRef="S"/>')
        + '<userTask id="after_m"/><userTask id="after_t"/><userTask id="after_x"/>'
        + flow("s", "g")
        + "".join(flow("g", name) + flow(name, f"after_{name}") for name in "mtx"),
        roots=ROOTS,
    )

    assert verdict_on(xml, Receive("hello", {"text": "hi"}), Complete("after_m")) == "agrees"
    assert verdict_on(xml, Pass(2 * DAY), Complete("after_t")) == "agrees"
    assert verdict_on(xml, Broadcast("stop"), Complete("after_x")) == "agrees"


def test_what_one_branch_throws_another_catches() -> None:
    xml = process(
        '<startEvent id="s"/><parallelGateway id="g"/><receiveTask id="r" messageRef="M"/><userTask id="u"/>'
        '<endEvent id="m"><messageEventDefinition messageRef="M"/></endEvent><userTask id="v"/>'
        + "".join(flow(*pair) for pair in ("sg", "gr", "gu", "um", "rv")),
        roots=ROOTS,
    )

    assert verdict_on(xml, Complete("u"), Complete("v")) == "agrees"


def test_signal_ends_and_links_go_where_they_point() -> None:
    """SpiffWorkflow's parser makes them plain events, so they are drawn out for it."""
    xml = process(
        '<startEvent id="s"/><parallelGateway id="g"/><intermediateCatchEvent id="c"><signalEventDefinition '
        'signalRef="S"/></intermediateCatchEvent><userTask id="u"/><endEvent id="e"><signalEventDefinition '
        'signalRef="S"/></endEvent><intermediateThrowEvent id="l"><linkEventDefinition name="L"/>'
        '</intermediateThrowEvent><intermediateCatchEvent id="k"><linkEventDefinition name="L"/>'
        '</intermediateCatchEvent><userTask id="v"/>'
        + "".join(flow(*pair) for pair in ("sg", "gc", "gu", "ue", "cl", "kv")),
        roots=ROOTS,
    )

    assert verdict_on(xml, Complete("u"), Complete("v")) == "agrees"


def test_errors_and_escalations_leave_a_sub_process() -> None:
    inner = (
        '<startEvent id="is"/><userTask id="u"/><endEvent id="ie">{0}</endEvent>' + flow("is", "u") + flow("u", "ie")
    )
    for definition, interrupting in (
        ('<errorEventDefinition errorRef="E"/>', "true"),
        ('<escalationEventDefinition escalationRef="X"/>', "true"),
        ('<escalationEventDefinition escalationRef="X"/>', "false"),
    ):
        xml = process(
            line(f'<subProcess id="sub">{inner.format(definition)}</subProcess>', '<userTask id="v"/>')
            + boundary("sub", definition, interrupting=interrupting),
            roots=ROOTS,
        )

        assert verdict_on(xml, Complete("u"), Complete("b_after")) == "agrees"


def test_a_cancelled_transaction_is_left_by_its_boundary_event() -> None:
    inner = (
        '<startEvent id="is"/><userTask id="u"/><userTask id="w"/><endEvent id="ie"><cancelEventDefinition/></endEvent>'
    )
    xml = process(
        line(
            f'<transaction id="t">{inner}{flow("is", "u")}{flow("is", "w")}{flow("u", "ie")}</transaction>',
            '<userTask id="v"/>',
        )
        + boundary("t", "<cancelEventDefinition/>")
    )

    assert verdict_on(xml, Complete("u"), Complete("b_after")) == "agrees"


def test_a_terminate_end_stops_everything_beside_it() -> None:
    xml = process(
        '<startEvent id="s"/><userTask id="u"/><userTask id="v"/>'
        '<endEvent id="e"><terminateEventDefinition/></endEvent>' + "".join(flow(*pair) for pair in ("su", "sv", "ue"))
    )

    assert verdict_on(xml, Complete("u")) == "agrees"


def test_several_and_conditional_flows_out_of_an_activity_are_taken_together() -> None:
    xml = process(
        '<startEvent id="s"/><userTask id="u" default="u-c"/><userTask id="a"/><userTask id="b"/><userTask id="c"/>'
        + flow("s", "u")
        + flow("u", "a", "n &gt; 1")
        + flow("u", "b", "n &gt; 2")
        + flow("u", "c")
    )

    assert verdict_on(xml, Complete("u", {"n": Decimal(3)}), Complete("b"), Complete("a")) == "agrees"
    assert verdict_on(xml, Complete("u", {"n": Decimal(0)}), Complete("c")) == "agrees"


def test_a_non_interrupting_event_sub_process_runs_beside() -> None:
    xml = process(
        line('<userTask id="u"/>')
        + '<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false">'
        '<messageEventDefinition messageRef="M"/></startEvent><userTask id="w"/></subProcess>'.replace(
            "</subProcess>", flow("ws", "w") + "</subProcess>"
        ),
        roots=ROOTS,
    )

    assert verdict_on(xml, Receive("hello"), Complete("w"), Complete("u")) == "agrees"


def test_multi_instance_gives_every_child_its_element_and_collects_in_order() -> None:
    properties = (
        '<extensionElements><camunda:properties><camunda:property name="outputCollection" value="scores"/>'
        '<camunda:property name="outputElement" value="score"/></camunda:properties></extensionElements>'
    )
    many = (
        '<userTask id="rate">{0}<multiInstanceLoopCharacteristics isSequential="{1}" camunda:collection="experts" '
        'camunda:elementVariable="expert">{2}</multiInstanceLoopCharacteristics></userTask>'
    )
    steps = tuple(Complete("rate", {"score": Decimal(number)}) for number in range(3))
    enough = "<completionCondition>nrOfCompletedInstances = 2</completionCondition>"
    experts = ["a", "b", "c"]

    for sequential in ("true", "false"):
        whole = process(line(many.format(properties, sequential, ""), '<userTask id="u"/>'))
        partly = process(line(many.format(properties, sequential, enough), '<userTask id="u"/>'))
        assert verdict_on(whole, *steps, Complete("u"), experts=experts) == "agrees"
        assert verdict_on(partly, *steps[:2], Complete("u"), experts=experts) == "agrees"
        assert verdict_on(whole, Complete("u"), experts=[]) == "agrees"


def test_a_standard_loop_goes_round_while_its_condition_holds() -> None:
    condition = "<loopCondition>n &lt; 3</loopCondition>"
    loop = '<standardLoopCharacteristics testBefore="{0}">' + condition + "</standardLoopCharacteristics>"
    after = process(line(f'<userTask id="u">{loop.format("false")}</userTask>'))
    before = process(line(f'<userTask id="u">{loop.format("true")}</userTask>'))

    assert verdict_on(after, Complete("u", {"n": Decimal(2)}), Complete("u", {"n": Decimal(3)}), n=9) == "agrees"
    assert verdict_on(before, n=9) == "agrees"


def test_loops_in_the_diagram_may_go_round() -> None:
    xml = process(
        '<startEvent id="s"/><userTask id="u"/><scriptTask id="c"><script>{n: n + 1}</script></scriptTask>'
        '<exclusiveGateway id="g"/><endEvent id="e"/>'
        + "".join(flow(*pair) for pair in ("su", "uc", "cg"))
        + flow("g", "u", "n &lt; 5")
        + flow("g", "e")
    )

    assert verdict_on(xml, *[Complete("u")] * 5, n=0) == "agrees"


def test_called_processes_get_and_give_what_is_mapped() -> None:
    callee = process(
        '<startEvent id="Start"/><userTask id="u"/><subProcess id="sub"><startEvent id="ss"/><task id="st"/>'
        + flow("ss", "st")
        + '</subProcess><scriptTask id="c" camunda:resultVariable="outcome"><script>object + &quot;!&quot;</script>'
        "</scriptTask>" + flow("Start", "u") + flow("u", "sub") + flow("sub", "c")
    ).replace(b'<process id="p"', b'<process id="review"')
    xml = process(
        line(
            '<callActivity id="call" calledElement="review"><extensionElements><camunda:in source="project" '
            'target="object"/><camunda:out source="outcome" target="review_outcome"/></extensionElements>'
            "</callActivity>",
            '<subProcess id="sub"><startEvent id="ss"/><userTask id="v"/>' + flow("ss", "v") + "</subProcess>",
        )
    )

    steps = (Complete("u", {"secret": "stays inside"}), Complete("v"))
    assert verdict_on(xml, *steps, called=(callee,), project="B01") == "agrees"


def test_a_process_that_is_not_given_is_answered_by_the_case() -> None:
    xml = process(
        line(
            '<callActivity id="call" calledElement="absent"><extensionElements><camunda:out source="outcome" '
            'target="result"/></extensionElements></callActivity>',
            '<userTask id="u"/>',
        )
    )

    assert verdict_on(xml, Complete("u"), answers={"call": ({"outcome": "ok"},)}) == "agrees"


def test_services_and_decisions_are_replayed_with_their_errors() -> None:
    xml = process(
        line(
            '<serviceTask id="find" implementation="ledger.find" camunda:resultVariable="row"/>',
            '<businessRuleTask id="rule" camunda:decisionRef="R1" camunda:mapDecisionResult="singleEntry" '
            'camunda:resultVariable="level"/>',
            '<userTask id="u"/>',
        )
        + boundary("find", '<errorEventDefinition errorRef="E"/>'),
        roots=ROOTS,
    )
    answers: dict[str, tuple[Answer, ...]] = {"find": ({"code": "B01"},)}
    decisions = {"R1": ([{"level": "green"}],)}

    fine = Case(name="fine", steps=(Complete("u"),), answers=answers, decisions=decisions)
    broken = Case(name="broken", steps=(Complete("b_after"),), answers={"find": (Raises(error_code="E-1"),)})
    verdict = second_opinion(xml, [fine, broken], stage=play)

    assert [(each.case, each.outcome, each.reason) for each in verdict.cases] == [
        ("fine", Outcome.AGREES, ""),
        ("broken", Outcome.AGREES, ""),
    ]


def test_inputs_are_local_and_only_outputs_leave() -> None:
    xml = process(
        line(
            '<userTask id="u"><extensionElements><camunda:inputOutput><camunda:inputParameter name="draft">= base + 1'
            '</camunda:inputParameter><camunda:outputParameter name="result">= draft + given</camunda:outputParameter>'
            "</camunda:inputOutput></extensionElements></userTask>",
            '<userTask id="v"><extensionElements><camunda:inputOutput><camunda:inputParameter name="base">= 100'
            "</camunda:inputParameter></camunda:inputOutput></extensionElements></userTask>",
        )
    )

    steps = (Complete("u", {"given": Decimal(5)}), Complete("v", {"base": Decimal(7), "seen": True}))
    assert verdict_on(xml, *steps, base=1) == "agrees"


XML = process(
    '<startEvent id="s"/><userTask id="u"/><exclusiveGateway id="g" default="g-b"/><userTask id="a"/><userTask id="b"/>'
    + flow("s", "u")
    + flow("u", "g")
    + flow("g", "a", "n &gt; 3")
    + flow("g", "b")
)
CASE = Case(name="more", steps=(Complete("u", {"n": Decimal(5)}), Complete("a")))


def planted(before: str, after: str) -> Any:
    """A stage on which the diagram has been tampered with."""

    def stage(request: dict[str, Any]) -> list[Any]:
        text = json.dumps(request)
        assert before in text
        return play(json.loads(text.replace(before, after)))

    return stage


def test_a_planted_difference_in_a_condition_is_found() -> None:
    verdict = second_opinion(XML, [CASE], stage=planted("&gt;", "&lt;"))

    assert verdict.outcome is Outcome.DIFFERS
    assert verdict.differences[0].reason == ("after step 1 open user tasks are ['a'] here, but ['b'] in SpiffWorkflow")


def test_a_planted_difference_in_a_kind_of_element_is_found() -> None:
    verdict = second_opinion(XML, [CASE], stage=planted("exclusiveGateway", "parallelGateway"))

    assert verdict.differences[0].reason == (
        "after step 1 open user tasks are ['a'] here, but ['a', 'b'] in SpiffWorkflow"
    )


def test_a_planted_difference_in_a_value_is_found() -> None:
    xml = process(line('<scriptTask id="c"><script>{n: 41 + 1}</script></scriptTask>'))
    stage = planted("41", "42")

    verdict = second_opinion(xml, [Case(name="sum")], stage=stage)

    assert verdict.differences[0].reason == ("at the end n is Decimal('42') here, but Decimal('43') in SpiffWorkflow")


def test_a_case_that_only_one_engine_can_follow_is_a_difference() -> None:
    verdict = second_opinion(XML, [CASE], stage=planted("userTask", "task"))

    assert verdict.differences[0].reason == (
        "after the start the instance is running here, but has ended in SpiffWorkflow"
    )


def test_the_child_process_gives_the_same_verdict() -> None:
    assert second_opinion(XML, [CASE]).outcome is Outcome.AGREES


def test_a_diagram_of_eight_hundred_nodes_in_a_row_does_not_end_the_child() -> None:
    """SpiffWorkflow's parser recurses; within the child it has a stack for it."""
    steps = [f'<task id="t{number}"/>' for number in range(800)]

    verdict = second_opinion(process(line(*steps, '<userTask id="u"/>')), [Case(name="row", steps=(Complete("u"),))])

    assert (verdict.outcome, verdict.cases[0].reason) == (Outcome.AGREES, "")


def test_a_child_that_takes_too_much_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MEMORY_BYTES", 1_000_000)
    assert second_opinion(XML, [CASE]).outcome is Outcome.NOT_COMPARABLE

    monkeypatch.setattr(child, "MEMORY_BYTES", 2 * 1024**3)
    monkeypatch.setattr(child, "TIMEOUT_SECONDS", 0.05)
    (verdict,) = second_opinion(XML, [CASE]).cases
    assert verdict.reason == "SpiffWorkflow took more than 0.05 s"
