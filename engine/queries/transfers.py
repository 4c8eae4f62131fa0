"""Whom a user task may be transferred to, and why somebody of the unit may not have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from engine.kernel.graph import Graph
from engine.kernel.people import fixed_roles
from engine.model.actor import Actor
from engine.model.errors import Fault
from engine.model.ports import PeoplePort
from engine.model.transfer import ColleaguesRequest, bar_of, must_be_transferable
from engine.queries.user_task_detail import visible_user_task
from engine.store import reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody of the unit where a user task is done."""

    user_id: str
    #: What people call the post.
    title: str
    #: Home unit.
    unit_code: str
    #: Why the user task may not go there; None = it may.
    bar: Fault | None


def receivers(
    connection: Connection,
    actor: Actor,
    user_task_id: str,
    people: PeoplePort,
    graph_of: Callable[[str], Graph],
) -> list[Receiver]:
    """The people of the unit, for who may transfer the user task.

    Args:
        graph_of: the compiled process of a version, "key:version".

    Raises:
        NotFound: there is none, or the actor must not learn that there is.
        UserTaskAlreadyCompleted, UserTaskNotOpen: too late.
        TransferNotYours, NotTransferable, BlindNotTransferable: the actor, or nobody, transfers it.
    """
    found = visible_user_task(connection, actor, user_task_id)
    found.must_be_open("transfer")
    node = graph_of(found.definition_ref).node(found.element_id)
    colleagues = people.colleagues(connection, ColleaguesRequest.about(found, fixed_roles(node), actor))
    must_be_transferable(found, colleagues, actor)
    filers = reader.read_filers(connection, actor.tenant_id, found)
    return [
        Receiver(user_id=each.user_id, title=each.title, unit_code=each.unit_code, bar=bar_of(found, filers, each))
        for each in colleagues.people
    ]
