"""End event: the token ends here, and throws what the event says (BPMN 2.0, 10.5.3, 13.5.6).

none, message, signal   the token ends; the scope goes on with the others
error                   the nearest event for it catches; an error nobody catches is an incident
escalation              as error, but without a catcher the token just ends
terminate               the scope stops at once
cancel                  the transaction around is left by its cancel boundary event
"""

from __future__ import annotations

from engine.kernel.draft import Visit
from engine.kernel.events import ElementLeft
from engine.kernel.flows import token_ended
from engine.kernel.graph import EventKind
from engine.kernel.messages import throw_message, throw_signal
from engine.kernel.run import Run
from engine.kernel.scopes import terminate_scope
from engine.kernel.throwing import cancel_transaction, raise_error, throw_escalation
from engine.kernel.variables import evaluate_inputs


def enter(run: Run, visit: Visit) -> None:
    draft, node = visit.draft, visit.node
    kind = node.event.kind if node.event is not None else EventKind.NONE
    name = node.event.name if node.event is not None else ""
    if kind is EventKind.MESSAGE:
        throw_message(run, visit)
    draft.last_end = node.id
    if kind is EventKind.SIGNAL:
        throw_signal(run, visit)
    elif kind is EventKind.ERROR:
        raise_error(run, visit, name, "", evaluate_inputs(run, visit))
    elif kind is EventKind.ESCALATION:
        variables = evaluate_inputs(run, visit)
        if not throw_escalation(run, visit, name, variables):
            _left(run, visit)
            token_ended(run, draft, visit.scope)
    elif kind is EventKind.TERMINATE:
        _left(run, visit)
        terminate_scope(run, draft, visit.scope)
    elif kind is EventKind.CANCEL:
        cancel_transaction(run, visit)
    else:
        _left(run, visit)
        token_ended(run, draft, visit.scope)


def _left(run: Run, visit: Visit) -> None:
    visit.draft.take_token(visit.number)
    run.emit(ElementLeft(visit.draft.number, visit.node.id, visit.number))
