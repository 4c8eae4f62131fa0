"""A user task: a piece of work that waits for a person, and who may do what with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

from engine.model.actor import Actor
from engine.model.calendar import SHANGHAI
from engine.model.errors import (
    NotACandidate,
    NotFound,
    NotTheAssignee,
    Stale,
    UserTaskAlreadyCompleted,
    WrongState,
)
from engine.model.value import empty_dict, value

#: Property of a user task: "none" = nothing is sent back from it.
RETURNING = "returning"
#: Property of a user task that several people do apart, as experts score.
BLIND = "blind"


def lateness_key(case: str, element_id: str) -> str:
    """What the lateness of a step is told under, and the key of the case that this begins: case and step."""
    return f"{case}:{element_id}"


def case_and_step(key: str) -> tuple[str, str]:
    """A lateness key taken apart; ids of elements hold neither colon nor `#`, behind which opinions are told apart."""
    case, _, element_id = key.rpartition(":")
    return case, element_id.partition("#")[0]


def waits_for_absent(
    actor: Actor, assignee: str | None, candidate_groups: Collection[str], candidate_users: Collection[str]
) -> str | None:
    """Whom the actor stands in for in open work; None: it is the actor's own, or of nobody the actor stands in for."""
    if not actor.stands_in or assignee == actor.user_id:
        return None
    if assignee is not None:
        absent = (each for each in actor.stands_in if each.user_id == assignee and each.covers(candidate_groups))
    elif actor.user_id in candidate_users or not actor.groups.isdisjoint(candidate_groups):
        return None
    else:
        absent = (each for each in actor.stands_in if each.is_offered(candidate_groups, candidate_users))
    return next((each.user_id for each in absent), None)


class UserTaskNotOpen(WrongState):
    """The user task was cancelled: returned, interrupted, or its instance has ended."""

    code = "user-task-not-open"


class UserTaskAlreadyClaimed(WrongState):
    """Somebody else works on it."""

    code = "user-task-already-claimed"


