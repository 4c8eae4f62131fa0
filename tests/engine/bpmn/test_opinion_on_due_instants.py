"""The second opinion where a boundary timer counts from the due instant of its user task."""

from __future__ import annotations

from engine.bpmn.opinion.cases import Complete, Pass
from tests.engine.bpmn.diagrams import flow, process
from tests.engine.bpmn.test_second_opinion import DAY, boundary, verdict_on


def test_timers_that_count_from_the_due_instant_of_their_user_task_are_told_anew_each_time_it_begins() -> None:
    """SpiffWorkflow has no due instants: what our side was told is told there, whatever the expression uses."""
    late = "<timerEventDefinition><timeDate>= date and time(date(task_due_at), {0})</timeDate></timerEventDefinition>"
    xml = process(
        '<startEvent id="s"/><userTask id="u" camunda:dueDate="2WD"/><exclusiveGateway id="g" default="g-e"/>'
        '<endEvent id="e"/>'
        + flow("s", "u")
        + flow("u", "g")
        + flow("g", "u", "again")
        + flow("g", "e")
        + boundary("u", late.format('time("23:30:00Z")'))
        + boundary("u", late.format('time("22:30:00Z")'), "c", "false")
    )

    assert verdict_on(xml, Pass(2 * DAY), Complete("u"), again=False) == "agrees"
    assert verdict_on(xml, Pass(2 * DAY), Complete("u"), Pass(2 * DAY), Complete("u"), again=True) == "agrees"
    interrupted = (Complete("u"), Pass(3 * DAY), Complete("b_after"), Complete("c_after"))
    assert verdict_on(xml, *interrupted, again=True) == "agrees"
