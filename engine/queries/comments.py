"""What people have written to one another about a case."""

from __future__ import annotations

from sqlalchemy import Connection, select

from engine.model.actor import Actor
from engine.model.comment import Comment, CommentsNotShared
from engine.queries.blind import blindfold
from engine.queries.cursor import Page, checked_limit, page_of, read_cursor
from engine.queries.scope import Sight, visible_instance
from engine.store.conversation_tables import comment


def shared_case(connection: Connection, actor: Actor, process_instance_id: str) -> tuple[str, bool]:
    """The root of an instance, and whether the actor reads and writes what is said about it: who sees the whole of it
    does, unless a blind step stands in the way; who started it, has work in it or operates the engine does not.

    Raises:
        NotFound: there is no such instance, or the actor must not learn that there is.
    """
    instance, sight = visible_instance(connection, actor, process_instance_id)
    is_shared = sight is Sight.WHOLE and not blindfold(connection, actor, instance.root_id)
    return instance.root_id, is_shared


def comments(
    connection: Connection,
    actor: Actor,
    process_instance_id: str,
    *,
    latest_first: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Comment]:
    """A page of the comments on the case of an instance, in the order in which they were written.

    Raises:
        NotFound: there is no such instance, or the actor must not learn that there is.
        CommentsNotShared: the actor does not see the case as a whole.
    """
    root_id, is_shared = shared_case(connection, actor, process_instance_id)
    if not is_shared:
        raise CommentsNotShared(
            f"Expected {actor.user_id} to see process instance {root_id} as a whole to read its comments, but it is "
            "not so.",
            process_instance_id=root_id,
        )
    limit = checked_limit(limit)
    of = "comments-latest-first" if latest_first else "comments"
    statement = select(comment).where(comment.c.tenant_id == actor.tenant_id, comment.c.root_id == root_id)
    if cursor:
        (last_id,) = read_cursor(cursor, of, (str,))
        statement = statement.where(comment.c.id < last_id if latest_first else comment.c.id > last_id)
    statement = statement.order_by(comment.c.id.desc() if latest_first else comment.c.id).limit(limit + 1)
    page = page_of(connection.execute(statement).all(), limit, of, lambda row: (row.id,))
    found = [
        Comment(
            id=row.id,
            process_instance_id=row.root_id,
            written_by=row.written_by,
            written_at=row.written_at,
            text=row.text,
        )
        for row in page.items
    ]
    return Page(items=found, cursor=page.cursor)
