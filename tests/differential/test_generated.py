"""On generated diagrams without loops both engines show the same, whatever order people work in."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn.opinion.stage import play
from engine.bpmn.opinion.verdict import Outcome
from engine.bpmn.second_opinion import second_opinion
from tests.differential.blocks import Block, blocks, draw
from tests.differential.schedules import every_schedule, one_schedule


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=blocks(), data=st.data())
def test_a_random_schedule_shows_the_same_on_both_engines(block: Block, data: st.DataObject) -> None:
    drawn = draw(block)
    case = one_schedule(drawn, lambda open_tasks: data.draw(st.sampled_from(sorted(open_tasks))))

    verdict = second_opinion(drawn.xml, [case], called=drawn.called, stage=play)

    assert (verdict.outcome, verdict.cases[0].reason) == (Outcome.AGREES, "")


USER = Block("user")
NESTED = Block(
    "sequence",
    (
        Block("parallel", (USER, Block("inclusive", (USER, USER, USER), (0, 1)), Block("call", (USER,)))),
        Block("exclusive", (USER, Block("sub-process", (USER,))), (1,)),
    ),
)


def test_every_schedule_of_a_nested_diagram_shows_the_same_on_both_engines() -> None:
    drawn = draw(NESTED)
    cases = list(every_schedule(drawn))

    verdict = second_opinion(drawn.xml, cases, called=drawn.called, stage=play)

    assert len(cases) == 24
    assert [each for each in verdict.cases if each.outcome is not Outcome.AGREES] == []
