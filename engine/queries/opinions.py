"""What others were asked at a user task and have said, and whether somebody can be asked there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from engine.model.actor import Actor
from engine.model.errors import WrongState
from engine.model.opinion import ASKS, Opinion, must_take_opinions
from engine.model.user_task import UserTask
from engine.queries.blind import blindfold
from engine.queries.user_task_shown import UserTaskDetail
from engine.store.messages import begins_something
from engine.store.opinion_rows import read_opinions


def opinions_at(connection: Connection, actor: Actor, user_task: UserTask) -> Sequence[Opinion]:
    """What was asked at a user task the actor sees, oldest first.

    While the actor does a blind step of the case, only what the actor has asked or was asked: the words of others might
    tell what the variables of the case do not.
    """
    found = read_opinions(connection, actor.tenant_id, user_task.id)
    if not found or not blindfold(connection, actor, user_task.root_id):
        return found
    return [each for each in found if actor.user_id in (each.asked_by, each.of, each.given_by)]


def may_ask_opinions(connection: Connection, actor: Actor, detail: UserTaskDetail) -> bool:
    """Whether the actor may ask others for opinions on a user task."""
    if not detail.may_complete:
        return False
    try:
        must_take_opinions(detail.user_task, somebody_asks=begins_something(connection, actor.tenant_id, ASKS))
    except WrongState:
        return False
    return True
