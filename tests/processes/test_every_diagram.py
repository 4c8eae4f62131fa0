"""What holds for every diagram: it can be deployed, each user task is complete, and every path reaches an end."""

from __future__ import annotations

import tomllib

import pytest

from engine.kernel.graph import EventKind, Graph, Node, NodeKind
from processes.budget_performance.handlers import HANDLERS
from processes.budget_performance.package import AMONG_PROCESSES, ROLES, SENDERS
from tests.processes.drawn import CLAUSES, FORMS, ROWS, due_keys, graph, read, user_tasks
from tests.processes.rules.decisions import DECISIONS, FOLDER

#: BL 52 and the session of the congress.
BY_LAW = {"due.budget_approval.reply", "due.budget_approval.npc_approval"}
#: Read by the engine itself: how far the due day of any user task may be moved.
BY_THE_ENGINE = {"due.extension.longest"}
#: Asks one person and nobody else; without an answer it lapses by its own timer.
ASKS_ONE_PERSON = {("opinion", "give")}
DIAGRAMS = sorted(path.stem for path in FOLDER.glob("*.bpmn"))


@pytest.fixture(params=DIAGRAMS)
def key(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_diagram_is_read_without_a_fault_or_a_warning(key: str) -> None:
    assert [entry for entry in read(key).report.entries if entry.severity != "info"] == []


def test_each_user_task_has_people_and_a_form_that_exists(key: str) -> None:
    for node in user_tasks(graph(key)):
        assert node.people is not None, node.id
        asks_one = (key, node.id) in ASKS_ONE_PERSON and node.people.assignee is not None
        assert node.people.candidate_groups or asks_one, node.id
        assert node.people.form_key in FORMS, node.id


def test_each_user_task_has_configured_deadlines(key: str) -> None:
    for node in user_tasks(graph(key)):
        assert due_keys(node), node.id
        assert [each for each in due_keys(node) if each not in ROWS] == [], node.id


def test_each_user_task_cites_clauses_of_the_opinion(key: str) -> None:
    for node in user_tasks(graph(key)):
        cited = node.properties.get("clause", "").split()
        assert cited, node.id
        assert [each for each in cited if each not in CLAUSES] == [], node.id


def test_a_step_that_work_is_sent_back_to_has_five_working_days_at_most(key: str) -> None:
    """PROCESSES 0.3; the deadlines of the budget law and of the congress stay what they are."""
    short = {f"{days}WD" for days in range(1, 6)}
    for node in returnable(graph(key)):
        rules = {each: ROWS[each]["rule"] for each in due_keys(node)}
        again = [rule for each, rule in rules.items() if each.endswith(".rework")] or list(rules.values())
        if not set(rules) & BY_LAW:
            assert set(again) <= short, node.id


def test_a_step_that_work_was_sent_back_to_forgets_the_comment_when_it_is_done(key: str) -> None:
    for node in returnable(graph(key)):
        assert "return_comment" in {each.target for each in node.outputs}, node.id


def returnable(drawn: Graph) -> list[Node]:
    """User tasks of the process itself, one at a time, that another user task comes after."""
    onwards = {node.index: {flow.target for flow in drawn.flows if flow.source == node.index} for node in drawn.nodes}
    tasks = {node.index for node in user_tasks(drawn)}
    return [
        node
        for node in user_tasks(drawn)
        if node.loop is None and node.parent == -1 and (_reached({node.index}, onwards) - {node.index}) & tasks
    ]


def test_each_configured_deadline_of_the_process_is_asked_for(key: str) -> None:
    source = (read(key), graph(key))[1]
    asked = BY_THE_ENGINE | {each for node in user_tasks(source) for each in due_keys(node)}
    for node in source.nodes:
        if node.event is not None and node.event.timer is not None:
            asked |= {each for each in ROWS if each in node.event.timer.expression.source}
    assert [each for each in ROWS if each.startswith(f"due.{key}.") and each not in asked] == []


def test_everything_is_named_and_drawn(key: str) -> None:
    for node in graph(key).nodes:
        assert node.position is not None, node.id
        if node.kind not in (NodeKind.PARALLEL, NodeKind.EVENT_BASED):
            assert node.name, node.id


def test_every_step_can_be_reached_and_reaches_an_end(key: str) -> None:
    drawn = graph(key)
    onwards: dict[int, set[int]] = {node.index: set() for node in drawn.nodes}
    for flow in drawn.flows:
        onwards[flow.source].add(flow.target)
    for node in drawn.nodes:
        onwards[node.index].update(node.boundary)
    backwards = {index: {source for source, targets in onwards.items() if index in targets} for index in onwards}
    starts = {node.index for node in drawn.nodes if node.kind in (NodeKind.START, NodeKind.EVENT_SUB_PROCESS)}
    ends = {node.index for node in drawn.nodes if node.kind in (NodeKind.END, NodeKind.EVENT_SUB_PROCESS)}

    assert [drawn.nodes[index].id for index in onwards.keys() - _reached(starts, onwards)] == []
    assert [drawn.nodes[index].id for index in onwards.keys() - _reached(ends, backwards)] == []


def _reached(begin: set[int], ways: dict[int, set[int]]) -> set[int]:
    reached, left = set(begin), list(begin)
    while left:
        for index in ways[left.pop()] - reached:
            reached.add(index)
            left.append(index)
    return reached


def test_each_decision_asked_for_is_shipped(key: str) -> None:
    asked = [node for node in graph(key).nodes if node.kind is NodeKind.BUSINESS_RULE]
    assert [node.id for node in asked if node.work is None or node.work.name not in DECISIONS] == []


def test_each_service_asked_for_has_a_handler(key: str) -> None:
    asked = [node for node in graph(key).nodes if node.kind is NodeKind.SERVICE]
    assert [node.id for node in asked if node.work is None or node.work.name not in HANDLERS] == []


def test_what_the_main_loop_calls_is_not_started_by_those_it_is_about(key: str) -> None:
    """PROCESSES 0.7: a process is started in one way only. The loop is begun by whoever registers an object; what it
    calls, by hand only by the performance section (results of earlier years); the budget year by the budget section."""
    by_hand = {
        "main_loop": {
            *("project_owner", "dept_perf", "finance_division"),
            *("finance_perf", "finance_perf_lead", "finance_budget"),
        },
        "budget_approval": {"finance_budget"},
    }
    assert set(graph(key).starters.groups) == by_hand.get(key, {"finance_perf"})


def test_each_message_of_the_diagrams_comes_from_named_roles_or_from_processes_only() -> None:
    """Who could send budget.approved by hand would pass the gates: no goal, no library, no money (S-26)."""
    nodes = [node for key in DIAGRAMS for node in graph(key).nodes]
    named = {node.event.name for node in nodes if node.event and node.event.kind is EventKind.MESSAGE}
    assert named == SENDERS.keys() | AMONG_PROCESSES
    assert SENDERS.keys().isdisjoint(AMONG_PROCESSES)


def test_messages_from_outside_are_sent_by_roles_that_may_send_messages() -> None:
    roles = tomllib.loads(ROLES.read_text(encoding="utf-8"))["role"]
    able = {key for key, role in roles.items() if "correlate" in role["permissions"]}
    assert {name for name, senders in SENDERS.items() if senders.isdisjoint(able)} == set()
