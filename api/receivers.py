"""Whom the visitor may transfer a user task to, as pages and doors ask it."""

from __future__ import annotations

from api.house import actor, house
from engine.queries import Receiver, receivers


def receivers_of(user_task_id: str) -> list[Receiver]:
    """The people of the unit where it is done, each with why it may not go there. Raises as `receivers` does."""
    tenant_id, dispatcher = actor().tenant_id, house().dispatcher
    return dispatcher.query(
        receivers,
        actor(),
        user_task_id,
        dispatcher.collaborators.people,
        lambda ref: dispatcher.definitions.graph_at_hand(tenant_id, ref),
    )
