"""Each repair is named, listed with before and after, and can be switched off."""

from __future__ import annotations

import pytest

from engine.bpmn.normalisers import NORMALISERS
from engine.kernel.graph import NodeKind
from tests.engine.bpmn.diagrams import codes, definitions, flow, graph, line, process, read

DECISION = (
    '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>'
    + flow("s", "g")
    + flow("g", "a", "${grade == 'A'}")
    + flow("g", "b")
)
MESSAGE_CATCH = '<intermediateCatchEvent id="c" name="报送完成"><messageEventDefinition/></intermediateCatchEvent>'


def repairs(xml: bytes) -> list[tuple[str, str, str, str]]:
    return [
        (entry.facts["repair"], entry.element_id, entry.facts["before"], entry.facts["after"])
        for entry in read(xml).report.repairs
    ]


def test_the_only_process_is_executable_even_if_it_denies_it() -> None:
    assert repairs(process(line(), attributes='isExecutable="false"')) == [
        ("executable-flag", "p", "isExecutable=false", "isExecutable=true")
    ]
    assert repairs(process(line(), attributes="")) == [("executable-flag", "p", "no isExecutable", "isExecutable=true")]


def test_a_process_that_denies_it_stays_silent_beside_one_that_runs() -> None:
    two = '<process id="{0}"{1}><startEvent id="{0}s"/></process>'

    result = read(definitions(two.format("a", ' isExecutable="true"') + two.format("b", "")))

    assert [found.key for found in result.graphs] == ["a"]
    assert codes(definitions(two.format("a", ' isExecutable="true"') + two.format("b", "")), "warning") == [
        ("process-not-executable", "b")
    ]


def test_a_missing_start_event_is_written_before_every_node_that_nothing_enters() -> None:
    xml = process('<userTask id="a"/><userTask id="b"/><task id="c"/>' + flow("a", "c") + flow("b", "c"))

    found = graph(xml)

    start = found.nodes[found.starts[0]]
    assert [found.nodes[found.flows[index].target].id for index in start.outgoing] == ["a", "b"]
    assert repairs(xml) == [("implicit-start", "p", "no start event", "startEvent p_start -> a, b")]


def test_a_sub_process_without_start_event_gets_one_too() -> None:
    found = graph(process(line('<subProcess id="sub"><userTask id="u"/></subProcess>')))

    assert found.node("sub").start == found.by_id["sub_start"]


def test_boundary_events_and_event_sub_processes_do_not_count_as_ways_in() -> None:
    found = graph(
        process(
            '<userTask id="u"/><boundaryEvent id="late" attachedToRef="u"><timerEventDefinition><timeDuration>P1D'
            '</timeDuration></timerEventDefinition></boundaryEvent><task id="after"/>'
            '<subProcess id="watch" triggeredByEvent="true">'
            '<startEvent id="ws"><signalEventDefinition signalRef="S"/></startEvent></subProcess>'
            + flow("late", "after"),
            roots='<signal id="S" name="stop"/>',
        )
    )

    start = found.nodes[found.starts[0]]
    assert [found.nodes[found.flows[index].target].id for index in start.outgoing] == ["u"]


def test_messages_and_errors_without_name_are_called_by_their_id() -> None:
    xml = process(
        line('<receiveTask id="r" messageRef="M"/>')
        + '<boundaryEvent id="b" attachedToRef="r"><errorEventDefinition errorRef="E"/></boundaryEvent>',
        roots='<message id="M"/><error id="E" name="Failure"/>',
    )

    found = graph(xml)

    events = [found.node(name).event for name in "rb"]
    assert [event.name for event in events if event] == ["M", "Failure"]
    assert [(name, element) for name, element, _, _ in repairs(xml)] == [
        ("nameless-definitions", "M"),
        ("nameless-definitions", "E"),
    ]


def test_an_event_without_message_means_the_message_of_its_own_name() -> None:
    found = graph(process(line(MESSAGE_CATCH)))

    event = found.node("c").event
    assert event is not None and event.name == "报送完成"


def test_an_empty_reference_is_no_reference() -> None:
    xml = process(line(MESSAGE_CATCH.replace("<messageEventDefinition/>", '<messageEventDefinition messageRef=""/>')))

    assert graph(xml).node("c").event is not None
    assert repairs(xml)[0][:2] == ("empty-references", "c")


