"""Embedded sub-processes, transactions and terminate end events."""

from __future__ import annotations

from decimal import Decimal

from engine.kernel import events
from tests.builders import CANCEL, TERMINATE, EventDefinition, EventKind, ProcessBuilder, timer


def embedded() -> ProcessBuilder:
    process = ProcessBuilder("p").start().sub_process("sub").user_task("after").end()
    process.start("s", inside="sub").parallel("split", inside="sub").user_task("a", inside="sub")
    process.user_task("b", inside="sub").end("e", inside="sub")
    return process.chain("start", "sub", "after", "end").chain("s", "split", "a", "e").chain("split", "b", "e")


def test_a_sub_process_ends_when_its_last_token_has(play) -> None:
    running = play(embedded().build()).start()
    assert running.user_tasks == ["a", "b"]
    running.complete("b")
    assert running.user_tasks == ["a"]
    running.complete("a")
    assert running.user_tasks == ["after"]


def test_sub_processes_nest_and_end_from_the_inside(play) -> None:
    process = ProcessBuilder("p").start().end()
    outer = None
    for depth in range(30):
        process.sub_process(f"sub{depth}", inside=outer)
        process.start(f"s{depth}", inside=f"sub{depth}").chain(
            *([f"s{depth - 1}", f"sub{depth}"] if depth else ["start", "sub0"])
        )
        outer = f"sub{depth}"
    process.user_task("deep", inside=outer).chain("s29", "deep").chain("sub0", "end")
    running = play(process.build()).start(a=Decimal(1))
    assert running.user_tasks == ["deep"]
    running.complete("deep")
    assert running.outcome == ("completed", "end")


def test_an_empty_sub_process_passes(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub").end().chain("start", "sub", "end")
    assert play(process.build()).start().outcome == ("completed", "end")


def test_a_terminate_end_event_stops_its_sub_process_alone(play) -> None:
    process = (
        ProcessBuilder("p").start().parallel("fork").sub_process("sub").user_task("beside").user_task("after").end()
    )
    process.start("s", inside="sub").parallel("split", inside="sub").user_task("a", inside="sub")
    process.user_task("b", inside="sub").boundary("late", "b", timer("P1D")).end("stop", TERMINATE, inside="sub")
    process.chain("start", "fork", "sub", "after", "end").chain("fork", "beside", "end")
    process.chain("s", "split", "a", "stop").chain("split", "b")
    running = play(process.build()).start().complete("a")
    assert running.user_tasks == ["beside", "after"]
    assert running.waiting == []
    assert running.last(events.UserTaskCancelled).cause == "terminate"


def test_a_terminate_end_event_ends_the_process(play) -> None:
    process = ProcessBuilder("p").start().parallel("fork").user_task("a").user_task("b").end("stop", TERMINATE)
    process.chain("start", "fork", "a", "stop").chain("fork", "b")
    running = play(process.build()).start().complete("a")
    assert running.outcome == ("completed", "stop")


def transaction() -> ProcessBuilder:
    process = ProcessBuilder("p").start().transaction("book").user_task("paid").user_task("undo").end()
    process.start("s", inside="book").parallel("split", inside="book").user_task("pay", inside="book")
    process.user_task("ship", inside="book").exclusive("ok?", inside="book").end("e", inside="book")
    process.end("refused", CANCEL, inside="book")
    process.boundary("cancelled", "book", EventDefinition(EventKind.CANCEL))
    process.chain("start", "book", "paid", "end").chain("cancelled", "undo").chain("s", "split", "pay", "ok?")
    process.chain("split", "ship", "e").chain("ok?", "e", when="ok")
    return process.chain("ok?", "refused", default=True)


def test_a_transaction_that_succeeds_goes_on_along_its_flows(play) -> None:
    running = play(transaction().build()).start().complete("pay", ok=True).complete("ship")
    assert running.user_tasks == ["paid"]


def test_a_cancel_end_event_leaves_the_transaction_by_its_cancel_boundary_event(play) -> None:
    running = play(transaction().build()).start().complete("pay", ok=False)
    assert running.user_tasks == ["undo"]
    assert [event.element_id for event in running.all(events.UserTaskCancelled)] == ["ship"]


def test_a_cancel_end_event_works_from_a_sub_process_inside(play) -> None:
    process = ProcessBuilder("p").start().transaction("book").user_task("undo").end()
    process.boundary("cancelled", "book", EventDefinition(EventKind.CANCEL)).chain("cancelled", "undo")
    process.start("s", inside="book").sub_process("sub", inside="book").chain("s", "sub").chain("start", "book", "end")
    process.start("s2", inside="sub").end("refused", CANCEL, inside="sub").chain("s2", "refused")
    assert play(process.build()).start().user_tasks == ["undo"]


def test_a_transaction_without_a_cancel_boundary_event_cannot_be_cancelled(play) -> None:
    process = ProcessBuilder("p").start().transaction("book").end()
    process.start("s", inside="book").end("refused", CANCEL, inside="book").chain("s", "refused")
    running = play(process.chain("start", "book", "end").build()).start()
    assert running.last(events.IncidentOpened).message == (
        "Expected a cancel boundary event on the transaction around 'refused', found none."
    )
