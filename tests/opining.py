"""A process in which people give opinions, as small as it can be, and a people port that knows some of them only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.doubles import RolesOfTheUnit
from tests.house import bpmn, flows, user_task

_MESSAGES = '<message id="asked" name="task.opinion"/><message id="given" name="task.opinion_given"/>'


@dataclass(frozen=True)
class BusinessPeople(RolesOfTheUnit):
    """A people port for which some accounts are open and have a business role."""

    accounts: frozenset[str]

    def askable(self, connection: Any, tenant_id: str, user_ids: Collection[str]) -> frozenset[str]:
        return self.accounts & frozenset(user_ids)


def opining() -> bytes:
    """Begins by the message, asks the person named, and answers with what he says, or that the time has passed."""
    return bpmn(
        "opinion",
        '<startEvent id="asked_for"><messageEventDefinition messageRef="asked"/></startEvent>'
        + user_task("give", groups="", attributes='camunda:assignee="= asked.of" camunda:dueDate="2WD"')
        + '<boundaryEvent id="too_late" attachedToRef="give"><timerEventDefinition>'
        '<timeDate xsi:type="tFormalExpression">= task_due_at</timeDate></timerEventDefinition></boundaryEvent>'
        + _answers("said", "given", "by", "opinion")
        + _answers("lapsed", "false", "null", "null")
        + flows("asked_for give", "give said", "too_late lapsed"),
        outside=_MESSAGES,
    )


def _answers(element_id: str, given: str, by: str, opinion: str) -> str:
    """An end event that tells it."""
    values = {"given": given, "by": by, "opinion": opinion}
    made = "".join(
        f'<camunda:inputParameter name="{name}">= {value}</camunda:inputParameter>' for name, value in values.items()
    )
    return (
        f'<endEvent id="{element_id}"><extensionElements><camunda:properties>'
        '<camunda:property name="correlationKey" value="= asked.opinion_id"/></camunda:properties>'
        f"<camunda:inputOutput>{made}</camunda:inputOutput></extensionElements>"
        '<messageEventDefinition messageRef="given"/></endEvent>'
    )
