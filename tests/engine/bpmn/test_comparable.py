"""Where SpiffWorkflow is wrong it is not asked; what the case does not touch does no harm."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.bpmn.opinion.cases import Broadcast, Complete, Pass, Receive, Step
from tests.engine.bpmn.diagrams import flow, line, process
from tests.engine.bpmn.test_second_opinion import ROOTS, boundary, timer, verdict_on

DAY = timedelta(days=1)

#: A multi-instance sub-process of two.
SEVERAL = (
    '<subProcess id="sub"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>'
    '</multiInstanceLoopCharacteristics><startEvent id="ss"/><userTask id="u"/>' + flow("ss", "u") + "</subProcess>"
)
NOT_COMPARABLE = {
    "cycle timer at b": process(
        line('<userTask id="u"/>')
        + boundary("u", "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>")
    ),
    "interrupting event sub-process at watch": process(
        line('<userTask id="u"/>')
        + '<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws"><messageEventDefinition messageRef="M"/>'
        "</startEvent></subProcess>",
        roots=ROOTS,
    ),
    "non-interrupting event sub-process with a timer at watch": process(
        line('<userTask id="u"/>')
        + '<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false">'
        + f"{timer('P1D')}</startEvent></subProcess>"
    ),
    "non-interrupting event sub-process with an escalation at watch": process(
        line(
            '<subProcess id="sub"><startEvent id="ss"/><userTask id="u"/>'
            '<endEvent id="se"><escalationEventDefinition escalationRef="E"/></endEvent>'
            + flow("ss", "u") + flow("u", "se")
            + '<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false">'
            '<escalationEventDefinition escalationRef="E"/></startEvent><userTask id="w"/>' + flow("ws", "w")
            + "</subProcess></subProcess>"
        ),
        roots='<escalation id="E" name="up" escalationCode="up"/>',
    ),
    "interrupting boundary event on a multi-instance sub-process at b": process(
        line(SEVERAL) + boundary("sub", timer("P1D"))
    ),
    "event sub-process that steers the flow outside at note": process(
        '<startEvent id="s"/><userTask id="u"/><exclusiveGateway id="g" default="g-b"/><task id="a"/><task id="b"/>'
        + flow("s", "u")
        + flow("u", "g")
        + flow("g", "a", "seen = true")
        + flow("g", "b")
        + '<subProcess id="note" triggeredByEvent="true"><startEvent id="ns" isInterrupting="false">'
        '<messageEventDefinition messageRef="M"/></startEvent><scriptTask id="n" camunda:resultVariable="seen">'
        "<script>true</script></scriptTask>" + flow("ns", "n") + "</subProcess>",
        roots=ROOTS,
    ),
    "conditional event at c": process(
        line(
            '<intermediateCatchEvent id="c"><conditionalEventDefinition><condition>n &gt; 1</condition>'
            "</conditionalEventDefinition></intermediateCatchEvent>"
        )
    ),
    "event-based gateway with several timers at g": process(
        '<startEvent id="s"/><eventBasedGateway id="g"/>'
        + "".join(f'<intermediateCatchEvent id="{name}">{timer("P1D")}</intermediateCatchEvent>' for name in "tu")
        + flow("s", "g")
        + flow("g", "t")
        + flow("g", "u")
    ),
    "join inside a loop at j": process(
        '<startEvent id="s"/><exclusiveGateway id="m"/><parallelGateway id="f"/><task id="a"/><task id="b"/>'
        '<parallelGateway id="j"/><exclusiveGateway id="x" default="x-e"/><endEvent id="e"/>'
        + "".join(flow(*pair) for pair in ("sm", "mf", "fa", "fb", "aj", "bj", "jx"))
        + flow("x", "m", "again")
        + flow("x", "e")
    ),
    "not in the table of Python counterparts: the function substring at t": process(
        line('<scriptTask id="t" camunda:resultVariable="d"><script>substring("abc", 2)</script></scriptTask>')
    ),
    "the case does not fit the process: step 1: user task nobody is not open": process(line('<userTask id="u"/>')),
}


@pytest.mark.parametrize("reason", NOT_COMPARABLE)
def test_what_spiffworkflow_gets_wrong_is_not_asked_of_it(reason: str) -> None:
    steps: dict[str, Step] = {
        "nobody": Complete("nobody"),
        "cycle": Pass(2 * DAY),
        "with a timer": Pass(2 * DAY),
        "escalation": Complete("u"),
        "multi-instance": Pass(2 * DAY),
        "interrupting event sub-process at": Receive("hello"),
        "steers": Receive("hello"),
    }
    taken = [step for word, step in steps.items() if word in reason]

    assert verdict_on(NOT_COMPARABLE[reason], *taken) == f"not comparable: {reason}"


@pytest.mark.parametrize(
    "reason",
    [
        "cycle timer at b",
        "interrupting event sub-process at watch",
        "non-interrupting event sub-process with a timer at watch",
    ],
)
def test_what_the_case_does_not_touch_does_no_harm(reason: str) -> None:
    assert verdict_on(NOT_COMPARABLE[reason], Complete("u")) == "agrees"


def test_an_untouched_boundary_event_of_a_multi_instance_sub_process_does_no_harm() -> None:
    reason = "interrupting boundary event on a multi-instance sub-process at b"

    assert verdict_on(NOT_COMPARABLE[reason], Complete("u"), Complete("u")) == "agrees"


@pytest.mark.parametrize(
    ("trigger", "step"),
    [
        ('<messageEventDefinition messageRef="M"/>', Receive("hello")),
        ('<signalEventDefinition signalRef="S"/>', Broadcast("stop")),
    ],
)
def test_event_sub_processes_that_let_the_rest_go_on_are_compared(trigger: str, step: Step) -> None:
    xml = process(
        line('<userTask id="u"/>')
        + '<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false">'
        + f'{trigger}</startEvent><userTask id="w"/>{flow("ws", "w")}</subProcess>',
        roots=ROOTS,
    )

    assert verdict_on(xml, step, Complete("w"), Complete("u")) == "agrees"
