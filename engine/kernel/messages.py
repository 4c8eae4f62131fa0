"""Messages and signals that are thrown: what they carry and where they go.

Source: BPMN 2.0, 10.5.1 (publication and direct resolution). A message leaves the instance; a signal first reaches
every wait for it inside.
"""

from __future__ import annotations

from engine.kernel.draft import Visit
from engine.kernel.events import MessageThrown, SignalThrown
from engine.kernel.flows import leave
from engine.kernel.run import Run
from engine.kernel.triggers import broadcast
from engine.kernel.variables import evaluate_inputs, visible_at
from engine.kernel.waits import correlation_key


def throw_message(run: Run, visit: Visit) -> None:
    """Send the message of a node with its input mappings as variables. Raises Failure."""
    draft, node = visit.draft, visit.node
    assert node.event is not None
    variables = evaluate_inputs(run, visit)
    key = correlation_key(run, draft, node.event, visible_at(run, visit, variables))
    run.emit(
        MessageThrown(
            part=draft.number,
            element_id=node.id,
            name=node.event.name,
            correlation_key=key,
            variables=variables,
        )
    )


def throw_signal(run: Run, visit: Visit) -> None:
    """Send the signal of an event, leave the event, and trigger the waits of this instance before its token goes on.

    Raises:
        Failure: an input mapping fails.
    """
    draft, node = visit.draft, visit.node
    assert node.event is not None
    variables = evaluate_inputs(run, visit)
    run.emit(SignalThrown(part=draft.number, element_id=node.id, name=node.event.name, variables=variables))
    leave(run, visit)
    broadcast(run, node.event.name, variables)