def test_the_one_bare_flow_of_a_gateway_is_its_default() -> None:
    found = graph(process(DECISION))

    assert found.flows[found.node("g").default or 0].id == "g-b"
    assert [name for name, *_ in repairs(process(DECISION))] == ["gateway-flows", "expression-dialect"]


def test_a_condition_that_nobody_asks_for_goes() -> None:
    xml = process(
        '<startEvent id="s"/><parallelGateway id="g"/><task id="a"/><task id="b"/>'
        + flow("s", "g")
        + flow("g", "a", "x = 1")
        + flow("g", "b", "")
    )

    found = graph(xml)

    assert [each.condition for each in found.flows] == [None, None, None]
    assert repairs(xml) == [
        ("empty-conditions", "g-b", "empty conditionExpression", ""),
        ("gateway-flows", "g-a", "condition 'x = 1' of a flow that is taken without asking", "no condition"),
    ]


def test_simple_expressions_of_other_dialects_become_feel() -> None:
    found = graph(process(DECISION.replace("${grade == 'A'}", "${score ge 60 &amp;&amp; !late}")))

    condition = found.flows[found.node("g").outgoing[0]].condition
    assert condition is not None and condition.source == "score >= 60 and not(late)"
    assert condition.evaluate({"score": 61, "late": False}) is True


def test_camunda_attributes_in_other_dialects_become_feel() -> None:
    found = graph(
        process(
            line(
                '<userTask id="u" camunda:assignee="${owner}" camunda:candidateGroups="${unit}_perf"/>',
                '<callActivity id="c" calledElement="${next_process}"/>',
            )
        )
    )

    people, call = found.node("u").people, found.node("c").call
    assert people is not None and people.assignee is not None and call is not None
    assert people.assignee.evaluate({"owner": "li.wei"}) == "li.wei"
    assert people.candidate_groups[0].evaluate({"unit": "dept"}) == "dept_perf"
    assert call.element.evaluate({"next_process": "q"}) == "q"


def test_constant_xpath_becomes_feel() -> None:
    found = graph(process(DECISION.replace("${grade == 'A'}", "true()")))

    condition = found.flows[found.node("g").outgoing[0]].condition
    assert condition is not None and condition.evaluate({}) is True


def test_what_is_not_simple_is_refused_with_its_place() -> None:
    (entry,) = read(process(DECISION.replace("${grade == 'A'}", "${bean.rate(execution)}"))).report.errors

    assert (entry.code, entry.element_id) == ("foreign-expression", "g-a")
    assert entry.message == (
        "condition of g-a is written in another language and not simple enough to translate: ${bean.rate(execution)}"
    )


BROKEN = {
    "empty-references": process(
        line('<task id="t"/>')
        + '<boundaryEvent id="b" attachedToRef="t"><errorEventDefinition errorRef=""/></boundaryEvent>'
    ),
    "empty-conditions": process(DECISION.replace("${grade == 'A'}", "")),
    "called-expressions": process(line('<callActivity id="c" calledElement="= next_process"/>')),
    "reference-prefixes": process(
        DECISION.replace('<exclusiveGateway id="g"/>', '<exclusiveGateway id="g" default="t:g-b"/>')
    ),
    "executable-flag": process(line(), attributes=""),
    "implicit-start": process('<task id="t"/>'),
    "nameless-definitions": process(line('<receiveTask id="r" messageRef="M"/>'), roots='<message id="M"/>'),
    "nameless-events": process(line(MESSAGE_CATCH)),
    "gateway-flows": process(DECISION),
    "expression-dialect": process(DECISION),
}


def test_every_normaliser_has_a_file_that_needs_it() -> None:
    assert BROKEN.keys() == NORMALISERS.keys()


@pytest.mark.parametrize("name", NORMALISERS)
def test_a_normaliser_can_be_switched_off_and_the_file_is_then_refused(name: str) -> None:
    xml = BROKEN[name]

    assert name in [repair for repair, *_ in repairs(xml)]
    assert name not in [entry.facts["repair"] for entry in read(xml, keep=(name,)).report.repairs]
    if name != "empty-conditions":  # a bare flow beside another one is refused whatever stood in its condition
        assert not read(xml).report.is_refusal
    assert read(xml, keep=(name,)).report.is_refusal


def test_a_sound_file_is_not_touched() -> None:
    assert repairs(process(line('<userTask id="u"/>'))) == []
    assert graph(process(line('<userTask id="u"/>'))).node("u").kind is NodeKind.USER_TASK
