"""SpiffWorkflow's parser with the steps of `steps`; it gets a tree that the house's own parser has read."""

# pyright: basic, reportIncompatibleMethodOverride=false, reportAttributeAccessIssue=false

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser import event_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import CallActivityParser, ScriptTaskParser, SubWorkflowParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateThrowEvent,
    SendTask,
    StartEvent,
)

from engine.bpmn.opinion import steps


class _Loops(TaskParser):
    """Multi-instance steps whose collection and result are plans."""

    PARALLEL_MI_CLASS = steps.ParallelMultiInstance
    SEQUENTIAL_MI_CLASS = steps.SequentialMultiInstance
    EVENT_SUBPROCESS_CLASS = steps.EventSubProcess

    def _add_multiinstance_task(self, loop_characteristics: Any) -> None:
        super()._add_multiinstance_task(loop_characteristics)
        if self.task.data_input is not None:
            self.task.data_input = steps.PlanInput(self.task.data_input.bpmn_id)
        if self.task.output_item is not None:
            self.task.output_item = steps.PlanOutput(self.task.output_item.bpmn_id)


class _Events(_Loops):
    """Events whose messages and signals carry only what is mapped."""

    def parse_message_event(self, message_event: Any) -> Any:
        parsed = super().parse_message_event(message_event)
        return steps.Message(parsed.name, description=parsed.description)

    def parse_signal_event(self, signal_event: Any) -> Any:
        parsed = super().parse_signal_event(signal_event)
        return steps.Signal(parsed.name, description=parsed.description)


class _Start(_Events, event_parsers.StartEventParser):
    pass


class _End(_Events, event_parsers.EndEventParser):
    pass


class _Catch(_Events, event_parsers.IntermediateCatchEventParser):
    pass


class _Throw(_Events, event_parsers.IntermediateThrowEventParser):
    pass


class _Boundary(_Events, event_parsers.BoundaryEventParser):
    pass


class _Send(_Events, event_parsers.SendTaskParser):
    pass


class _Receive(_Events, event_parsers.ReceiveTaskParser):
    pass


class _EventBased(_Events, event_parsers.EventBasedGatewayParser):
    pass


class _Script(_Loops, ScriptTaskParser):
    pass


class _Call(_Loops, CallActivityParser):
    pass


class _Sub(_Loops, SubWorkflowParser):
    pass


class DiagramParser(BpmnParser):
    """Knows our steps."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012
        full_tag(tag): pair
        for tag, pair in {
            "task": (_Loops, steps.PassedTask),
            "userTask": (_Loops, steps.UserTask),
            "serviceTask": (_Loops, steps.ReplayedTask),
            "scriptTask": (_Script, steps.ScriptTask),
            "callActivity": (_Call, steps.CallActivity),
            "subProcess": (_Sub, steps.SubProcess),
            "transaction": (_Sub, steps.Transaction),
            "startEvent": (_Start, StartEvent),
            "endEvent": (_End, EndEvent),
            "intermediateCatchEvent": (_Catch, steps.CatchEvent),
            "intermediateThrowEvent": (_Throw, IntermediateThrowEvent),
            "boundaryEvent": (_Boundary, BoundaryEvent),
            "sendTask": (_Send, SendTask),
            "receiveTask": (_Receive, steps.ReceiveTask),
            "eventBasedGateway": (_EventBased, steps.EventBasedGateway),
        }.items()
    }
