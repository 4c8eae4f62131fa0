"""Big multi-instance bodies: each child is a part of its own, and its siblings cost nothing."""

from __future__ import annotations

from decimal import Decimal

from engine.kernel import apply, changes, events
from engine.kernel.state import BRANCH_THRESHOLD, PartKind, State
from tests.builders import ProcessBuilder, condition, error, many, signal, timer
from tests.playing import Play, environment

MANY = BRANCH_THRESHOLD + 20


def signers(loop, **fields) -> ProcessBuilder:
    process = ProcessBuilder("p").start().user_task("sign", loop=loop, **fields).user_task("after").end()
    return process.chain("start", "sign", "after", "end")


def children(play: Play) -> list[tuple[int, int]]:
    """Part and token of every open child."""
    return [
        (part.number, token)
        for part in play.state.parts.values()
        for token in part.tokens
        if part.kind is PartKind.BRANCH
    ]


def complete(play: Play, child: tuple[int, int], **variables):
    return play.apply(changes.Complete(part=child[0], token=child[1], variables=variables))


def names(count: int = MANY) -> list[str]:
    return [f"n{number}" for number in range(count)]


def test_each_child_of_a_big_body_is_a_part(play) -> None:
    running = play(signers(many("names", element="name")).build()).start(names=names())
    # the owner, the body, the children
    assert len(running.state.parts) == MANY + 2
    created = running.all(events.UserTaskCreated)
    assert [event.local_variables["name"] for event in created] == names()
    assert len({event.part for event in created}) == MANY


def test_at_the_threshold_the_children_stay_in_one_part(play) -> None:
    running = play(signers(many("names")).build()).start(names=names(BRANCH_THRESHOLD))
    assert set(running.state.parts) == {0}


def test_a_completion_touches_the_body_and_the_child_alone(play) -> None:
    loop = many("names", element="name", collect=("opinion", "opinions"))
    running = play(signers(loop).build()).start(names=names())
    body = min(number for number in running.state.parts if number)
    child = children(running)[7]
    outcome = complete(running, child, opinion=Decimal(1))
    # what the child gives is kept with it until the end
    assert (outcome.changed, outcome.removed) == (frozenset({body, child[0]}), frozenset())
    assert running.state.parts[child[0]].tokens == {}


def test_without_outputs_a_completed_child_is_removed(play) -> None:
    running = play(signers(many("names"), outputs={}).build()).start(names=names())
    body = min(number for number in running.state.parts if number)
    child = children(running)[7]
    outcome = complete(running, child)
    assert (outcome.changed, outcome.removed) == (frozenset({body}), frozenset({child[0]}))


def test_all_children_done_the_outputs_are_collected_in_order_and_the_parts_are_gone(play) -> None:
    loop = many("names", element="name", collect=("name + opinion", "opinions"))
    running = Play(signers(loop).build()).start(names=names())
    for child in reversed(children(running)):
        complete(running, child, opinion="!")
    assert running.user_tasks == ["after"]
    assert running.variables["opinions"] == [f"{name}!" for name in names()]
    assert set(running.state.parts) == {0}


def test_the_completion_condition_cancels_the_children_that_are_left(play) -> None:
    loop = many("names", until="nrOfCompletedInstances >= 2", collect=("loopCounter", "numbers"))
    running = play(signers(loop).build()).start(names=names())
    complete(running, children(running)[5])
    complete(running, children(running)[1])
    assert running.user_tasks == ["after"]
    assert running.variables["numbers"] == [Decimal(2), Decimal(6)]
    assert len(running.all(events.UserTaskCancelled)) == MANY - 2
    assert set(running.state.parts) == {0}


def test_children_read_and_write_the_variables_of_their_owner(play) -> None:
    running = play(signers(many("names"), inputs={"seen": "limit"}).build()).start(names=names(), limit=Decimal(4))
    assert running.last(events.UserTaskCreated).local_variables == {"seen": Decimal(4)}
    complete(running, children(running)[0], opinion="yes")
    assert running.variables["opinion"] == "yes"