@value()
class UserTask:
    """A user task as its row stands."""

    id: str
    root_id: str
    part: int
    token: int
    element_id: str
    name: str
    definition_key: str
    definition_ref: str
    business_key: str
    #: Whose object it is; None = visible to all.
    unit_code: str | None
    form_key: str | None
    state: Literal["open", "completed", "cancelled"]
    #: Who has taken it; None while it lies in the candidates' inboxes.
    assignee: str | None
    #: "role@unit".
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    priority: int
    #: Aware, UTC.
    created_at: datetime
    #: Aware instant (UTC) after which it is overdue; None if it never is.
    due_at: datetime | None
    #: Element ids of the earlier user tasks whose filer may not do this one.
    four_eyes_with: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=empty_dict)
    lane: str | None = None
    due_rule: str = ""
    follow_up_at: datetime | None = None
    #: Highest rung of its ladder that has fired; "" before the first.
    rung: str = ""
    has_draft: bool = False
    #: Counts claims, releases, transfers, drafts and the end.
    version: int = 1
    closed_at: datetime | None = None
    #: Who completed or returned it.
    closed_by: str | None = None
    closed_cause: str = ""
    #: For whom it was completed or returned, where the one who did it stood in for somebody.
    closed_for: str | None = None

    @property
    def submitter(self) -> str | None:
        """Whose work it was when it was closed: of the person who was stood in for, else of who did it."""
        return self.closed_for or self.closed_by

    @property
    def document_key(self) -> str:
        """Under which its documents are filed: the business key, or the instance where there is none."""
        return self.business_key or self.root_id

    @property
    def lateness_key(self) -> str:
        """What its lateness is told under."""
        return lateness_key(self.document_key, self.element_id)

    def id_of_lateness(self, message: str) -> str:
        """Id of the message that a rung of its ladder sends: one for all of a step that are due at the same instant."""
        due_at = self.due_at.isoformat() if self.due_at is not None else ""
        return f"{message}:{self.root_id}.{self.part}:{self.element_id}:{due_at}"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def may_send_back(self) -> bool:
        """Whether the diagram lets who does it send the work back: a review may, a piece of one's own work may not."""
        return self.properties.get(RETURNING) != "none"

    def is_overdue(self, now: datetime) -> bool:
        return self.due_at is not None and now > self.due_at

    def is_candidate(self, actor: Actor) -> bool:
        """Whether the actor, or somebody the actor stands in for, is among those it was offered to, claimed or not."""
        if self._is_offered_to(actor):
            return True
        return any(each.is_offered(self.candidate_groups, self.candidate_users) for each in actor.stands_in)

    def is_for(self, actor: Actor) -> bool:
        """Whether it is the actor's to do: the assignee's, or a candidate's while nobody has taken it."""
        return self._is_own(actor) or self.on_behalf_of(actor) is not None

    def on_behalf_of(self, actor: Actor) -> str | None:
        """For whom the actor does something with it, by virtue of standing in alone.

        None: the actor acts in the own right, or has nothing to do with it. What was completed is whose it was then.
        """
        if self.is_open:
            return waits_for_absent(actor, self.assignee, self.candidate_groups, self.candidate_users)
        if not actor.stands_in or self._is_own(actor):
            return None
        absent = (each.user_id for each in actor.stands_in if each.covers(self.candidate_groups))
        return next((user_id for user_id in absent if user_id == self.submitter), None)

    def was_submitted_by(self, actor: Actor) -> bool:
        """Whether it was completed as the actor's work, or as that of somebody the actor stands in for."""
        return self.state == "completed" and (self._is_own(actor) or self.on_behalf_of(actor) is not None)

    def _is_own(self, actor: Actor) -> bool:
        if not self.is_open:
            return self.submitter == actor.user_id
        return self.assignee == actor.user_id if self.assignee is not None else self._is_offered_to(actor)

    def _is_offered_to(self, actor: Actor) -> bool:
        return actor.user_id in self.candidate_users or not actor.groups.isdisjoint(self.candidate_groups)

    def is_visible_to(self, actor: Actor) -> bool:
        """Whether the actor may know of it: by unit, or because it is or was the actor's to do."""
        return (
            actor.is_system
            or actor.sees_unit(self.unit_code)
            or actor.user_id in (self.assignee, self.closed_by, self.closed_for)
            or self.is_candidate(actor)
            or self.on_behalf_of(actor) is not None
        )

    def must_be_visible_to(self, actor: Actor) -> None:
        """Raises NotFound: the actor must not learn that it exists."""
        if not self.is_visible_to(actor):
            raise no_such_user_task(self.id)

    def must_be_open(self, intent: str) -> None:
        """`intent` is a verb, e.g. "complete".

        Raises:
            UserTaskAlreadyCompleted: names who was faster, and when.
            UserTaskNotOpen: it was cancelled.
        """
        if self.state == "completed":
            raise UserTaskAlreadyCompleted(
                f"Expected to {intent} user task {self.element_id!r} ({self.id}), but {self.closed_by} completed it "
                f"at {_local(self.closed_at)}.",
                **self._facts(),
                completed_by=self.closed_by,
                completed_at=_local(self.closed_at),
            )
        if self.state == "cancelled":
            raise UserTaskNotOpen(
                f"Expected to {intent} user task {self.element_id!r} ({self.id}), but it was cancelled at "
                f"{_local(self.closed_at)} ({self.closed_cause}).",
                **self._facts(),
                cause=self.closed_cause,
            )

    def must_be_for(self, actor: Actor, intent: str) -> None:
        """Whether the actor may work on it: the assignee, or a candidate while nobody has taken it; or who stands in.

        Raises:
            NotTheAssignee: somebody else has taken it.
            NotACandidate: it was not offered to the actor.
        """
        if self.is_for(actor):
            return
        if self.assignee is not None:
            raise NotTheAssignee(
                f"Expected {actor.user_id} to be the assignee of user task {self.element_id!r} ({self.id}) to "
                f"{intent} it, but it is {self.assignee}'s.",
                **self._facts(),
                assignee=self.assignee,
            )
        self.must_be_offered_to(actor, intent)

    def must_be_offered_to(self, actor: Actor, intent: str) -> None:
        """Raises NotACandidate."""
        if not self.is_candidate(actor):
            raise NotACandidate(
                f"Expected {actor.user_id} to be a candidate of user task {self.element_id!r} ({self.id}) to {intent} "
                f"it, but it is offered to {', '.join((*self.candidate_groups, *self.candidate_users)) or 'nobody'}.",
                **self._facts(),
            )

    def _facts(self) -> dict[str, str]:
        return {
            "user_task_id": self.id,
            "element_id": self.element_id,
            "definition_ref": self.definition_ref,
            "name": self.name,
        }


