"""SpiffWorkflow as it ships, on its own files: its parsers, its Python scripts, its runtime.

Only for the command `spiff_models`, which runs SpiffWorkflow's own test models; the product never runs Python.
"""

# pyright: basic

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.data_spec import BpmnDataStoreSpecification
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.camunda.parser.CamundaParser import CamundaParser
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.opinion.cases import Broadcast, Receive, Step
from engine.bpmn.opinion.player import Performance
from engine.bpmn.opinion.steps import SteppedClock
from engine.xml import parse_xml


class DataStore(BpmnDataStoreSpecification):
    """A data store that keeps its value in the step."""

    def get(self, my_task: Any) -> None:
        my_task.data.setdefault(self.bpmn_id, None)

    def set(self, my_task: Any) -> None:
        my_task.data.setdefault(self.bpmn_id, None)

    def delete(self, my_task: Any) -> None:
        """Stays, as a variable of ours would."""


class _AnyStore(dict[str, Any]):
    """Every data store is one of ours."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> type[DataStore]:
        return DataStore


class One(int):
    """A number that scripts may also treat as a text."""

    def upper(self) -> str:
        return "ONE"

    def lower(self) -> str:
        return "one"


def _silent(*values: object) -> None:
    """The models print; nobody reads it here."""


PARSERS = {"bpmn": BpmnParser, "camunda": CamundaParser, "spiff": SpiffBpmnParser}


class DoneElsewhere(BpmnSpecMixin):
    """Services and decision tables of the models are Python of its host; both engines go on without an answer."""


class _DecisionParser(TaskParser):
    """Names no decision table, so that none is looked for."""

    @staticmethod
    def get_decision_ref(node: Any) -> str:
        return ""


class StockModel:
    """A process of SpiffWorkflow's own with what it calls, parsed by the parser of its folder."""

    def __init__(self, flavour: str, files: Mapping[str, bytes], decisions: Sequence[bytes], key: str) -> None:
        """Raises ValidationException, SpiffWorkflowException as SpiffWorkflow does."""
        parser = PARSERS[flavour]()
        parser.OVERRIDE_PARSER_CLASSES = {
            **parser.OVERRIDE_PARSER_CLASSES,
            full_tag("serviceTask"): (TaskParser, DoneElsewhere),
            full_tag("businessRuleTask"): (_DecisionParser, DoneElsewhere),
        }
        parser.DATA_STORE_CLASSES = _AnyStore()
        #: Held, because the parser knows its documents by their addresses.
        self._roots = [parse_xml(file) for file in (*files.values(), *decisions)]
        for root, name in zip(self._roots, files, strict=False):
            parser.add_bpmn_xml(root, name)
        if flavour != "bpmn":
            for root in self._roots[len(files) :]:
                parser.add_dmn_xml(root, "decision")
        self.spec = parser.get_spec(key)
        self.inside = parser.get_subprocess_specs(key)

    def play(self) -> StockPerformance:
        return StockPerformance(self.spec, self.inside)


class StockPerformance(Performance):
    """An instance on the stock runtime, looked at with our eyes."""

    def __init__(self, spec: Any, inside: Any) -> None:
        scripts = TaskDataEnvironment(
            {"datetime": SteppedClock, "timedelta": timedelta, "custom_function": str, "print": _silent}
        )
        workflow = BpmnWorkflow(spec, inside, script_engine=PythonScriptEngine(environment=scripts))
        for name in workflow.data_objects:
            workflow.data_objects[name] = One(1)
        super().__init__(workflow, _Same())

    def _take(self, step: Step) -> None:
        if isinstance(step, Receive):
            for task, definition in self._awaiting(MessageEventDefinition, step.name):
                payload = _payload(definition, step.variables)
                self._catch(BpmnEvent(definition, payload=payload, correlations=dict(task.workflow.correlations)))
                break
        elif isinstance(step, Broadcast):
            for _, definition in self._awaiting(SignalEventDefinition, step.name):
                self._catch(BpmnEvent(definition, payload={}))
                break
        else:
            super()._take(step)

    def _awaiting(self, kind: type[Any], name: str) -> Iterator[tuple[Any, Any]]:
        """Steps that wait for a message or signal, with their own kind of its definition."""
        for task in list(self._workflow.event_manager.tasks.values()):
            definition = task.task_spec.event_definition
            for each in getattr(definition, "event_definitions", [definition]):
                if isinstance(each, kind) and each.name == name:
                    yield task, each

    def _catch(self, event: BpmnEvent) -> None:
        try:
            self._workflow.catch(event)
        except SpiffWorkflowException as error:
            self._fail(error)
        self._proceed()

    def _user_tasks(self) -> list[Any]:
        ready = [task for task in self._workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
        return sorted(ready, key=lambda task: task.last_state_change)


def _payload(definition: MessageEventDefinition, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Camunda's flavour of its messages wraps what they carry."""
    return {"payload": dict(variables)} if hasattr(definition, "result_var") else dict(variables)


class _Same(Mapping[str, str]):
    """Ids are shown as they are."""

    def __getitem__(self, key: str) -> str:
        return key

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def get(self, key: str, default: Any = None) -> Any:
        return key
