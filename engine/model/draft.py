"""What a person has typed at a user task and not submitted; one a user task and person.

    window A ──saves──► draft 1 (A) ──saves──► draft 2 (A)
    window B, opened at draft 1, ──saves──► stands apart (B): draft 2 is as it was, and the person decides

Whoever types in two windows, or goes on after a lost session, overwrites nothing unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.model.errors import Stale
from engine.model.value import value


class DraftsChanged(Stale):
    """A draft was saved while its author decided between two."""

    code = "drafts-changed"


@value(kw_only=True)
class DraftApart:
    """What was typed without having seen the draft that was there."""

    #: The window it came from; "" once its author has decided against it.
    written_in: str
    #: Aware, UTC.
    saved_at: datetime
    content: Mapping[str, Any]

    @property
    def is_undecided(self) -> bool:
        return self.written_in != ""


@value(kw_only=True)
class Draft:
    """The draft, and what stands apart from it."""

    content: Mapping[str, Any]
    #: Aware, UTC.
    saved_at: datetime
    #: Counts what has stood here.
    revision: int = 1
    #: The window that saved it last; "" where none is known.
    written_in: str = ""
    #: Oldest first.
    apart: tuple[DraftApart, ...] = ()

    def was_seen(self, revision: int | None, window: str) -> bool:
        """Whether somebody who has read a revision, or writes in a window, goes on from this one; None = need not."""
        return revision is None or revision == self.revision or (window != "" and window == self.written_in)

    @property
    def undecided(self) -> tuple[DraftApart, ...]:
        return tuple(each for each in self.apart if each.is_undecided)
