"""Call activities: another process, in a part of its own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from engine.kernel import changes, events
from tests.builders import TERMINATE, ProcessBuilder, error, escalation, feel, timer
from tests.engine.kernel.test_variables import LONG


def callee() -> ProcessBuilder:
    process = ProcessBuilder("review").start().user_task("look").end("done")
    return process.chain("start", "look", "done")


def caller(**fields) -> ProcessBuilder:
    process = ProcessBuilder("main").start().call("call", "review", **fields).user_task("after").end()
    return process.chain("start", "call", "after", "end")


def test_a_called_process_is_a_part_with_its_own_variables(play) -> None:
    fields = {"inputs": {"sum": "amount + 1"}, "outputs": {"grade": "outcome"}}
    running = play(caller(**fields).build(), callee().build()).start(amount=Decimal(1), secret=Decimal(2))
    started = running.last(events.InstanceStarted)
    assert started.parent == (0, 3)
    assert started.resolution == {"binding": "latest", "ref": "review:1"}
    assert (started.business_key, started.variables) == ("K-1", {"sum": Decimal(2)})
    assert set(running.state.parts) == {0, started.part}
    running.complete("look", outcome="good", own=Decimal(3))
    assert running.user_tasks == ["after"]
    assert running.variables == {"amount": Decimal(1), "secret": Decimal(2), "grade": "good"}
    ended = running.last(events.InstanceEnded)
    assert (ended.part, ended.outcome, ended.end_element_id) == (started.part, "completed", "done")


def test_a_step_inside_a_called_process_does_not_write_the_caller(play) -> None:
    process = (
        ProcessBuilder("review").start().user_task("one").user_task("two").end().chain("start", "one", "two", "end")
    )
    running = play(caller().build(), process.build()).start()
    part = running.last(events.InstanceStarted).part
    token = running.last(events.UserTaskCreated).token
    outcome = running.apply(changes.Complete(part=part, token=token))
    assert (outcome.changed, outcome.removed) == (frozenset({part}), frozenset())


def test_without_mappings_nothing_is_passed_but_the_business_key(play) -> None:
    running = play(caller().build(), callee().build()).start(amount=Decimal(1))
    assert running.last(events.InstanceStarted).variables == {}
    running.complete("look", outcome="good")
    assert running.variables == {"amount": Decimal(1)}


def test_all_variables_pass_in_and_out_where_the_diagram_says_so(play) -> None:
    fields = {"all_in": True, "all_out": True, "inputs": {"more": "1"}, "business_key": feel('"K-" + string(amount)')}
    running = play(caller(**fields).build(), callee().build()).start(amount=Decimal(1))
    started = running.last(events.InstanceStarted)
    assert (started.business_key, started.variables) == ("K-1", {"amount": Decimal(1), "more": Decimal(1)})
    running.complete("look", outcome="good")
    assert running.variables == {"amount": Decimal(1), "more": Decimal(1), "outcome": "good"}


def test_a_process_that_is_not_deployed_is_an_incident(play) -> None:
    running = play(caller().build()).start()
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.element_id) == ("call", "call")
    assert incident.message == "Expected process 'review' to be deployed (binding latest), but it is not."


def test_results_that_cannot_be_mapped_are_kept_until_the_retry(play) -> None:
    fields = {"outputs": {"total": LONG}}
    running = play(caller(**fields).build(), callee().build()).start()
    running.complete("look", n=Decimal(10_000_000), a=Decimal(1))
    assert running.incidents == ["call"]
    part = running.last(events.InstanceEnded).part
    running.set(part, n=Decimal(2)).retry("call")
    assert running.variables == {"total": Decimal(4)}
    assert set(running.state.parts) == {0}


def test_a_boundary_event_cancels_the_called_process_and_what_it_called(play) -> None:
    middle = ProcessBuilder("review").start().call("deeper", "deep").end().chain("start", "deeper", "end")
    deep = ProcessBuilder("deep").start().user_task("look").end().chain("start", "look", "end")
    process = caller().user_task("late_next").boundary("late", "call", timer("P1D")).chain("late", "late_next")
    running = play(process.build(), middle.build(), deep.build()).start()
    assert len(running.state.parts) == 3
    running.fire("late")
    assert running.user_tasks == ["late_next"]
    assert [(event.part, event.outcome) for event in running.all(events.InstanceEnded)] == [
        (running.all(events.InstanceStarted)[2].part, "cancelled"),
        (running.all(events.InstanceStarted)[1].part, "cancelled"),
    ]


def test_an_error_of_the_called_process_is_caught_on_the_call_activity(play) -> None:
    process = (
        ProcessBuilder("review").start().end("broken", error("E1"), inputs={"why": '"late"'}).chain("start", "broken")
    )
    outer = caller().user_task("mend").boundary("wrong", "call", error("E1")).chain("wrong", "mend")
    running = play(outer.build(), process.build()).start()
    assert running.user_tasks == ["mend"]
    assert running.variables == {"why": "late"}
    assert len(running.state.parts) == 1


def test_an_escalation_of_the_called_process_may_be_caught_without_interrupting_it(play) -> None:
    process = ProcessBuilder("review").start().throw("tell", escalation("slow")).user_task("look").end()
    process.chain("start", "tell", "look", "end")
    outer = caller().user_task("urge").boundary("told", "call", escalation("slow"), interrupting=False)
    running = play(outer.chain("told", "urge").build(), process.build()).start()
    assert running.user_tasks == ["look", "urge"]


def test_a_terminated_callee_lets_its_caller_go_on(play) -> None:
    process = ProcessBuilder("review").start().end("stop", TERMINATE).chain("start", "stop")
    running = play(caller().build(), process.build()).start()
    assert running.user_tasks == ["after"]
    assert running.last(events.InstanceEnded).outcome == "completed"


def test_a_process_that_calls_itself_for_ever_ends_in_an_incident(play) -> None:
    process = ProcessBuilder("main").start().call("call", "main").end().chain("start", "call", "end")
    running = play(process.build()).start()
    incident = running.last(events.IncidentOpened)
    assert incident.message == "Expected calls nested at most 100 deep, but 'call' goes deeper."
    assert (incident.kind, len(running.state.parts)) == ("call", 100)


def test_the_key_of_the_called_process_may_be_an_expression(play) -> None:
    process = caller().build()
    node = process.node("call")
    assert node.call is not None
    call = replace(node.call, element=feel('"rev" + "iew"'))
    nodes = tuple(replace(each, call=call) if each is node else each for each in process.nodes)
    running = play(replace(process, nodes=nodes), callee().build()).start()
    assert running.user_tasks == ["look"]


def test_the_cancelled_root_takes_all_called_instances_with_it(play) -> None:
    running = play(caller().build(), callee().build()).start().cancel("project withdrawn")
    assert running.has_ended
    assert [(event.part == 0, event.outcome, event.reason) for event in running.all(events.InstanceEnded)] == [
        (False, "cancelled", "project withdrawn"),
        (True, "cancelled", "project withdrawn"),
    ]