def test_a_boundary_event_cancels_every_child(play) -> None:
    process = signers(many("names")).user_task("late_next").boundary("late", "sign", timer("P1D"))
    running = play(process.chain("late", "late_next").build()).start(names=names())
    complete(running, children(running)[3])
    running.fire("late")
    assert running.user_tasks == ["late_next"]
    assert set(running.state.parts) == {0}
    assert len(running.all(events.UserTaskCancelled)) == MANY - 1


def test_an_error_in_a_child_is_caught_on_the_loop(play) -> None:
    process = signers(many("names")).user_task("mend").boundary("wrong", "sign", error("E1")).chain("wrong", "mend")
    running = play(process.build()).start(names=names())
    part, token = children(running)[3]
    running.apply(changes.RaiseBpmnError(part=part, token=token, error_code="E1"))
    assert running.user_tasks == ["mend"]
    assert set(running.state.parts) == {0}


def repeated_sub_process(event) -> ProcessBuilder:
    process = (
        ProcessBuilder("p").start().sub_process("sub", loop=many("names", element="name")).user_task("after").end()
    )
    process.start("s", inside="sub").user_task("u", inside="sub").user_task("told", inside="sub")
    process.boundary("b", "u", event).chain("b", "told").chain("s", "u").chain("start", "sub", "after", "end")
    return process


def test_a_signal_reaches_what_waits_inside_the_children(play) -> None:
    running = play(repeated_sub_process(signal("stop")).build()).start(names=names())
    running.broadcast("stop")
    assert running.user_tasks == ["told"] * MANY


def test_a_condition_on_the_owners_variables_is_seen_inside_the_children(play) -> None:
    running = play(repeated_sub_process(condition("stopped")).build()).start(names=names(), stopped=False)
    running.set(stopped=True)
    assert running.user_tasks == ["told"] * MANY


def test_called_processes_can_be_repeated_in_great_number(play) -> None:
    process = ProcessBuilder("p").start().call("call", "review", loop=many("names"), outputs={"x": "x"}).end()
    review = ProcessBuilder("review").start().user_task("look").end().chain("start", "look", "end")
    running = play(process.chain("start", "call", "end").build(), review.build()).start(names=names())
    assert len(running.state.parts) == 2 + 2 * MANY
    running.cancel()
    assert running.has_ended


def test_cancelling_the_instance_ends_every_child(play) -> None:
    running = play(signers(many("names")).build()).start(names=names())
    complete(running, children(running)[0])
    outcome = running.apply(changes.Cancel(reason="over"))
    assert len(outcome.removed) == MANY + 1
    assert len(running.all(events.UserTaskCancelled)) == MANY - 1


def test_children_that_run_through_at_once_end_the_loop(play) -> None:
    loop = many("names", element="name", collect=("size", "sizes"))
    process = ProcessBuilder("p").start().script("s", "{size: string length(name)}", loop=loop).user_task("after").end()
    running = play(process.chain("start", "s", "after", "end").build()).start(names=names())
    assert running.variables["sizes"] == [Decimal(len(name)) for name in names()]
    assert set(running.state.parts) == {0}


class Recording(dict):
    """Parts that remember which of them were asked for, and refuse to be gone through."""

    def __init__(self, parts) -> None:
        super().__init__(parts)
        self.asked: set[int] = set()

    def get(self, number, default=None):
        self.asked.add(number)
        return super().get(number, default)

    def __iter__(self):
        raise AssertionError("a step must not go through all parts")

    keys = values = items = __iter__  # type: ignore[assignment]


def test_a_step_asks_for_the_parts_it_needs_by_number() -> None:
    running = Play(signers(many("names", element="name", collect=("name", "seen"))).build()).start(names=names())
    body = min(number for number in running.state.parts if number)
    child = children(running)[7]
    parts = Recording(running.state.parts)
    change = changes.Complete(part=child[0], token=child[1])
    apply(running.graphs, State(parts, running.state.next_number), change, environment())
    assert parts.asked == {body, child[0]}
