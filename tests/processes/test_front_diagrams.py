"""What holds for every diagram from the main loop to the budget: it can be deployed, and each user task is complete."""

from __future__ import annotations

import pytest

from engine.kernel.graph import NodeKind
from tests.processes.drawn import CLAUSES, FORMS, ROWS, due_keys, graph, read, user_tasks

DIAGRAMS = ("goal_review", "ex_ante_assessment", "budget_approval")


@pytest.fixture(params=DIAGRAMS)
def key(request: pytest.FixtureRequest) -> str:
    return request.param


def test_the_diagram_is_read_without_a_fault_or_a_warning(key: str) -> None:
    assert [entry for entry in read(key).report.entries if entry.severity != "info"] == []


def test_each_user_task_has_people_and_a_form_that_exists(key: str) -> None:
    for node in user_tasks(graph(key)):
        assert node.people is not None, node.id
        assert node.people.candidate_groups, node.id
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


def test_each_configured_deadline_of_the_process_is_asked_for(key: str) -> None:
    source = (read(key), graph(key))[1]
    asked = {each for node in user_tasks(source) for each in due_keys(node)}
    for node in source.nodes:
        if node.event is not None and node.event.timer is not None:
            asked |= {each for each in ROWS if each in node.event.timer.expression.source}
    assert [each for each in ROWS if each.startswith(f"due.{key}.") and each not in asked] == []


def test_everything_is_named_and_drawn(key: str) -> None:
    for node in graph(key).nodes:
        assert node.position is not None, node.id
        if node.kind not in (NodeKind.PARALLEL, NodeKind.EVENT_BASED):
            assert node.name, node.id
