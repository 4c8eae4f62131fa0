"""Keep what somebody has typed so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.subjects import UserTaskSubject
from engine.commands.values import as_variables
from engine.model.actor import Actor
from engine.model.deeds import DraftSaved


@dataclass(frozen=True, kw_only=True)
class SaveDraft:
    """A person says: keep this, I am not done. Replaces the person's earlier draft."""

    actor: Actor
    user_task_id: str
    content: Mapping[str, Any]


def save_draft(subject: UserTaskSubject, command: SaveDraft, collaborators: Collaborators) -> Decision:
    """Keep a draft, unchecked: it may be as unfinished as it likes.

    Raises:
        NotTheAssignee, NotACandidate: it is not the actor's to do.
    """
    user_task = subject.must_be_workable(command.actor, "save a draft of")
    user_task.must_be_for(command.actor, "save a draft of")
    return Decision(deeds=(DraftSaved(user_task=user_task, content=as_variables(command.content)),))
