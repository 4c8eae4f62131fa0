"""SpiffWorkflow's steps with what it leaves to its host: expressions, mappings, answers of the outside, the clock.

SpiffWorkflow decides where tokens go. What the house adds here are expressions as plans (see `python_table`), the
replayed answers of services, input and output mappings, and a clock that a test case moves.
"""

# SpiffWorkflow ships no types; what touches it stays in this file, `parser` and `player`.
# pyright: basic, reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs import mixins
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.event_definitions import timer as spiff_timers
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition, SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.util import BpmnEvent

from engine.bpmn.opinion import python_table
from engine.bpmn.opinion.plan import TOLD
from engine.bpmn.opinion.spans import START, instant_of
from engine.model.calendar import SHANGHAI


class SteppedClock(datetime):
    """Stands in for `datetime` in SpiffWorkflow's timers, which ask the operating system otherwise."""

    instant = START

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return cls.instant.astimezone(tz) if tz is not None else cls.instant.replace(tzinfo=None)


@contextmanager
def stepped_clock() -> Iterator[type[SteppedClock]]:
    """Put the clock of this house into the one module of SpiffWorkflow that reads one."""
    original = spiff_timers.datetime
    SteppedClock.instant = START
    spiff_timers.datetime = SteppedClock
    try:
        yield SteppedClock
    finally:
        spiff_timers.datetime = original


class PlanEngine(PythonScriptEngine):
    """Evaluates plans; nothing that it is given is run as Python."""

    def __init__(self, facts: Mapping[str, Any], replay: Mapping[str, list[Any]]) -> None:
        super().__init__(environment=_NoEnvironment())
        self.facts = facts
        self.replay = {element_id: list(answers) for element_id, answers in replay.items()}

    def validate(self, expression: str) -> None:
        json.loads(expression)

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        plan = json.loads(expression)
        if plan[0] == "timer":
            kind, rule = plan[1:]
            due = self.answer(rule[1]) if rule[0] == TOLD else python_table.run(rule, seen_by(task))
            return _timer_words(kind, due, SteppedClock.instant)
        value = python_table.run(plan, seen_by(task))
        return int(value) if isinstance(value, Decimal) else value

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        _, plan, name = json.loads(script)
        value = python_table.run(plan, seen_by(task))
        task.data.update({name: value} if name else value)
        return True

    def answer(self, element_id: str) -> Any:
        """The next answer of the outside at an element; the last one stays."""
        answers = self.replay.get(element_id) or [{}]
        return answers.pop(0) if len(answers) > 1 else answers[0]


class _NoEnvironment:
    """SpiffWorkflow's place for Python globals: there are none."""

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:
        return python_table.run(json.loads(expression), context)


def _timer_words(kind: str, rule: Any, now: datetime) -> str:
    due = instant_of(rule, now)
    if due is None:
        raise WorkflowTaskException(f"a timer that is not known here: {rule!r}")
    return due.isoformat() if kind == "date" else f"PT{max(0.0, (due - now).total_seconds())}S"


def seen_by(task: Any) -> Mapping[str, Any]:
    """The data of a step, the present instant, and the counters of its loop, which SpiffWorkflow does not have."""
    seen = {**task.data, python_table.NOW: SteppedClock.instant.astimezone(SHANGHAI)}
    loop = task if "merged" in task.internal_data else task.parent
    if loop is None or "merged" not in loop.internal_data:
        return seen
    children = [child for child in loop.children if child.task_spec.name == loop.task_spec.task_spec]
    done = len(loop.internal_data["merged"])
    ahead = len(loop.internal_data.get("remaining", ()))
    counters = {
        "loopCounter": children.index(task) + 1 if task in children else len(children),
        "nrOfInstances": loop.internal_data.get("cardinality") or len(children) + ahead,
        "nrOfCompletedInstances": done,
        "nrOfActiveInstances": len(children) - done,
    }
    return {**seen, **{name: Decimal(count) for name, count in counters.items()}}


class Envelope(BpmnTaskSpec):
    """Input and output mappings around a step, as `engine.kernel.variables` describes them."""

    def _facts(self, my_task: Any) -> Mapping[str, Any]:
        return my_task.workflow.script_engine.facts.get(self.bpmn_id, {})

    def _update_hook(self, my_task: Any) -> Any:
        result = super()._update_hook(my_task)
        if "around" not in my_task.internal_data:
            my_task.internal_data["around"] = dict(my_task.data)
            my_task.data.update(my_task.internal_data.pop("payload", {}))
            for target, plan in self._facts(my_task).get("inputs", ()):
                my_task.data[target] = python_table.run(plan, seen_by(my_task))
        return result

    def _on_complete_hook(self, my_task: Any) -> None:
        around = my_task.internal_data.pop("around", None)
        facts = self._facts(my_task)
        inputs, outputs = facts.get("inputs", ()), facts.get("outputs", ())
        if around is not None and outputs:
            mapped = {target: python_table.run(plan, seen_by(my_task)) for target, plan in outputs}
            my_task.data = {**around, **mapped}
        elif around is not None:
            for target, _ in inputs:
                my_task.data.pop(target, None)
                if target in around:
                    my_task.data[target] = around[target]
        super()._on_complete_hook(my_task)


