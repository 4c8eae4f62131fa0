"""Keep what somebody has typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision, DraftKept
from engine.commands.user_task_subject import UserTaskSubject
from engine.commands.values import as_variables
from engine.model.actor import Actor
from engine.model.calendar import SHANGHAI
from engine.model.deeds import DraftSaved
from engine.model.user_task import Draft, DraftApart, DraftNotNamed, DraftNotSeen, DraftsChanged

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
    #: For programs that say themselves what becomes of it: what has not seen the draft is refused, not kept apart, and
    #: None in `builds_on` means that nothing was told.
    is_refused_unseen: bool = False
    #: Id of what stood apart and is decided on by this; "" = none.
    settles: str = ""
    #: Is kept in its place: None = of both, field by field, what is not in `content`.
    decided_against: Mapping[str, Any] | None = None


def save_draft(subject: UserTaskSubject, command: SaveDraft, collaborators: Collaborators) -> Decision:
    """Keep a draft, unchecked: it may be as unfinished as it likes.

    Raises:
        NotTheAssignee, NotACandidate: it is not the actor's to do.
        DraftNotNamed, DraftNotSeen: it would be kept apart, and the sender wants it refused.
        DraftsChanged: what is decided on is not what stands there any more.
    """
    user_task = subject.must_be_workable(command.actor, "save a draft of")
    user_task.must_be_for(command.actor, "save a draft of")
    content, now = as_variables(command.content), collaborators.clock.now()
    before = subject.draft or Draft(content={}, saved_at=now, revision=0)
    if command.is_refused_unseen:
        _must_be_seen(before, command)
    is_seen = before.was_seen(command.builds_on, command.written_in)
    if is_seen:
        after = _in_its_place(before, command, content, now)
    elif command.settles:
        raise DraftsChanged("Expected the draft that was compared, but found a newer one.", user_task_id=user_task.id)
    else:
        after = _apart(before, command, content, now)
    answer = DraftKept(
        user_task_id=user_task.id,
        process_instance_id=user_task.root_id,
        revision=after.revision,
        apart=not is_seen and content != before.content,
    )
    deeds = (DraftSaved(user_task=user_task, draft=after),) if after != before else ()
    return Decision(deeds=deeds, answer=answer)


def _must_be_seen(before: Draft, command: SaveDraft) -> None:
    facts = {
        "user_task_id": command.user_task_id,
        "revision": before.revision,
        "saved_at": before.saved_at.astimezone(SHANGHAI).isoformat(timespec="minutes"),
    }
    if command.builds_on is None and before.revision:
        raise DraftNotNamed(
            f"Expected to be told which draft was read, because one stands there (revision {before.revision}), but was "
            "told nothing.",
            **facts,
        )
    if not before.was_seen(command.builds_on, command.written_in):
        raise DraftNotSeen(
            f"Expected revision {before.revision} of the draft to have been read, but it was {command.builds_on}.",
            **facts,
        )


def _in_its_place(before: Draft, command: SaveDraft, content: Mapping[str, Any], now: datetime) -> Draft:
    apart = before.apart
    if command.settles:
        apart = _settled(before, command, content, now)
    # what the same window said before is overtaken by this
    apart = tuple(each for each in apart if not command.written_in or each.written_in != command.written_in)
    return Draft(
        content=content,
        saved_at=now,
        revision=before.revision + 1,
        written_in=command.written_in,
        apart=apart,
    )


def _settled(before: Draft, command: SaveDraft, content: Mapping[str, Any], now: datetime) -> tuple[DraftApart, ...]:
    settled = before.standing_apart(command.settles)
    if settled is None:
        message = "Expected the version that was compared, but found that it has changed."
        raise DraftsChanged(message, user_task_id=command.user_task_id)
    left = [each for each in before.apart if each != settled]
    if command.decided_against is None:
        rest = _not_taken(before.content, settled.content, content)
    else:
        rest = as_variables(command.decided_against)
    if rest and rest != content:
        left.append(DraftApart(written_in="", saved_at=now, content=rest))
    decided = [each for each in left if not each.is_undecided]
    too_old = decided[:-DECIDED_KEPT]
    return tuple(each for each in left if each not in too_old)


def _not_taken(kept: Mapping[str, Any], apart: Mapping[str, Any], taken: Mapping[str, Any]) -> dict[str, Any]:
    """Of each field the side that was not taken; where neither was, what stood apart: the draft itself was read."""
    sides = {name: kept if taken.get(name) == apart.get(name) else apart for name in (*kept, *apart)}
    return {name: side[name] for name, side in sides.items() if name in side}


def _apart(before: Draft, command: SaveDraft, content: Mapping[str, Any], now: datetime) -> Draft:
    """What the window has said last stands apart; where it says the same as the draft, nothing does."""
    window = command.written_in
    others = tuple(each for each in before.apart if each.written_in != window or not window)
    if content == before.content:
        return replace(before, apart=others)
    # a window without a name has said it once
    said = DraftApart(written_in=window or "?", saved_at=now, content=content, builds_on=command.builds_on)
    return replace(before, apart=(*others, said))
