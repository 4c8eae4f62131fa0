"""Deployed decisions: ask one, and hear why it answers so."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.models import Closed, Values
from api.rest.views import DefinitionLine, definition_line
from api.rest.wire import answer
from engine.commands.values import as_variables
from engine.queries.definitions import definition_detail, definitions

decisions = APIBlueprint("decisions", __name__, url_prefix="/api/v1/decisions", tag="Decisions")


class DecisionQuestion(Closed):
    variables: Values = Field(default_factory=dict)


class DecisionList(BaseModel):
    items: list[DefinitionLine]


class DecisionAnswer(BaseModel):
    ref: str = Field(description="key:version of the decision that answered.")
    value: Any
    explanation: dict[str, Any] = Field(description="Inputs, matched rules with their annotations, outputs.")


@decisions.get("")
@decisions.output(DecisionList)
@open_to(SIGNED_IN)
def list_decisions() -> Response:
    """Deployed decisions, by key"""
    found = house().dispatcher.query(definitions, actor(), kind="decision")
    return answer({"items": [definition_line(item) for item in found]})


@decisions.post("/<key>/evaluate")
@decisions.input(DecisionQuestion)
@decisions.output(DecisionAnswer)
@open_to(SIGNED_IN)
def evaluate_decision(key: str, json_data: DecisionQuestion) -> Response:
    """Ask the latest version of a decision; nothing is changed by it"""
    who, variables = actor(), as_variables(json_data.variables)

    def ask(connection: Any) -> Any:
        definition_detail(connection, who, key, kind="decision")
        at_hand = house().dispatcher.definitions_within(connection, who.tenant_id)
        return at_hand.decide(key, "latest", None, variables)

    found = house().dispatcher.query(ask)
    return answer({"ref": found.ref, "value": found.value, "explanation": found.explanation})