class UserTask(mixins.UserTaskMixin, Envelope, BpmnSpecMixin):
    pass


class PassedTask(Envelope, BpmnSpecMixin):
    """An abstract or manual task: passes at once here, while SpiffWorkflow's own would wait for a person."""


class ScriptTask(mixins.ScriptTaskMixin, Envelope, BpmnSpecMixin):
    pass


class ReplayedTask(mixins.ServiceTaskMixin, Envelope, BpmnSpecMixin):
    """A service, a decision, or a call that leaves the test: writes what our side was answered."""

    def _execute(self, task: Any) -> bool | None:
        answer = task.workflow.script_engine.answer(self._facts(task).get("replay", ""))
        if not isinstance(answer, str):
            task.data.update(answer)
            return True
        known = ErrorEventDefinition(answer, answer)
        before = len(task.workflow.top_workflow.bpmn_events)
        task.workflow.top_workflow.catch(BpmnEvent(known, payload={}, target=task.workflow))
        if len(task.workflow.top_workflow.bpmn_events) > before:
            raise WorkflowTaskException(f"nobody catches error {answer}")
        return None


class SubProcess(mixins.SubWorkflowTaskMixin, Envelope, BpmnSpecMixin):
    pass


class Transaction(mixins.TransactionSubprocessMixin, Envelope, BpmnSpecMixin):
    pass


class EventSubProcess(mixins.EventSubprocessMixin, BpmnSpecMixin):
    pass


class CallActivity(mixins.CallActivityMixin, BpmnSpecMixin):
    """Passes what the mappings name and nothing else."""

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        facts = my_task.workflow.script_engine.facts[self.bpmn_id]
        start = subworkflow.get_next_task(subworkflow.task_tree, skip_subprocesses=True, spec_name="Start")
        passed = deepcopy(my_task.data) if facts["all_in"] else {}
        for target, plan in facts["inputs"]:
            passed[target] = python_table.run(plan, seen_by(my_task))
        start.set_data(**passed)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        facts = my_task.workflow.script_engine.facts[self.bpmn_id]
        result = deepcopy(subworkflow.last_task.data)
        seen = {**seen_by(my_task), **result}
        mapped = {target: python_table.run(plan, seen) for target, plan in facts["outputs"]}
        my_task.data.update({**(result if facts["all_out"] else {}), **mapped})


class ReceiveTask(mixins.ReceiveTaskMixin, Envelope, BpmnSpecMixin):
    pass


class CatchEvent(mixins.IntermediateCatchEventMixin, Envelope, BpmnSpecMixin):
    pass


class EventBasedGateway(mixins.EventBasedGatewayMixin, BpmnSpecMixin):
    """Hands what the event brought to the event behind it, whose output mappings decide what stays."""

    def _run_hook(self, my_task: Any) -> Any:
        before = dict(my_task.data)
        result = super()._run_hook(my_task)
        brought = {name: value for name, value in my_task.data.items() if before.get(name, self) != value}
        my_task.data = before
        for child in my_task.children:
            child.internal_data["payload"] = brought
        return result


class Message(MessageEventDefinition):
    """Carries what the inputs of the throwing event map, not everything it sees."""

    def throw(self, my_task: Any) -> None:
        event = BpmnEvent(self, payload=_mapped_inputs(my_task), correlations={})
        my_task.workflow.top_workflow.catch(event)


class Signal(SignalEventDefinition):
    """Carries what the inputs of the throwing event map."""

    def throw(self, my_task: Any) -> None:
        event = BpmnEvent(self, payload=_mapped_inputs(my_task), correlations={})
        my_task.workflow.top_workflow.catch(event)


def _mapped_inputs(my_task: Any) -> dict[str, Any]:
    facts = my_task.workflow.script_engine.facts.get(my_task.task_spec.bpmn_id, {})
    return {target: python_table.run(plan, seen_by(my_task)) for target, plan in facts.get("inputs", ())}


class PlanInput:
    """A collection that is an expression; SpiffWorkflow only knows names of variables."""

    def __init__(self, text: str) -> None:
        self.bpmn_id = text
        self._plan = json.loads(text)

    def get(self, my_task: Any) -> Any:
        return python_table.run(self._plan, seen_by(my_task))

    def exists(self, my_task: Any) -> bool:
        return True


class PlanOutput(PlanInput):
    """What one child of a multi-instance step gives; the step itself has no such thing."""

    def exists(self, my_task: Any) -> bool:
        return my_task.task_spec.name.endswith("[child]")


class _FreshLoop(BpmnTaskSpec):
    """Begins every loop without its result and element variable: SpiffWorkflow refuses to run it a second time."""

    def _update_hook(self, my_task: Any) -> Any:
        result = super()._update_hook(my_task)
        for reference in (self.data_output, self.input_item):
            if reference is not None:
                my_task.data.pop(reference.bpmn_id, None)
        return result


class ParallelMultiInstance(mixins.ParallelMultiInstanceTaskMixin, _FreshLoop, BpmnSpecMixin):
    pass


class SequentialMultiInstance(mixins.SequentialMultiInstanceTaskMixin, _FreshLoop, BpmnSpecMixin):
    pass
