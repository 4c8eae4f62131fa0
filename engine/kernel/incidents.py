"""A node that cannot go on: its token rests with an incident until somebody retries, or it is cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.draft import Visit
from engine.kernel.events import IncidentOpened, UserTaskCancelled
from engine.kernel.failure import Failure
from engine.kernel.run import Run
from engine.kernel.state import Resume, Scope, Token, TokenState


def open_incident(
    run: Run, visit: Visit, failure: Failure, resume: Resume, values: Mapping[str, Any] | None = None
) -> None:
    """Let the token rest with an incident.

    What the retry needs is kept in a scope of the token: the payload of a caught event, or the values (`values`) with
    which the node was completed. Boundary events stay armed: the activity is still open.
    """
    draft, node = visit.draft, visit.node
    before = draft.tokens.get(visit.number)
    inside = before.inside if before is not None else visit.local
    if resume is Resume.ENTER:
        if before is None and visit.local >= 0:
            draft.take_scope(visit.local)
        values = visit.payload
        if before is not None and before.state is TokenState.USER_TASK:
            run.emit(UserTaskCancelled(part=draft.number, element_id=node.id, token=visit.number, cause="incident"))
    if inside not in draft.scopes and run.find(inside) is None:
        inside = -1
    if values or (values is not None and resume is Resume.ENTER):
        if inside in draft.scopes:
            draft.set_variables(inside, values)
        elif inside < 0:
            inside = run.number()
            draft.put_scope(Scope(inside, visit.scope, node.index, visit.number, values))
    token = Token(visit.number, node.index, visit.scope, TokenState.INCIDENT, visit.flow, inside, resume.value)
    draft.put_token(token)
    run.emit(
        IncidentOpened(
            part=draft.number, element_id=node.id, token=visit.number, message=failure.message, kind=failure.kind
        )
    )
