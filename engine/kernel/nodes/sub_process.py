"""Embedded sub-process and transaction: a scope of its own, which the token waits for.

Source: BPMN 2.0, 10.3.5, 13.3.4, 13.3.6.

A transaction differs in that a cancel end event inside leaves it by its cancel boundary event
(engine/kernel/throwing.py).
"""

from __future__ import annotations

from engine.kernel.activities import boundary_waits, rest
from engine.kernel.draft import Visit
from engine.kernel.run import Run
from engine.kernel.scopes import open_scope, scope_waits
from engine.kernel.state import TokenState
from engine.kernel.variables import evaluate_inputs, visible_at


def execute(run: Run, visit: Visit) -> None:
    variables = evaluate_inputs(run, visit)
    armed = boundary_waits(run, visit, visible_at(run, visit, variables))
    number = run.number()
    waits = scope_waits(run, visit, number, variables)
    rest(run, visit, TokenState.SCOPE, armed, number)
    open_scope(run, visit, number, variables, waits)
