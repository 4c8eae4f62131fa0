"""A process that decides on extensions, as small as it can be."""

from __future__ import annotations

from tests.house import bpmn, flows, properties, user_task

_MESSAGES = '<message id="asked" name="task.extension"/><message id="answered" name="task.extended"/>'


def deciding(role: str = "head") -> bytes:
    """Begins by the message, asks one role, and answers with the variables of its user task."""
    values = {
        "granted": "granted",
        "until": "if until = null then null else date(until)",
        "by": "by",
        "opinion": "opinion",
    }
    answers = "".join(
        f'<camunda:inputParameter name="{name}">= {value}</camunda:inputParameter>' for name, value in values.items()
    )
    return bpmn(
        "extension",
        '<startEvent id="asked_for"><messageEventDefinition messageRef="asked"/></startEvent>'
        + user_task("decide", groups=role, inside=properties(extension="none"))
        + '<endEvent id="told"><extensionElements><camunda:properties>'
        '<camunda:property name="correlationKey" value="= asked.user_task_id"/></camunda:properties>'
        f"<camunda:inputOutput>{answers}</camunda:inputOutput></extensionElements>"
        '<messageEventDefinition messageRef="answered"/></endEvent>' + flows("asked_for decide", "decide told"),
        outside=_MESSAGES,
    )
