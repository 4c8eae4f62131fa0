"""Deployed decisions: ask one, and hear why it answers so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.rest.models import Closed, Values, Whole
from api.rest.views import DefinitionLine, definition_line
from api.rest.wire import answer
from engine.commands.values import as_variables
from engine.queries.definitions import definition_detail, definitions

decisions = APIBlueprint("decisions", __name__, url_prefix="/api/v1/decisions", tag="Decisions")


class DecisionQuestion(Closed):
    variables: Values = Field(default_factory=dict)
    version: Annotated[Whole, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="Of the decision; null = the latest."
    )


class DecisionList(BaseModel):
    items: list[DefinitionLine]


class MatchedRuleView(BaseModel):
    """A rule that was met."""

    decision: str = Field(description="Id of the decision whose table it stands in.")
    number: int = Field(description="Row, counted from 1.")
    id: str
    annotation: str = Field(description="What the rule says in plain words.")
    basis: str = Field(description="Its legal basis; empty where the table names none.")
    annotations: dict[str, str]
    outputs: dict[str, Any]


class SettingRead(BaseModel):
    """A threshold that the decision read, as it was in force."""

    value: Any
    basis: str
    valid_from: date
    valid_to: date | None


class DecisionAnswer(BaseModel):
    ref: str = Field(description="key:version of the decision that answered.")
    key: str
    version: int
    value: Any = Field(description="Numbers are exact; dates, times, durations and ranges are text.")
    matched_rules: list[MatchedRuleView] = Field(description="In the order of evaluation, then of the table.")
    settings: dict[str, SettingRead] = Field(description="Thresholds that were read, by key, e.g. rule.R03.good.")
    settings_revision: str = Field(description="Another one after every change of settings or calendar.")
    explanation: dict[str, Any] = Field(
        description="For each decision in it the inputs, the matched rules, what it read, and its value; as text."
    )


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
    """Ask a decision; nothing is changed by it, and nothing is kept

    Whoever is signed in may ask: the tables are the rules of the house. Inputs that are not given are null; dates,
    times and durations are text where the file declares them. Thresholds are those in force today, unless the
    variables bring their own `rule`. A decision that cannot answer is a problem of status 422 with its reason.
    """
    who, given = actor(), as_variables(json_data.variables)

    def ask(connection: Any) -> Any:
        definition_detail(connection, who, key, kind="decision", version=json_data.version)
        at_hand = house().dispatcher.definitions_within(connection, who.tenant_id, house().clock.now())
        return at_hand.decide_given(key, json_data.version, given)

    found = house().dispatcher.query(ask)
    explanation = dict(found.explanation)
    name, _, version = found.ref.rpartition(":")
    return answer(
        {
            "ref": found.ref,
            "key": name,
            "version": int(version),
            "value": found.value,
            "matched_rules": _matched(explanation),
            "settings": explanation.pop("settings"),
            "settings_revision": explanation.pop("settings_revision"),
            "explanation": explanation,
        }
    )


def _matched(explanation: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"decision": step["id"], **rule} for step in explanation["decisions"] for rule in step["matched"]]
