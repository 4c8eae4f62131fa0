"""Script task: evaluates FEEL and passes (BPMN 2.0, 10.3.3.6, 13.3.3).

With a result variable the value goes there; without one the script is a context, and each entry becomes a variable. A
script that fails goes to an error event that catches all, else it is an incident.
"""

from __future__ import annotations

from typing import Any, cast

from engine.feel import shape_of
from engine.kernel.activities import complete, open_local_scope
from engine.kernel.draft import Visit
from engine.kernel.failure import Failure
from engine.kernel.run import Run
from engine.kernel.variables import evaluate, visible_at


def execute(run: Run, visit: Visit) -> None:
    open_local_scope(run, visit)
    work = visit.node.work
    if work is None or work.script is None:
        complete(run, visit, {})
        return
    value = evaluate(run, work.script, visible_at(run, visit), "script")
    if work.result_variable is not None:
        complete(run, visit, {work.result_variable: value})
    elif isinstance(value, dict):
        complete(run, visit, cast("dict[str, Any]", value))
    else:
        raise Failure("script", f"Expected a context from script {visit.node.id!r}, but found {shape_of(value)}.")
