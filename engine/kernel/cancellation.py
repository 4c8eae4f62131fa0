"""Taking off what is open: a token with everything inside, the contents of a scope, whole parts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.draft import Draft, Visit
from engine.kernel.events import (
    ElementCancelled,
    IncidentResolved,
    InstanceEnded,
    ServiceWithdrawn,
    UserTaskCancelled,
)
from engine.kernel.run import Run
from engine.kernel.state import PartKind, Token, TokenState
from engine.kernel.waits import close_wait, close_waits_of_scope, close_waits_of_token


def cancel_token(run: Run, draft: Draft, number: int, cause: str) -> None:
    """Cancel a resting token: its waits, what runs inside it, and the instances it called."""
    parts: list[Draft] = []
    tokens = [number]
    while tokens:
        token = draft.tokens[tokens.pop()]
        draft.take_token(token.number)
        close_waits_of_token(run, draft, token.number)
        _report(run, draft, token, cause)
        if token.inside in draft.scopes:
            tokens.extend(_empty_scope(run, draft, token.inside))
        elif token.inside >= 0:
            parts.append(run.draft(token.inside))
    cancel_parts(run, parts, cause)


def cancel_scope_contents(run: Run, draft: Draft, scope: int, cause: str) -> None:
    """Cancel every token of a scope, also those on their way; the scope itself stays, with its variables."""
    run.drop_errands(draft, scope)
    for token in [token for token in draft.tokens.values() if token.scope == scope]:
        cancel_token(run, draft, token.number, cause)


def abandon(run: Run, visit: Visit, cause: str) -> None:
    """Cancel an execution, whether it rests or is under way."""
    draft = visit.draft
    if visit.number in draft.tokens:
        cancel_token(run, draft, visit.number, cause)
        return
    if visit.local >= 0:
        draft.take_scope(visit.local)
    run.emit(ElementCancelled(part=draft.number, element_id=visit.node.id, token=visit.number, cause=cause))


def cancel_parts(run: Run, parts: list[Draft], cause: str, reason: str = "") -> None:
    """Cancel whole parts with all parts below them; the instances among them end, inner ones first."""
    waiting = list(reversed(parts))
    ended: list[Draft] = []
    while waiting:
        draft = waiting.pop()
        ended.append(draft)
        for token in draft.tokens.values():
            _report(run, draft, token, cause)
            if token.inside >= 0 and token.inside not in draft.scopes:
                waiting.append(run.draft(token.inside))
        for wait in list(draft.waits.values()):
            close_wait(run, draft, wait)
        waiting.extend(children_of_body(run, draft))
    for draft in reversed(ended):
        run.remove_part(draft)
        if draft.kind is PartKind.INSTANCE:
            run.emit(InstanceEnded(part=draft.number, outcome="cancelled", reason=reason))


def children_of_body(run: Run, draft: Draft) -> Iterator[Draft]:
    """The children of a multi-instance body that is a part of its own, as far as they are still there."""
    counters = draft.top.counters
    if draft.is_branch and "first" in counters:
        for number in range(counters["first"], counters["first"] + counters["nrOfInstances"]):
            child = run.find(number)
            if child is not None:
                yield child


def _empty_scope(run: Run, draft: Draft, number: int) -> list[int]:
    """Take a scope and its loop children off; gives the tokens in them, which are still to be cancelled."""
    tokens: list[int] = []
    scopes = [number]
    while scopes:
        scope = scopes.pop()
        tokens.extend(token.number for token in draft.tokens.values() if token.scope == scope)
        scopes.extend(each.number for each in draft.scopes.values() if each.parent == scope and each.token is None)
        close_waits_of_scope(run, draft, scope)
        draft.take_scope(scope)
    return tokens


def _report(run: Run, draft: Draft, token: Token, cause: str) -> None:
    """One closing event for everything that a token's opening events opened."""
    part, element_id, number = draft.number, draft.graph.nodes[token.node].id, token.number
    if token.state is TokenState.USER_TASK:
        run.emit(UserTaskCancelled(part=part, element_id=element_id, token=number, cause=cause))
    elif token.state is TokenState.SERVICE:
        run.emit(ServiceWithdrawn(part=part, element_id=element_id, token=number))
    elif token.state is TokenState.INCIDENT:
        run.emit(IncidentResolved(part=part, element_id=element_id, token=number))
    run.emit(ElementCancelled(part=part, element_id=element_id, token=number, cause=cause))