def no_such_user_task(user_task_id: str) -> NotFound:
    """The refusal for an id that is unknown, or out of the actor's sight: both look the same."""
    return NotFound(f"Expected a user task {user_task_id!r}, but found none.", user_task_id=user_task_id)


def _local(instant: datetime | None) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="minutes") if instant else ""


class DraftsChanged(Stale):
    """A draft was saved while its author decided between two."""

    code = "drafts-changed"


class DraftNotSeen(Stale):
    """Another draft of the same person stands there than the one that was read."""

    code = "draft-not-seen"


class DraftNotNamed(Stale):
    """A draft of the same person stands there, and the sender does not say whether it was read."""

    code = "draft-not-named"


@value(kw_only=True)
class DraftApart:
    """What was typed without having seen the draft that was there."""

    #: The window it came from; "" once its author has decided against it.
    written_in: str
    #: Aware, UTC.
    saved_at: datetime
    content: Mapping[str, Any]
    #: Revision of the draft that had been read, 0 = there was none; None where that is not known, and once decided.
    builds_on: int | None = None

    @property
    def id(self) -> str:
        """By which it is decided on: another one as soon as anything of it has changed."""
        told = repr((self.written_in, self.saved_at.isoformat(), self.content))
        return blake2b(told.encode(errors="surrogatepass"), digest_size=8).hexdigest()

    @property
    def is_undecided(self) -> bool:
        return self.written_in != ""


@value(kw_only=True)
class Draft:
    """What a person has typed at a user task and not submitted, and what stands apart from it; one a person.

        window A ──saves──► draft 1 (A) ──saves──► draft 2 (A)
        window B, opened at draft 1, ──saves──► stands apart (B): draft 2 is as it was, and the person decides

    Whoever types in two windows, or goes on after a lost session, overwrites nothing unseen.
    """

    content: Mapping[str, Any]
    #: Aware, UTC.
    saved_at: datetime
    #: Counts what has stood here; 0 = it was left at this step before, at a user task that is closed.
    revision: int = 1
    #: The window that saved it last; "" where none is known.
    written_in: str = ""
    #: Oldest first.
    apart: tuple[DraftApart, ...] = ()

    def standing_apart(self, apart_id: str) -> DraftApart | None:
        """What stands apart by its id; None if there is nothing of the kind any more."""
        return next((each for each in self.apart if each.id == apart_id), None)

    def was_seen(self, revision: int | None, window: str) -> bool:
        """Whether somebody who has read a revision, or writes in a window, goes on from this one; None = need not.

        What was left at a closed user task (revision 0) stays there, whoever goes on here.
        """
        is_same = revision in (None, self.revision) or (window != "" and window == self.written_in)
        return self.revision == 0 or is_same

    @property
    def undecided(self) -> tuple[DraftApart, ...]:
        return tuple(each for each in self.apart if each.is_undecided)
