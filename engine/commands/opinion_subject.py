"""What a request for opinions decides about."""

from __future__ import annotations

from dataclasses import field

from engine.commands.user_task_subject import UserTaskSubject
from engine.model.opinion import Asking
from engine.model.value import value


@value()
class OpinionSubject(UserTaskSubject):
    """A user task within its locked root, with what was asked there and who may be asked."""

    asking: Asking = field(default_factory=lambda: Asking(asked=(), askable=(), somebody_asks=False))
