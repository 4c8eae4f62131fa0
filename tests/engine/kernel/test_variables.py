"""Where variables live, who sees them, and where what is written goes."""

from __future__ import annotations

from decimal import Decimal

from engine.kernel import events
from tests.builders import ProcessBuilder


def in_sub_process(**fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().sub_process("sub", **fields).user_task("after").end()
    process.start("s", inside="sub").user_task("inner", inside="sub").end("e", inside="sub")
    return process.chain("start", "sub", "after", "end").chain("s", "inner", "e")


def test_without_mappings_a_new_variable_goes_to_the_top(play) -> None:
    running = play(in_sub_process().build()).start().complete("inner", result=Decimal(1))
    assert running.variables == {"result": Decimal(1)}


def test_a_variable_is_written_where_it_is_already(play) -> None:
    process = in_sub_process(inputs={"result": "0"}).build()
    running = play(process).start(result=Decimal(9)).complete("inner", result=Decimal(1), other=Decimal(2))
    assert running.variables == {"result": Decimal(9), "other": Decimal(2)}


def test_with_outputs_only_the_mapped_variables_leave_a_sub_process(play) -> None:
    process = in_sub_process(outputs={"total": "result + before"}).build()
    running = play(process).start(before=Decimal(10), result=Decimal(0)).complete("inner", result=Decimal(1))
    assert running.variables == {"before": Decimal(10), "result": Decimal(0), "total": Decimal(11)}


def test_outputs_of_a_user_task_see_what_it_was_completed_with(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill", outputs={"total": "a + b"}).user_task("after").end()
    running = play(process.chain("start", "fill", "after", "end").build()).start(b=Decimal(2))
    running.complete("fill", a=Decimal(1), secret=Decimal(7))
    assert running.variables == {"b": Decimal(2), "total": Decimal(3)}


def test_inputs_are_local_and_a_later_one_sees_an_earlier_one(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill", inputs={"half": "amount / 2", "quarter": "half / 2"}).end()
    running = play(process.user_task("after").chain("start", "fill", "after", "end").build()).start(amount=Decimal(8))
    assert running.last(events.UserTaskCreated).local_variables == {"half": Decimal(4), "quarter": Decimal(2)}
    running.complete("fill", half=Decimal(0), new=Decimal(1))
    assert running.variables == {"amount": Decimal(8), "new": Decimal(1)}


def test_every_write_is_an_event_with_its_scope(play) -> None:
    running = play(in_sub_process().build()).start(a=Decimal(1)).complete("inner", a=Decimal(2))
    top = running.state.parts[0].top.number
    assert running.last(events.VariablesChanged) == events.VariablesChanged(
        part=0, element_id="inner", scope=top, values={"a": Decimal(2)}
    )


def test_variables_of_the_environment_are_visible_and_hidden_by_those_of_the_instance(play) -> None:
    process = ProcessBuilder("p").start().script("read", '{seen: calendar_version + "/" + other}').user_task("u").end()
    graph = process.chain("start", "read", "u", "end").build()
    running = play(graph, versions={"calendar_version": "2026-1", "other": "far"}).start(other="near")
    assert running.variables == {"other": "near", "seen": "2026-1/near"}


def test_setting_variables_from_outside_writes_the_top(play) -> None:
    running = play(in_sub_process(inputs={"a": "1"}).build()).start(a=Decimal(5)).set(a=Decimal(6))
    assert running.variables == {"a": Decimal(6)}


def test_an_output_that_fails_is_an_incident_that_keeps_what_was_filled_in(play) -> None:
    process = ProcessBuilder("p").start().user_task("fill", outputs={"days": LONG}).user_task("after").end()
    running = play(process.chain("start", "fill", "after", "end").build()).start(n=Decimal(10_000_000))
    running.complete("fill", a=Decimal(1))
    assert running.incidents == ["fill"]
    assert running.last(events.IncidentOpened).kind == "mapping"
    running.set(n=Decimal(3)).retry("fill")
    assert running.user_tasks == ["after"]
    assert running.variables == {"n": Decimal(3), "days": Decimal(7)}


#: Breaks the budget of FEEL where n is large.
LONG = "sum(for i in 1..n return i) + a"
