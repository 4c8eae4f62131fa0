"""Plays a packed request on SpiffWorkflow: in the child process of the product, or in the tests' own."""

from __future__ import annotations

import decimal
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.bpmn.opinion import wire
from engine.bpmn.opinion.player import Model
from engine.xml import parse_xml

#: As FEEL: decimal128 (DMN 1.3, 10.3.2.3.1).
_ARITHMETIC = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN)


def play(request: dict[str, Any]) -> list[Any]:
    """One answer for each case: {"showing": …}, or {"reason": …} where SpiffWorkflow cannot play it."""
    with decimal.localcontext(_ARITHMETIC):
        return _play(request)


def _play(request: dict[str, Any]) -> list[Any]:
    try:
        root = parse_xml(request["xml"].encode())
        model = Model(root, request["process_id"], request["shown"], request["facts"])
    except (ValidationException, SpiffWorkflowException) as error:
        reason = f"SpiffWorkflow does not read it: {error}"
        return [{"reason": reason, "cause": "not-read"} for _ in request["cases"]]
    return [_answer(model, case) for case in request["cases"]]


def _answer(model: Model, case: dict[str, Any]) -> dict[str, Any]:
    steps = [wire.unpack_step(step) for step in case["steps"]]
    try:
        showing = model.play(wire.unpack_values(case["variables"]), steps, wire.unpack_replay(case["replay"]))
    except Exception as error:  # whatever its runtime trips over is no reason for ours to stop
        return {"reason": f"SpiffWorkflow gives up: {type(error).__name__}: {error}", "cause": "gives-up"}
    return {"showing": wire.pack_showing(showing)}
