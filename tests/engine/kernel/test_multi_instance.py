"""Multi-instance activities inside one part: up to BRANCH_THRESHOLD children."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.kernel import changes, events
from tests.builders import ProcessBuilder, error, escalation, many, message, timer


def signers(loop, **fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().user_task("sign", loop=loop, **fields).user_task("after").end()
    return process.chain("start", "sign", "after", "end")


NAMES = ["a", "b", "c"]


def test_a_parallel_loop_opens_all_children_each_with_its_element(play) -> None:
    running = play(signers(many("names", element="name")).build()).start(names=NAMES)
    assert running.user_tasks == ["sign"] * 3
    assert [event.local_variables for event in running.all(events.UserTaskCreated)] == [
        {"name": name} for name in NAMES
    ]
    running.complete("sign").complete("sign")
    assert running.user_tasks == ["sign"]
    running.complete("sign")
    assert running.user_tasks == ["after"]
    assert running.variables == {"names": NAMES}


def test_a_sequential_loop_opens_one_child_after_another(play) -> None:
    running = play(signers(many("names", element="name", sequential=True)).build()).start(names=NAMES)
    for name in NAMES:
        assert running.user_tasks == ["sign"]
        assert running.last(events.UserTaskCreated).local_variables == {"name": name}
        running.complete("sign", names=[])
    assert running.user_tasks == ["after"]


def test_a_cardinality_says_how_often(play) -> None:
    assert play(signers(many(times="n + 1")).build()).start(n=Decimal(3)).user_tasks == ["sign"] * 4


@pytest.mark.parametrize("sequential", [False, True])
def test_nothing_to_repeat_over_passes_with_an_empty_output(play, sequential) -> None:
    loop = many("names", sequential=sequential, collect=("1", "ones"))
    running = play(signers(loop).build()).start(names=[])
    assert (running.user_tasks, running.variables["ones"]) == (["after"], [])


@pytest.mark.parametrize(
    ("loop", "message_text"),
    [
        (many("names"), "Expected a list to repeat 'sign' over, but found a text of 1 character."),
        (
            many(times="names"),
            "Expected how often to repeat 'sign', a whole number from 0 on, but found a text of 1 character.",
        ),
    ],
)
def test_what_cannot_be_repeated_over_is_an_incident(play, loop, message_text) -> None:
    running = play(signers(loop).build()).start(names="x")
    assert running.last(events.IncidentOpened).message == message_text
    running.set(names=["a"])
    if loop.collection:
        assert running.retry("sign").user_tasks == ["sign"]


def test_the_counters_are_visible_inside(play) -> None:
    loop = many("names", element="name", collect=("[loopCounter, nrOfInstances, done]", "seen"))
    fields = {"inputs": {"done": "nrOfCompletedInstances", "active": "nrOfActiveInstances"}}
    process = ProcessBuilder("p").start().script("s", "{}", loop=loop, **fields).user_task("u").end()
    running = play(process.chain("start", "s", "u", "end").build()).start(names=NAMES)
    assert running.variables["seen"] == [[1, 3, 0], [2, 3, 1], [3, 3, 2]]


@pytest.mark.parametrize("sequential", [False, True])
def test_outputs_are_collected_in_the_order_of_the_children(play, sequential) -> None:
    loop = many("names", element="name", collect=("name + opinion", "opinions"), sequential=sequential)
    running = play(signers(loop).build()).start(names=NAMES)
    if not sequential:
        # the last child first
        part, tokens = running.state.parts[0], sorted(running.state.parts[0].tokens)
        assert part.number == 0
        for token, opinion in zip(tokens[:0:-1], "321", strict=True):
            running.apply(changes.Complete(part=0, token=token, variables={"opinion": opinion}))
    else:
        for opinion in "123":
            running.complete("sign", opinion=opinion)
    # what was collected leaves the children, nothing else does
    assert running.variables == {"names": NAMES, "opinions": ["a1", "b2", "c3"]}


def test_without_a_collected_output_children_write_to_the_variables_around(play) -> None:
    running = play(signers(many("names")).build()).start(names=NAMES).complete("sign", opinion="yes")
    assert running.variables["opinion"] == "yes"


def test_mapped_outputs_of_a_child_leave_the_loop(play) -> None:
    process = signers(many("names", element="name"), outputs={"last_signer": "name"})
    running = play(process.build()).start(names=NAMES).complete("sign", opinion="yes")
    assert running.variables == {"names": NAMES, "last_signer": "a"}


def test_mapped_outputs_can_be_collected(play) -> None:
    loop = many("names", element="name", collect=("text", "texts"))
    running = play(signers(loop, outputs={"text": "name + opinion"}).build()).start(names=["a", "b"])
    running.complete("sign", opinion="1").complete("sign", opinion="2")
    assert running.variables == {"names": ["a", "b"], "texts": ["a1", "b2"]}


def test_the_completion_condition_cancels_the_other_children(play) -> None:
    loop = many(
        "names", element="name", collect=("agree", "votes"), until="nrOfCompletedInstances = 2 or agree = false"
    )
    running = play(signers(loop).build()).start(names=NAMES).complete("sign", agree=True)
    assert running.user_tasks == ["sign", "sign"]
    running.complete("sign", agree=False)
    assert running.user_tasks == ["after"]
    assert running.variables["votes"] == [True, False]
    assert running.last(events.UserTaskCancelled).cause == "completion-condition"


def test_a_sequential_loop_stops_at_its_completion_condition(play) -> None:
    running = play(signers(many("names", sequential=True, until="agree = false")).build()).start(names=NAMES)
    assert running.complete("sign", agree=False).user_tasks == ["after"]


def test_a_completion_condition_that_fails_keeps_the_child_with_an_incident(play) -> None:
    loop = many("names", until="enough", collect=("agree", "votes"))
    running = play(signers(loop, outputs={"agree": "said"}).build()).start(names=["a", "b"], enough="?")
    running.complete("sign", said=True)
    assert (running.incidents, running.user_tasks) == (["sign"], ["sign"])
    assert running.last(events.IncidentOpened).kind == "expression"
    running.set(enough=False).retry("sign").complete("sign", said=False)
    assert running.variables["votes"] == [True, False]
    assert len(running.all(events.UserTaskCreated)) == 3


def test_a_boundary_event_belongs_to_the_loop_as_a_whole(play) -> None:
    process = signers(many("names")).user_task("late_next").boundary("late", "sign", timer("P1D"))
    running = play(process.chain("late", "late_next").build()).start(names=NAMES)
    assert running.waiting == ["late"]
    running.complete("sign").fire("late")
    assert running.user_tasks == ["late_next"]
    assert running.waiting == []


def test_a_sub_process_can_be_repeated_each_child_with_its_own_variables(play) -> None:
    loop = many("names", element="name", collect=("total", "totals"))
    process = ProcessBuilder("p").start().sub_process("sub", loop=loop, inputs={"total": "0"}).user_task("after").end()
    process.start("s", inside="sub").user_task("u1", inside="sub").user_task("u2", inside="sub").end("e", inside="sub")
    process.chain("start", "sub", "after", "end").chain("s", "u1", "u2", "e")
    running = play(process.build()).start(names=["a", "b"])
    running.complete("u1", total=Decimal(1)).complete("u1", total=Decimal(2))
    assert running.user_tasks == ["u2", "u2"]
    running.complete("u2", total=Decimal(10)).complete("u2")
    assert running.variables["totals"] == [Decimal(10), Decimal(2)]
    assert running.user_tasks == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_called_process_can_be_repeated(play, sequential) -> None:
    loop = many("names", element="name", collect=("grade", "grades"), sequential=sequential)
    process = ProcessBuilder("p").start().user_task("after").end()
    process.call("call", "review", loop=loop, inputs={"who": "name"}, outputs={"grade": "who + mark"})
    process.chain("start", "call", "after", "end")
    review = ProcessBuilder("review").start().user_task("look").end().chain("start", "look", "end")
    running = play(process.build(), review.build()).start(names=["a", "b"])
    running.complete("look", mark="1").complete("look", mark="2")
    assert running.variables == {"names": ["a", "b"], "grades": ["a1", "b2"]}


def test_an_error_in_a_child_is_caught_on_the_loop(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub", loop=many("names")).user_task("mend").end()
    process.start("s", inside="sub").user_task("u", inside="sub").end("bad", error("E1"), inside="sub").chain(
        "s", "u", "bad"
    )
    process.boundary("wrong", "sub", error("E1")).chain("start", "sub", "end").chain("wrong", "mend")
    running = play(process.build()).start(names=NAMES).complete("u")
    assert running.user_tasks == ["mend"]


def test_an_escalation_in_a_child_is_caught_on_the_loop_and_lets_it_go_on(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub", loop=many("names")).user_task("urge").end()
    process.start("s", inside="sub").throw("tell", escalation("slow"), inside="sub").user_task("u", inside="sub")
    process.chain("s", "tell", "u").boundary("told", "sub", escalation(), interrupting=False)
    process.chain("start", "sub", "end").chain("told", "urge")
    running = play(process.build()).start(names=["a", "b"])
    assert sorted(running.user_tasks) == ["u", "u", "urge", "urge"]


def test_a_receive_step_can_be_repeated_with_a_key_of_its_own(play) -> None:
    process = ProcessBuilder("p").start().end()
    process.receive("wait", message("paid", "name"), loop=many("names", element="name"))
    running = play(process.chain("start", "wait", "end").build()).start(names=["a", "b"])
    assert [event.correlation_key for event in running.all(events.MessageAwaited)] == ["a", "b"]
    assert running.deliver("wait").deliver("wait").has_ended


def test_loops_nest(play) -> None:
    process = ProcessBuilder("p").start().sub_process("sub", loop=many("rows", element="row")).end()
    process.start("s", inside="sub").user_task("u", inside="sub", loop=many("row", element="cell")).end(
        "e", inside="sub"
    )
    process.chain("start", "sub", "end").chain("s", "u", "e")
    running = play(process.build()).start(rows=[["a", "b"], ["c"], []])
    assert [event.local_variables["cell"] for event in running.all(events.UserTaskCreated)] == ["a", "b", "c"]
    for _ in range(3):
        running.complete("u")
    assert running.has_ended
