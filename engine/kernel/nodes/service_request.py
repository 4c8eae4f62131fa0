"""Service task, and a send task with an implementation: rests until its work is answered (BPMN 2.0, 10.3.3.1, 13.3.3).

The kernel only asks; who does the work, and when, is the affair of those around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.activities import boundary_waits, complete, open_local_scope, rest
from engine.kernel.draft import Visit
from engine.kernel.events import ServiceRequested
from engine.kernel.graph import Work
from engine.kernel.run import Run
from engine.kernel.state import TokenState
from engine.kernel.variables import visible_at

_NOTHING = Work()


def execute(run: Run, visit: Visit) -> None:
    open_local_scope(run, visit)
    draft, node = visit.draft, visit.node
    work = node.work or _NOTHING
    variables = visible_at(run, visit)
    rest(run, visit, TokenState.SERVICE, boundary_waits(run, visit, variables))
    handed = dict(draft.scopes[visit.local].variables) if visit.local >= 0 else variables.flattened()
    run.emit(
        ServiceRequested(
            part=draft.number,
            element_id=node.id,
            token=visit.number,
            name=work.name,
            external=work.external,
            variables=handed,
            properties=node.properties,
        )
    )


def answered(run: Run, visit: Visit, variables: Mapping[str, Any]) -> None:
    """The work came back: under the result variable where there is one, else as it is."""
    work = visit.node.work or _NOTHING
    complete(run, visit, {work.result_variable: dict(variables)} if work.result_variable else variables)
