"""Write a comment on a case 沟通 (PROCESSES 0.3)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.collaborators import Collaborators
from engine.commands.decision import CommentKept, Decision
from engine.model.actor import Actor
from engine.model.comment import CommentsNotShared, checked_comment
from engine.model.deeds import CommentAdded
from engine.model.value import value


@value(kw_only=True)
class CommentSubject:
    """A case that somebody wants to write about; it is not locked, for nothing of it changes."""

    #: The root instance.
    root_id: str
    #: Whether the actor sees the whole of it, and no blind step stands in the way.
    is_shared: bool


@dataclass(frozen=True, kw_only=True)
class AddComment:
    """Somebody says something about a case, to everybody who sees it."""

    actor: Actor
    #: A root instance, or one that was called within.
    process_instance_id: str
    text: str


def add_comment(subject: CommentSubject, command: AddComment, collaborators: Collaborators) -> Decision:
    """Keep it; a case that is suspended or has ended is still talked about.

    Raises:
        CommentsNotShared: the actor does not see the case as a whole.
        CommentInvalid: it says nothing, or too much.
    """
    must_be_shared(subject, command.actor)
    text = checked_comment(command.text)
    comment_id = collaborators.ids.make(collaborators.clock.now())
    return Decision(
        deeds=(CommentAdded(root_id=subject.root_id, comment_id=comment_id, text=text),),
        answer=CommentKept(comment_id=comment_id, process_instance_id=subject.root_id),
    )


def must_be_shared(subject: CommentSubject, actor: Actor) -> None:
    """Raises CommentsNotShared."""
    if not subject.is_shared:
        raise CommentsNotShared(
            f"Expected {actor.user_id} to see process instance {subject.root_id} as a whole to read and write "
            "comments, but it is not so.",
            process_instance_id=subject.root_id,
        )
