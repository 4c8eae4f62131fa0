"""A process in which reviewers answer whether work is given back, as small as it can be."""

from __future__ import annotations

from tests.house import bpmn, flows, user_task

_MESSAGES = '<message id="asked" name="task.withdrawal"/><message id="answered" name="task.withdrawn"/>'


def answering() -> bytes:
    """Begins by the message, asks the reviewer, anew when it comes again; answers with the user task's variables."""
    values = ("granted", "by", "opinion")
    answers = "".join(f'<camunda:inputParameter name="{name}">= {name}</camunda:inputParameter>' for name in values)
    reviewer = 'camunda:assignee="= asked.reviewer" camunda:candidateGroups="= asked.reviewer_groups"'
    return bpmn(
        "withdrawal",
        '<startEvent id="asked_for"><messageEventDefinition messageRef="asked"/></startEvent>'
        + user_task("answer", groups="", attributes=reviewer)
        + '<boundaryEvent id="asked_again" attachedToRef="answer"><messageEventDefinition messageRef="asked"/>'
        "</boundaryEvent>"
        '<endEvent id="told"><extensionElements><camunda:properties>'
        '<camunda:property name="correlationKey" value="= asked.user_task_id"/></camunda:properties>'
        f"<camunda:inputOutput>{answers}</camunda:inputOutput></extensionElements>"
        '<messageEventDefinition messageRef="answered"/></endEvent>'
        + flows("asked_for answer", "answer told", "asked_again answer"),
        outside=_MESSAGES,
    )
