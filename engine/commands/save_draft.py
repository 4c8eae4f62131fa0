"""Keep what somebody has typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import UserTaskSubject
from engine.commands.values import as_variables
from engine.model.actor import Actor
from engine.model.deeds import DraftSaved
from engine.model.user_task import Draft, DraftApart, DraftsChanged

#: So many that their author has decided against are kept beside a draft, the latest ones.
DECIDED_KEPT = 10


@dataclass(frozen=True, kw_only=True)
class SaveDraft:
    """A person says: keep this, I am not done.

    It takes the place of the person's draft if that was seen; else it stands apart, and the person decides.
    """

    actor: Actor
    user_task_id: str
    content: Mapping[str, Any]
    #: Revision of the draft that the sender has read, 0 = there was none; None = whatever stands there is replaced.
    builds_on: int | None = None
    #: The window it is typed in, by an id of its own.
    written_in: str = ""
    #: What stood apart and is decided on by this; `decided_against` is kept in its place.
    settles: DraftApart | None = None
    decided_against: Mapping[str, Any] | None = None


def save_draft(subject: UserTaskSubject, command: SaveDraft, collaborators: Collaborators) -> Decision:
    """Keep a draft, unchecked: it may be as unfinished as it likes.

    Raises:
        NotTheAssignee, NotACandidate: it is not the actor's to do.
        DraftsChanged: what is decided on is not what stands there any more.
    """
    user_task = subject.must_be_workable(command.actor, "save a draft of")
    user_task.must_be_for(command.actor, "save a draft of")
    before, content, now = subject.draft, as_variables(command.content), collaborators.clock.now()
    if before is None:
        after = Draft(content=content, saved_at=now, written_in=command.written_in)
    elif before.was_seen(command.builds_on, command.written_in):
        after = _in_its_place(before, command, content, now)
    elif command.settles is not None:
        raise DraftsChanged("Expected the draft that was compared, but found a newer one.", user_task_id=user_task.id)
    else:
        after = _apart(before, command.written_in, content, now)
    return Decision(deeds=(DraftSaved(user_task=user_task, draft=after),)) if after != before else Decision()


def _in_its_place(before: Draft, command: SaveDraft, content: Mapping[str, Any], now: datetime) -> Draft:
    apart = before.apart
    if command.settles is not None:
        if command.settles not in apart:
            message = "Expected the version that was compared, but found that it has changed."
            raise DraftsChanged(message, user_task_id=command.user_task_id)
        apart = _settled(apart, command, now)
    # what the same window said before is overtaken by this
    apart = tuple(each for each in apart if not command.written_in or each.written_in != command.written_in)
    return Draft(
        content=content,
        saved_at=now,
        revision=before.revision + 1,
        written_in=command.written_in,
        apart=apart,
    )


def _settled(apart: tuple[DraftApart, ...], command: SaveDraft, now: datetime) -> tuple[DraftApart, ...]:
    left = [each for each in apart if each != command.settles]
    if command.decided_against is not None:
        left.append(DraftApart(written_in="", saved_at=now, content=as_variables(command.decided_against)))
    decided = [each for each in left if not each.is_undecided]
    too_old = decided[:-DECIDED_KEPT]
    return tuple(each for each in left if each not in too_old)


def _apart(before: Draft, window: str, content: Mapping[str, Any], now: datetime) -> Draft:
    """What the window has said last stands apart; where it says the same as the draft, nothing does."""
    others = tuple(each for each in before.apart if each.written_in != window or not window)
    if content == before.content:
        return replace(before, apart=others)
    # a window without a name has said it once
    return replace(before, apart=(*others, DraftApart(written_in=window or "?", saved_at=now, content=content)))
