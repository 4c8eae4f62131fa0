"""Tokens that have arrived at a joining gateway."""

from __future__ import annotations

from collections.abc import Iterable

from engine.kernel.draft import Draft
from engine.kernel.events import ElementLeft
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState


def first_by_flow(draft: Draft, node: int, scope: int) -> dict[int, Token]:
    """The oldest waiting token of each flow at a join."""
    found: dict[int, Token] = {}
    for token in draft.tokens.values():
        if token.node == node and token.scope == scope and token.state is TokenState.JOIN:
            found.setdefault(token.flow, token)
    return found


def merge(run: Run, draft: Draft, tokens: Iterable[Token]) -> None:
    """Tokens are consumed by a join; one goes on in their place."""
    for token in tokens:
        draft.take_token(token.number)
        run.emit(ElementLeft(part=draft.number, element_id=draft.graph.nodes[token.node].id, token=token.number))
