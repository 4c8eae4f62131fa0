"""Two nodes at once on the same database: T2, T7 and T13."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from engine.commands import CompleteUserTask, StartProcessInstance
from engine.model.clock import FixedClock
from engine.model.errors import UserTaskAlreadyCompleted
from engine.scheduler import run_due_work
from engine.store.chronicle import Entry, entries_of
from engine.store.instance_tables import history, process_instance
from engine.store.wait_tables import timer
from tests.doubles import MONDAY, OPERATOR, collaborators, person
from tests.house import House, bpmn, flows, user_task

T = TypeVar("T")
CLERKS = (person("wang", "clerk@21"), person("zhao", "clerk@21"))
ONE_STEP = bpmn("p", '<startEvent id="s"/>' + user_task("t") + '<endEvent id="e"/>' + flows("s t", "t e"))


@pytest.fixture
def nodes(database_url: str) -> Iterator[tuple[House, House]]:
    """Two engines with connections and caches of their own over one database."""
    first = House.at(database_url, collaborators(FixedClock(MONDAY)))
    second = House.at(database_url, first.collaborators, create=False)
    yield first, second
    first.close()
    second.close()


def at_once(*acts: Callable[[], T]) -> list[T]:
    """Let every act begin at the same moment, each in a thread of its own."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        barrier.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(timeout=120) for future in [pool.submit(run, act) for act in acts]]


def count(house: House, kind: str) -> int:
    return sum(1 for entry in told(house) if entry.kind == kind)


def told(house: House) -> list[Entry]:
    """The history of all instances."""
    with house.database.connect() as connection:
        rows = connection.execute(select(history)).all()
    return [entry for row in rows for entry in entries_of(row.seq, row.entries)]


def test_of_two_nodes_that_complete_each_user_task_one_wins_and_the_other_is_told(
    nodes: tuple[House, House],
) -> None:
    """T2."""
    races = 1_000
    nodes[0].deploy(p=ONE_STEP)
    open_ids = [nodes[0].start("p").opened_user_tasks[0] for _ in range(races)]

    def complete_all(house: House, clerk: Any) -> Callable[[], Sequence[str]]:
        def act() -> Sequence[str]:
            outcomes: list[str] = []
            for user_task_id in open_ids:
                try:
                    house.complete(clerk, user_task_id)
                    outcomes.append("won")
                except UserTaskAlreadyCompleted as refusal:
                    outcomes.append(refusal.facts["completed_by"])
            return outcomes

        return act

    of_wang, of_zhao = at_once(complete_all(nodes[0], CLERKS[0]), complete_all(nodes[1], CLERKS[1]))

    assert Counter(zip(of_wang, of_zhao, strict=True)).keys() <= {("won", "wang"), ("zhao", "won")}
    assert count(nodes[0], "UserTaskCompleted") == races
    assert count(nodes[0], "InstanceEnded") == races


def test_the_same_request_many_times_at_once_has_one_effect_and_identical_answers(
    nodes: tuple[House, House],
) -> None:
    """T7."""
    nodes[0].deploy(p=ONE_STEP)
    start = StartProcessInstance(actor=OPERATOR, process_definition_key="p", unit_code="21")
    answers = at_once(*[lambda node=nodes[n % 2]: node.dispatcher.dispatch(start, "start-1") for n in range(8)])
    complete = CompleteUserTask(actor=CLERKS[0], user_task_id=answers[0].opened_user_tasks[0])
    completed = at_once(*[lambda node=nodes[n % 2]: node.dispatcher.dispatch(complete, "done-1") for n in range(8)])

    assert len(set(answers)) == 1
    assert len(set(completed)) == 1
    with nodes[0].database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(process_instance)).scalar_one() == 1
    assert count(nodes[0], "UserTaskCompleted") == 1


def test_a_double_start_with_one_business_key_starts_once(nodes: tuple[House, House]) -> None:
    nodes[0].deploy(p=ONE_STEP)

    def start(node: House) -> str:
        try:
            return node.start("p", "PRJ:A01:2026").process_instance_id
        except Exception as refusal:
            return type(refusal).__name__

    outcomes = at_once(*[lambda node=nodes[n % 2]: start(node) for n in range(6)])

    assert sorted(Counter(outcomes).values()) == [1, 5]
    assert outcomes.count("AlreadyRunning") == 5


def test_fifty_timers_of_one_instance_drain_on_two_nodes(nodes: tuple[House, House]) -> None:
    """T13."""
    fifty = "".join(
        f'<boundaryEvent id="late{n}" attachedToRef="wait" cancelActivity="false"><timerEventDefinition>'
        f'<timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent><endEvent id="told{n}"/>'
        f'<sequenceFlow id="f{n}" sourceRef="late{n}" targetRef="told{n}"/>'
        for n in range(50)
    )
    body = '<startEvent id="s"/>' + user_task("wait") + fifty + '<endEvent id="e"/>' + flows("s wait", "wait e")
    first, second = nodes
    first.deploy(p=bpmn("p", body))
    first.start("p")
    first.move_to(MONDAY + timedelta(days=1))

    done = at_once(lambda: run_due_work(first.dispatcher), lambda: run_due_work(second.dispatcher))

    assert sum(each.failed for each in done) == 0
    assert sum(each.fired for each in done) >= 50
    with first.database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(timer)).scalar_one() == 0
    entered = [entry.element_id for entry in told(first) if entry.kind == "ElementEntered"]
    assert Counter(Counter(each for each in entered if each.startswith("told")).values()) == {1: 50}
