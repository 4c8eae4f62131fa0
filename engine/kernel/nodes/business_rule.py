"""Business rule task: asks a decision and passes (BPMN 2.0, 10.3.3.5, 13.3.3; result mappings as in Camunda 7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.feel import shape_of
from engine.kernel.activities import complete, open_local_scope
from engine.kernel.draft import Visit
from engine.kernel.events import DecisionMade
from engine.kernel.failure import Failure
from engine.kernel.run import Run
from engine.kernel.variables import visible_at
from engine.model.errors import EngineError


def execute(run: Run, visit: Visit) -> None:
    open_local_scope(run, visit)
    node, work = visit.node, visit.node.work
    assert work is not None
    try:
        # what was deployed with this process is found by the version of the process
        version = visit.draft.graph.ref if work.binding == "deployment" else work.version
        answer = run.environment.decide(work.name, work.binding, version, visible_at(run, visit))
    except EngineError as error:
        raise Failure("decision", error.message) from error
    value = mapped_result(answer.value, work.map_result)
    run.emit(
        DecisionMade(
            part=visit.draft.number, element_id=node.id, decision_ref=answer.ref, explanation=answer.explanation
        )
    )
    if work.result_variable is not None:
        complete(run, visit, {work.result_variable: value})
    elif isinstance(value, dict):
        complete(run, visit, cast("dict[str, Any]", value))
    else:
        wanted = f"Expected a context from decision {work.name!r} (no result variable)"
        raise Failure("decision", f"{wanted}, but found {shape_of(value)}.")


def mapped_result(value: Any, mapping: str) -> Any:
    """The answer of a decision in the shape the diagram asks for.

        singleResult    as it is: a context, or the value of the only output
        singleEntry     the value of the only output
        resultList      a list with one element a matched rule
        collectEntries  a list with the value of the only output of each matched rule

    Raises:
        Failure: there is more than one rule or output where one was asked for.
    """
    if mapping == "singleResult":
        return _only_rule(value)
    if mapping == "singleEntry":
        return _only_output(_only_rule(value))
    rules: list[Any] = list(cast("list[Any]", value)) if isinstance(value, list) else [] if value is None else [value]
    return [_only_output(each) for each in rules] if mapping == "collectEntries" else rules


def _only_rule(value: Any) -> Any:
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return cast("Any", value)
    rules = cast("list[Any]", value)
    if len(rules) > 1:
        raise Failure("decision", f"Expected one matching rule, but found {len(rules)}.")
    return rules[0]


def _only_output(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    outputs = cast("Mapping[str, Any]", value)
    if len(outputs) != 1:
        raise Failure("decision", f"Expected one output, but found {len(outputs)}.")
    return next(iter(outputs.values()))
