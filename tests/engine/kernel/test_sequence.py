"""Start, end and what stands between them in a row."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.kernel import apply, changes, events
from engine.kernel.graph import People
from engine.model.errors import WrongState
from tests.builders import ProcessBuilder, feel, literal, message
from tests.playing import Deployed, environment


def approval() -> ProcessBuilder:
    process = ProcessBuilder("approval")
    process.start().user_task("fill", groups="project_owner", due="5WD").user_task("check").end()
    return process.chain("start", "fill", "check", "end")


def test_a_process_runs_from_user_task_to_user_task_to_its_end(play) -> None:
    running = play(approval().build()).start(amount=Decimal(5))
    assert running.user_tasks == ["fill"]
    running.complete("fill", amount=Decimal(7))
    assert running.user_tasks == ["check"]
    assert running.variables == {"amount": Decimal(7)}
    running.complete("check")
    assert running.has_ended
    assert running.outcome == ("completed", "end")
    assert running.path == ["start", "fill", "check", "end"]


def test_a_second_completion_is_refused(play) -> None:
    running = play(approval().build()).start()
    token = running.last(events.UserTaskCreated).token
    running.complete("fill")
    with pytest.raises(WrongState, match=f"Expected token {token} to rest as user-task, but it is not there any more"):
        running.apply(changes.Complete(part=0, token=token))


def test_an_ended_instance_takes_no_change(play) -> None:
    running = play(approval().build()).start().complete("fill").complete("check")
    with pytest.raises(WrongState, match="Expected a running instance, but it has ended"):
        running.apply(changes.DeliverSignal(name="any"))


def test_abstract_and_manual_steps_pass_at_once(play) -> None:
    process = ProcessBuilder("p").start().abstract("note").end()
    running = play(process.chain("start", "note", "end").build()).start()
    assert running.has_ended


def test_two_thousand_automatic_nodes_in_a_row_run_in_one_step(play) -> None:
    process = ProcessBuilder("long").start()
    names = [f"n{number}" for number in range(2_000)]
    for name in names:
        process.abstract(name)
    running = play(process.end().chain("start", *names, "end").build()).start()
    assert running.has_ended
    assert len(running.path) == 2_002


def test_an_activity_without_outgoing_flows_ends_its_token(play) -> None:
    process = ProcessBuilder("p").start().user_task("only")
    running = play(process.chain("start", "only").build()).start().complete("only")
    assert running.outcome == ("completed", "")


def test_a_user_task_tells_who_may_do_it_and_until_when(play) -> None:
    process = ProcessBuilder("p").start().end()
    process.user_task(
        "review",
        name="复核",
        lane="finance",
        people=People(
            assignee=feel("owner"),
            candidate_groups=(literal("dept_perf, dept_head"), feel("more")),
            candidate_users=(feel('["li.wei"]'),),
            due=literal("due.review"),
            follow_up=literal("2WD"),
            priority=feel("80"),
            form_key="F-02",
            four_eyes_with=("fill",),
        ),
        properties={"clause": "S-27"},
        inputs={"limit": "amount / 2"},
    )
    process.chain("start", "review", "end")
    running = play(process.build()).start(amount=Decimal(10), more=["audit"], unit_code="21")
    assert running.last(events.UserTaskCreated) == events.UserTaskCreated(
        part=0,
        element_id="review",
        token=3,
        name="复核",
        form_key="F-02",
        assignee=None,
        candidate_groups=("dept_perf", "dept_head", "audit"),
        candidate_users=("li.wei",),
        # 5 working days after Monday, 2 March: Monday, 9 March, 18:00 Asia/Shanghai
        due_at=datetime(2026, 3, 9, 10, 0, tzinfo=UTC),
        follow_up_at=datetime(2026, 3, 4, 10, 0, tzinfo=UTC),
        priority=80,
        lane="finance",
        due_rule="due.review",
        properties={"clause": "S-27"},
        local_variables={"limit": Decimal(5)},
        four_eyes_with=("fill",),
        unit_code="21",
    )


def test_people_that_cannot_be_told_are_an_incident_that_can_be_retried(play) -> None:
    process = ProcessBuilder("p").start().end()
    process.user_task("review", people=People(candidate_groups=(feel("roles"),)))
    running = play(process.chain("start", "review", "end").build()).start(roles=Decimal(5))
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == (
        "expression",
        "Expected candidate groups, a text or a list of texts, but found a number.",
    )
    running.set(roles="dept_perf").retry("review")
    assert running.user_tasks == ["review"]
    assert running.last(events.UserTaskCreated).candidate_groups == ("dept_perf",)


@pytest.mark.parametrize(
    ("told", "priority"), [(80, 80), ("80", 80), (Decimal("80.0"), 80), (-3, -3), (2**31 - 1, 2**31 - 1)]
)
def test_a_priority_is_a_whole_number(play, told, priority) -> None:
    process = ProcessBuilder("p").start().user_task("review", people=People(priority=feel("prio"))).end()
    running = play(process.chain("start", "review", "end").build()).start(prio=told)
    assert running.last(events.UserTaskCreated).priority == priority


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (Decimal(10) ** 20, "another number"),
        (Decimal("1E+300"), "another number"),
        (Decimal("1.5"), "another number"),
        ("NaN", "a text of 3 characters"),
        ("urgent", "a text of 6 characters"),
        (True, "a truth value"),
        (None, "null"),
        ([1], "a list of 1"),
    ],
)
def test_what_is_no_priority_is_an_incident_that_can_be_retried(play, told, found) -> None:
    process = ProcessBuilder("p").start().user_task("review", people=People(priority=feel("prio"))).end()
    running = play(process.chain("start", "review", "end").build()).start(prio=told)
    incident = running.last(events.IncidentOpened)
    assert (incident.kind, incident.message) == (
        "expression",
        f"Expected a priority, a whole number from -2147483647 to 2147483647, but found {found}.",
    )
    assert running.set(prio=1).retry("review").user_tasks == ["review"]


def test_an_instance_starts_where_it_is_told(play) -> None:
    process = ProcessBuilder("p").start("normal").start("by_message", message("open"), outputs={"sum": "a + b"}).end()
    process.chain("normal", "end").user_task("check").chain("by_message", "check", "end")
    running = play(process.build()).start("by_message", a=Decimal(1), b=Decimal(2))
    assert running.user_tasks == ["check"]
    assert running.variables == {"a": Decimal(1), "b": Decimal(2), "sum": Decimal(3)}


def test_a_start_event_that_is_not_there_is_refused(play) -> None:
    with pytest.raises(WrongState, match="Expected start event 'other' in process 'approval', but it has none"):
        play(approval().build()).start("other")


def test_the_same_input_gives_the_same_outcome() -> None:
    graph = approval().build()
    start = changes.Start(graph_ref=graph.ref, business_key="K", variables={"a": Decimal(1)})
    assert apply(Deployed([graph]), None, start, environment()) == apply(Deployed([graph]), None, start, environment())
