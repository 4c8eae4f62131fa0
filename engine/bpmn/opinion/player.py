"""Plays a test case on SpiffWorkflow's runtime and says what could be seen."""

# pyright: basic

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, StartEvent
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import EventBasedGatewayMixin
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.opinion.cases import Broadcast, Complete, Pass, Receive, Showing, Sight, Step
from engine.bpmn.opinion.parser import DiagramParser
from engine.bpmn.opinion.steps import Message, PlanEngine, Signal, SteppedClock, UserTask, stepped_clock
from engine.bpmn.vocabulary import bpmn
from engine.xml import Element

#: Events that somebody or something outside must bring; errors and escalations come from inside.
_AWAITED = (MessageEventDefinition, SignalEventDefinition, TimerEventDefinition)
_ROUNDS = 1000
#: Behind a cancelled transaction SpiffWorkflow never calls itself complete, though nothing is left to do.
_ALIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
#: Timers fire when their instant has passed, not when it is reached.
_MOMENT = timedelta(microseconds=1)


def _is_left_out(spec: Any) -> bool:
    """Starts of event sub-processes, and boundary events that let their host go on (see `Sight.waits`)."""
    return isinstance(spec, StartEvent) or (isinstance(spec, BoundaryEvent) and not spec.cancel_activity)


class Model:
    """A translated diagram, parsed as seldom as can be and played often."""

    def __init__(
        self, root: Element, process_id: str, shown: Mapping[str, str], facts: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._root = root
        self._process_id = process_id
        self._shown = shown
        self._facts = facts
        self._parsed: tuple[Any, Any] | None = self._parse()
        #: A play of a diagram with event sub-processes leaves its traces in SpiffWorkflow's specification.
        self._lasts = not any(each.get("triggeredByEvent") == "true" for each in root.iter(bpmn("subProcess")))

    def _parse(self) -> tuple[Any, Any]:
        parser = DiagramParser()
        parser.add_bpmn_xml(self._root)
        return parser.get_spec(self._process_id), parser.get_subprocess_specs(self._process_id)

    def play(self, variables: Mapping[str, Any], steps: Sequence[Step], replay: Mapping[str, list[Any]]) -> Showing:
        """Start an instance and take the steps.

        Args:
            variables: at the start.
            steps: what people, time and other processes do.
            replay: by element id, what services, decisions and calls answer; a text is the code of an error.

        Returns:
            What was seen up to the first step that could not be taken.
        """
        spec, inside = self._parsed or self._parse()
        self._parsed = (spec, inside) if self._lasts else None
        with stepped_clock():
            workflow = BpmnWorkflow(spec, inside, script_engine=PlanEngine(self._facts, replay))
            return Performance(workflow, self._shown).run(variables, steps)


class Performance:
    """One instance on its way."""

    def __init__(self, workflow: BpmnWorkflow, shown: Mapping[str, str]) -> None:
        self._workflow = workflow
        self._shown = shown
        self._failed = False
        #: What SpiffWorkflow said when it failed.
        self.failure = ""

    def run(self, variables: Mapping[str, Any], steps: Sequence[Step]) -> Showing:
        self._workflow.get_next_task(spec_name="Start").set_data(**variables)
        self._proceed()
        sights = [self._sight()]
        for step in steps:
            if self._failed or not self._can_take(step):
                break
            self._take(step)
            sights.append(self._sight())
        ended = sights[-1].state == "ended"
        return Showing(sights=tuple(sights), variables=dict(self._workflow.last_task.data) if ended else {})

    def _proceed(self) -> None:
        """Run to the next rest; what SpiffWorkflow raises on the way is a failure of the instance.

        One call of `do_engine_steps` may leave steps ready behind a sub-process that was left by an event.
        """
        try:
            for _ in range(_ROUNDS):
                self._workflow.do_engine_steps()
                if all(task.task_spec.manual for task in self._workflow.get_tasks(state=TaskState.READY)):
                    break
        except SpiffWorkflowException as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._failed = True
        self.failure = f"{type(error).__name__}: {error}"

    def _can_take(self, step: Step) -> bool:
        """Whether the user task is open; where it is not, what was seen before is different already."""
        return not isinstance(step, Complete) or step.element_id in map(self._name, self._user_tasks())

    def _take(self, step: Step) -> None:
        if isinstance(step, Complete):
            self._complete(step)
        elif isinstance(step, Pass):
            self._pass(step.time)
        elif isinstance(step, Receive):
            self._workflow.catch(BpmnEvent(Message(step.name), payload=dict(step.variables), correlations={}))
            self._proceed()
        else:
            assert isinstance(step, Broadcast)
            self._workflow.catch(BpmnEvent(Signal(step.name), payload={}))
            self._proceed()

    def _complete(self, step: Complete) -> None:
        task = next(task for task in self._user_tasks() if self._name(task) == step.element_id)
        task.data.update(step.variables)
        try:
            task.run()
        except SpiffWorkflowException as error:
            self._fail(error)
        self._proceed()

    def _pass(self, time: timedelta) -> None:
        """Move the clock from one due timer to the next, so that they fire in the order of their instants."""
        until = SteppedClock.instant + time
        while not self._failed:
            due = [instant for instant in self._due_instants() if instant <= until]
            if not due:
                break
            instant = max(SteppedClock.instant, min(due))
            SteppedClock.instant = instant + _MOMENT
            self._workflow.refresh_timers()
            SteppedClock.instant = instant
            self._proceed()
        SteppedClock.instant = until

    def _due_instants(self) -> Iterator[datetime]:
        for task in self._workflow.event_manager.tasks.values():
            value = task.internal_data.get("event_value")
            if isinstance(value, str):
                yield datetime.fromisoformat(value)

    def _user_tasks(self) -> list[Any]:
        """READY user tasks, the earliest first."""
        ready = [
            task for task in self._workflow.get_tasks(state=TaskState.READY) if isinstance(task.task_spec, UserTask)
        ]
        return sorted(ready, key=lambda task: task.last_state_change)

    def _waits(self) -> Iterator[str]:
        for task in self._workflow.event_manager.tasks.values():
            if isinstance(task.task_spec, EventBasedGatewayMixin):
                yield from (self._shown.get(each.bpmn_id, "") for each in task.task_spec.outputs)
            elif isinstance(task.task_spec.event_definition, _AWAITED) and not _is_left_out(task.task_spec):
                yield self._name(task)

    def _name(self, task: Any) -> str:
        return self._shown.get(task.task_spec.bpmn_id, "")

    def _sight(self) -> Sight:
        if self._failed:
            return Sight(state="failed")
        if self._workflow.completed or not self._workflow.get_tasks(state=_ALIVE):
            return Sight(state="ended")
        return Sight(
            user_tasks=tuple(sorted(self._name(task) for task in self._user_tasks())),
            waits=tuple(sorted(self._waits())),
        )
