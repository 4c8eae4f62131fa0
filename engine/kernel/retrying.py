"""Retry: an incident is mended, and its token goes on."""

from __future__ import annotations

from engine.kernel.activities import complete, finish, resting
from engine.kernel.cancellation import cancel_token
from engine.kernel.draft import Draft, Visit
from engine.kernel.events import IncidentResolved
from engine.kernel.run import Run
from engine.kernel.scopes import take_results
from engine.kernel.state import Resume, Token


def retry(run: Run, draft: Draft, token: Token) -> None:
    """Take up a token with an incident where it stopped, see Resume.

    From the beginning it is a new execution with a number of its own: a late answer to the failed one finds nobody.
    """
    visit = resting(draft, token)
    if token.resume == Resume.ENTER.value:
        payload = draft.scopes[visit.local].variables if visit.local >= 0 else None
        cancel_token(run, draft, token.number, "retry")
        run.agenda.append(Visit(draft, visit.node, visit.scope, visit.flow, payload=payload))
        return
    run.emit(IncidentResolved(part=draft.number, element_id=visit.node.id, token=token.number))
    if token.resume == Resume.LEAVE.value:
        finish(run, visit)
    elif token.inside >= 0 and visit.local < 0:
        take_results(run, visit, run.draft(token.inside))
    else:
        complete(run, visit, {})
