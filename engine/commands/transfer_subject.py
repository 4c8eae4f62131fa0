"""What a transfer decides about."""

from __future__ import annotations

from dataclasses import field

from engine.commands.user_task_subject import UserTaskSubject
from engine.model.transfer import Colleagues
from engine.model.user_task import Draft
from engine.model.value import value


@value()
class TransferSubject(UserTaskSubject):
    """A user task within its locked root, with the people of its unit and what was typed."""

    colleagues: Colleagues = field(default_factory=lambda: Colleagues(is_within_reach=False))
    #: What the assignee has typed here, or left at this step before.
    typed: Draft | None = None
    #: The same of who is to receive it.
    typed_by_receiver: Draft | None = None
