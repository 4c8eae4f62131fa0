"""What is read before people talk to one another: who may be asked for an opinion, who may write about a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.commands.add_comment import CommentSubject
from engine.commands.opinion_subject import OpinionSubject
from engine.commands.user_task_subject import UserTaskSubject
from engine.dispatcher.reading import Loaded, Reading
from engine.model.opinion import ASKS, Asking, named
from engine.queries.comments import shared_case
from engine.store import messages, opinion_rows


def with_who_may_be_asked(reading: Reading, subject: UserTaskSubject, of: Iterable[str]) -> OpinionSubject:
    """A user task with what was asked there before, and who of the people named may be asked."""
    connection, tenant_id = reading.connection, reading.tenant_id
    asking = Asking(
        asked=opinion_rows.read_opinions(connection, tenant_id, subject.user_task.id),
        askable=reading.people.askable(connection, tenant_id, named(of)),
        somebody_asks=messages.begins_something(connection, tenant_id, ASKS),
    )
    return OpinionSubject(subject.user_task, subject.suspended, was_in_hand=subject.was_in_hand, asking=asking)


def case_talked_about(reading: Reading, command: Any) -> Loaded:
    """A case as far as the actor sees it. Raises NotFound: not at all."""
    given = reading.given()
    root_id, is_shared = shared_case(reading.connection, command.actor, command.process_instance_id)
    return Loaded(subject=CommentSubject(root_id=root_id, is_shared=is_shared), given=given)
