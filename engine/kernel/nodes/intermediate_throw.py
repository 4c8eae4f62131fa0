"""Intermediate throw event: it throws and goes on at once (BPMN 2.0, 10.5.4).

A message takes the input mappings as its variables. A link goes on at the catch event of its name at the same level. An
escalation that is caught by an interrupting event ends its thrower.
"""

from __future__ import annotations

from engine.kernel.activities import complete
from engine.kernel.draft import Visit
from engine.kernel.events import ElementLeft
from engine.kernel.graph import EventKind
from engine.kernel.messages import throw_message, throw_signal
from engine.kernel.run import Run
from engine.kernel.throwing import throw_escalation
from engine.kernel.variables import evaluate_inputs


def enter(run: Run, visit: Visit) -> None:
    draft, node = visit.draft, visit.node
    kind = node.event.kind if node.event is not None else EventKind.NONE
    if kind is EventKind.LINK:
        run.emit(ElementLeft(part=draft.number, element_id=node.id, token=visit.number))
        run.agenda.append(Visit(draft, draft.graph.nodes[draft.graph.links[node.index]], visit.scope))
        return
    if kind is EventKind.MESSAGE:
        throw_message(run, visit)
    if kind is EventKind.SIGNAL:
        throw_signal(run, visit)
        return
    if (
        kind is EventKind.ESCALATION
        and node.event is not None
        and throw_escalation(run, visit, node.event.name, evaluate_inputs(run, visit))
    ):
        return
    complete(run, visit, {})
