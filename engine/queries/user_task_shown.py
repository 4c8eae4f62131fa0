"""What the page of a user task shows, as one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model.extension import Extension
from engine.model.transfer import Transfer
from engine.model.user_task import Draft, UserTask
from engine.model.withdrawal import Withdrawal
from engine.queries.documents import Document, Filing


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingRung:
    """A rung of the ladder that has not fired yet."""

    key: str
    action: str
    fires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskDetail:
    """A user task as its page shows it."""

    user_task: UserTask
    #: How the people were found: the steps of the people port.
    routing: Sequence[Mapping[str, Any]]
    #: What its form may read; empty when it is closed.
    variables: Mapping[str, Any]
    #: What counts of each form filed under the business key, and what was filed here; in the order of filing.
    documents: Sequence[Document]
    #: Document id -> when its work began and how often it was filed, of all of these.
    filings: Mapping[str, Filing]
    #: What was filed again since, latest first, without what it said.
    earlier_filings: Sequence[Filing]
    #: The actor's own; None if there is none. Of a closed user task: what the actor never submitted.
    draft: Draft | None
    #: Of an open one without a draft: what the actor left at the same step when it was last closed without that.
    earlier_draft: Draft | None
    rungs: Sequence[ComingRung]
    suspended: bool
    #: Whether the actor may claim, complete or return it now; four eyes are looked at when it is tried.
    may_claim: bool
    may_complete: bool
    #: What was asked for at it, or at those of the step that began with it.
    extension: Extension | None
    #: Of handed-over work: that the reviewer was asked to give it back.
    withdrawal: Withdrawal | None
    #: Of a review: what its reviewer is asked to give back, and has not answered.
    asked_back: Withdrawal | None
    #: Whether the actor has looked at it before.
    was_opened: bool
    #: Whom the actor stands in for in it; None = nobody.
    on_behalf_of: str | None
    #: In their order.
    transfers: Sequence[Transfer]

    @property
    def draft_at_hand(self) -> Draft | None:
        """What the actor goes on from: the own draft, else what the actor left at this step before."""
        return self.draft or (self.earlier_draft if self.may_complete else None)
