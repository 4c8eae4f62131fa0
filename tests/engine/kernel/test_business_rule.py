"""Business rule tasks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.kernel import events
from tests.builders import ProcessBuilder, error


def ruled(**fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().decision("grade", "R03", **fields).user_task("after").end()
    return process.chain("start", "grade", "after", "end")


def grade(context) -> dict[str, Any]:
    return {"grade": "优" if context["score"] >= 90 else "良", "limit": Decimal(90)}


def test_each_output_of_the_answer_becomes_a_variable_and_the_answer_is_explained(play) -> None:
    running = play(ruled().build(), decisions={"R03": grade}).start(score=Decimal(92))
    assert running.variables == {"score": Decimal(92), "grade": "优", "limit": Decimal(90)}
    assert running.last(events.DecisionMade) == events.DecisionMade(
        part=0, element_id="grade", decision_ref="R03:1", explanation={"rule": 1}
    )


@pytest.mark.parametrize(
    ("mapping", "answer", "value"),
    [
        ("singleEntry", "优", "优"),
        ("singleEntry", {"grade": "优"}, "优"),
        ("singleEntry", [{"grade": "优"}], "优"),
        ("singleEntry", None, None),
        ("singleResult", {"grade": "优", "x": 1}, {"grade": "优", "x": 1}),
        ("singleResult", [{"grade": "优"}], {"grade": "优"}),
        ("collectEntries", [{"grade": "优"}, {"grade": "良"}], ["优", "良"]),
        ("collectEntries", ["优", "良"], ["优", "良"]),
        ("collectEntries", None, []),
        ("resultList", {"grade": "优"}, [{"grade": "优"}]),
        ("resultList", [{"a": 1, "b": 2}], [{"a": 1, "b": 2}]),
    ],
)
def test_the_answer_is_shaped_as_the_diagram_asks(play, mapping, answer, value) -> None:
    graph = ruled(into="result", result=mapping).build()
    assert play(graph, decisions={"R03": lambda context: answer}).start().variables == {"result": value}


@pytest.mark.parametrize(
    ("mapping", "answer", "message"),
    [
        ("singleEntry", {"a": 1, "b": 2}, "Expected one output, but found 2."),
        ("singleResult", [{"a": 1}, {"a": 2}], "Expected one matching rule, but found 2."),
    ],
)
def test_an_answer_of_another_shape_is_an_incident(play, mapping, answer, message) -> None:
    running = play(ruled(into="x", result=mapping).build(), decisions={"R03": lambda context: answer}).start()
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == ("decision", message)


def test_an_absent_decision_is_an_incident_or_goes_to_a_catch_all_boundary_event(play) -> None:
    running = play(ruled().build()).start()
    assert running.last(events.IncidentOpened).message == "Expected decision 'R03' to be deployed, but it is not."
    process = ruled().user_task("by_hand").boundary("any", "grade", error()).chain("any", "by_hand")
    assert play(process.build()).start().user_tasks == ["by_hand"]


def test_inputs_are_what_the_decision_sees_first(play) -> None:
    graph = ruled(inputs={"score": "raw * 10"}).build()
    running = play(graph, decisions={"R03": grade}).start(raw=Decimal(8))
    assert running.variables == {"raw": Decimal(8), "grade": "良", "limit": Decimal(90)}
