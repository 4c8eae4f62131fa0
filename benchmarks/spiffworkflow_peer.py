"""SpiffWorkflow's runtime on the same process, as its documentation shows it: its parser, its engine, its serializer.

The loop is that of its page on workflows (doc/bpmn/workflows.rst): run what is ready, refresh what waits after each
step, until people are asked. Duties are few, in its favour: one row for the state, one row a user task, no
authorisation, no form, no history, no idempotency, no timer rows. The state is written after each completion; either it
is also read before, or the workflow stays in memory, which its documentation does not show but a caller could do.
"""

from __future__ import annotations

from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Connection, Engine

from benchmarks import closed_loop
from engine.store.database import write_transaction

#: The loop is not followed any further.
ROUNDS_FOLLOWED = 1_000
_TABLES = (
    "CREATE TABLE peer_state (id TEXT PRIMARY KEY, state TEXT NOT NULL)",
    "CREATE TABLE peer_user_task (id TEXT PRIMARY KEY, instance TEXT NOT NULL, element TEXT NOT NULL, done INTEGER)",
    "CREATE INDEX peer_user_task_instance ON peer_user_task (instance)",
)
_SAVE = "INSERT INTO peer_state (id, state) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state"


class Peer:
    """Instances of the process over one database."""

    def __init__(self, database: Engine, *, kept_in_memory: bool) -> None:
        self._database = database
        self._kept = kept_in_memory
        self._live: dict[str, BpmnWorkflow] = {}
        self._mark = "?" if database.dialect.name == "sqlite" else "%s"
        parser = BpmnParser()
        for name, xml in closed_loop.files(closed_loop.PYTHON).items():
            parser.add_bpmn_xml(etree.fromstring(xml), filename=name)
        self._spec = parser.get_spec(closed_loop.MAIN)
        self._called = parser.get_subprocess_specs(closed_loop.MAIN)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        with write_transaction(database) as connection:
            for text in _TABLES:
                connection.exec_driver_sql(text)

    def start(self, instance: str, variables: dict[str, Any]) -> list[str]:
        """Returns the open user tasks."""
        workflow = BpmnWorkflow(self._spec, self._called)
        workflow.set_data(**variables)
        for step in workflow.get_tasks(state=TaskState.READY):
            step.data.update(variables)
        _run_until_people_are_asked(workflow)
        with write_transaction(self._database) as connection:
            return self._save(connection, instance, workflow, set())

    def complete(self, instance: str, user_task_id: str, submission: dict[str, Any]) -> list[str]:
        """Returns the user tasks that were opened."""
        with write_transaction(self._database) as connection:
            workflow = self._live[instance] if self._kept else self._load(connection, instance)
            step = next(each for each in self._open(workflow) if str(each.id) == user_task_id)
            known = {str(each.id) for each in self._open(workflow)}
            step.data.update(submission)
            step.run()
            _run_until_people_are_asked(workflow)
            self._run(connection, "UPDATE peer_user_task SET done = 1 WHERE id = ?", user_task_id)
            return self._save(connection, instance, workflow, known)

    def _load(self, connection: Connection, instance: str) -> BpmnWorkflow:
        found = self._run(connection, "SELECT state FROM peer_state WHERE id = ?", instance)
        return self._serializer.deserialize_json(found.scalar_one())

    def _save(self, connection: Connection, instance: str, workflow: BpmnWorkflow, known: set[str]) -> list[str]:
        if self._kept:
            self._live[instance] = workflow
        self._run(connection, _SAVE, instance, self._serializer.serialize_json(workflow))
        opened = [each for each in self._open(workflow) if str(each.id) not in known]
        for each in opened:
            text = "INSERT INTO peer_user_task (id, instance, element, done) VALUES (?, ?, ?, 0)"
            self._run(connection, text, str(each.id), instance, each.task_spec.bpmn_id)
        return [str(each.id) for each in opened]

    def _open(self, workflow: BpmnWorkflow) -> list[Any]:
        return workflow.get_tasks(state=TaskState.READY, manual=True)

    def _run(self, connection: Connection, text: str, *values: Any) -> Any:
        return connection.exec_driver_sql(text.replace("?", self._mark), values)


def _run_until_people_are_asked(workflow: BpmnWorkflow) -> None:
    """Everything that needs nobody; timers and messages are looked at after each step."""
    while (step := workflow.get_next_task(state=TaskState.READY, manual=False)) is not None:
        step.run()
        workflow.refresh_waiting_tasks()
        while (event := workflow.get_next_task(state=TaskState.READY, spec_class=CatchingEvent)) is not None:
            event.run()


def rounds_of_a_loop() -> tuple[int, int]:
    """How many rounds of `closed_loop.monitoring_loop` it completes before it fails, and bytes of state per round."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(closed_loop.monitoring_loop(closed_loop.PYTHON)))
    workflow = BpmnWorkflow(parser.get_spec("rounds"))
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    for step in workflow.get_tasks(state=TaskState.READY):
        step.data.update(n=0, limit=10 * ROUNDS_FOLLOWED)
    _run_until_people_are_asked(workflow)
    sizes: list[int] = []
    try:
        while len(sizes) < ROUNDS_FOLLOWED:
            (step,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            step.run()
            _run_until_people_are_asked(workflow)
            sizes.append(len(serializer.serialize_json(workflow)) if len(sizes) % 50 == 0 else 0)
    except RecursionError:
        pass
    measured = [(number, size) for number, size in enumerate(sizes) if size]
    (first, small), (last, large) = measured[0], measured[-1]
    return len(sizes), (large - small) // (last - first)
