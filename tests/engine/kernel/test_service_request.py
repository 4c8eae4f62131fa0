"""Service tasks: asked, answered, failed, withdrawn."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import changes, events
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, error, timer


def served(**fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().service("register", "ledger.register", **fields).user_task("after").end()
    return process.chain("start", "register", "after", "end")


def test_a_service_is_requested_with_all_visible_variables_and_answered(play) -> None:
    running = play(served(properties={"retries": "5"}).build()).start(amount=Decimal(1))
    request = running.last(events.ServiceRequested)
    assert (request.name, request.external, request.variables) == ("ledger.register", False, {"amount": Decimal(1)})
    assert request.properties == {"retries": "5"}
    assert running.services == ["register"]
    running.answer("register", number="P-1")
    assert running.variables == {"amount": Decimal(1), "number": "P-1"}
    assert running.user_tasks == ["after"]


def test_with_inputs_a_service_is_given_those_alone(play) -> None:
    running = play(served(inputs={"sum": "amount + 1"}, external=True).build()).start(amount=Decimal(1))
    request = running.last(events.ServiceRequested)
    assert (request.external, request.variables) == (True, {"sum": Decimal(2)})


def test_an_answer_goes_under_the_result_variable_and_through_the_outputs(play) -> None:
    running = play(served(into="answer").build()).start().answer("register", number="P-1")
    assert running.variables == {"answer": {"number": "P-1"}}
    running = play(served(into="answer", outputs={"no": "answer.number"}).build()).start()
    assert running.answer("register", number="P-1").variables == {"no": "P-1"}


def test_a_failed_service_is_an_incident_and_a_retry_asks_again_under_a_new_number(play) -> None:
    running = play(served().build()).start()
    first = running.last(events.ServiceRequested)
    running.fail("register", "no connection")
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == ("service", "no connection")
    running.retry("register")
    assert running.services == ["register"]
    assert running.last(events.ServiceRequested).token != first.token
    with pytest.raises(WrongState):
        running.apply(changes.AnswerService(part=0, token=first.token))
    assert running.answer("register").user_tasks == ["after"]


def test_a_failed_service_goes_to_an_error_boundary_event_that_catches_all(play) -> None:
    process = served().user_task("by_hand").boundary("named", "register", error("E1"))
    process.boundary("any", "register", error(), outputs={"why": "errorMessage"}).chain("any", "by_hand")
    running = play(process.build()).start().fail("register", "no connection")
    assert running.user_tasks == ["by_hand"]
    assert running.variables == {"why": "no connection"}


@pytest.mark.parametrize(("code", "followed"), [("E1", "named_next"), ("E2", "any_next")])
def test_a_bpmn_error_goes_to_the_boundary_event_of_its_code_before_one_that_catches_all(play, code, followed) -> None:
    process = served().user_task("named_next").user_task("any_next")
    process.boundary("any", "register", error()).boundary("named", "register", error("E1"))
    process.chain("any", "any_next").chain("named", "named_next")
    running = play(process.build()).start().raise_error("register", code, detail="x")
    assert running.user_tasks == [followed]
    assert running.variables == {"detail": "x"}


def test_a_bpmn_error_that_nothing_catches_is_an_incident(play) -> None:
    running = play(served().build()).start().raise_error("register", "E1")
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == (
        "error",
        "Expected an event that catches error 'E1' around 'register', but there is none.",
    )


def test_a_user_task_can_end_in_a_bpmn_error(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill").user_task("mend").end().chain("start", "fill", "end")
    process.boundary("wrong", "fill", error("E1")).chain("wrong", "mend")
    assert play(process.build()).start().raise_error("fill", "E1").user_tasks == ["mend"]


def test_an_interrupted_service_is_withdrawn_also_while_it_has_an_incident(play) -> None:
    process = served().user_task("late_next").boundary("late", "register", timer("PT1H")).chain("late", "late_next")
    running = play(process.build()).start().fire("late")
    assert running.user_tasks == ["late_next"]
    assert len(running.all(events.ServiceWithdrawn)) == 1
    running = play(process.build()).start().fail("register").fire("late")
    assert running.user_tasks == ["late_next"]
    assert running.incidents == []
