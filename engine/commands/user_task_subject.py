"""What commands about a user task decide about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from engine.model.actor import Actor
from engine.model.errors import FourEyesViolated
from engine.model.extension import Extending
from engine.model.process_instance import InstanceSuspended
from engine.model.user_task import Draft, UserTask
from engine.model.value import empty_dict, value
from engine.model.withdrawal import Withdrawal, Withdrawing


@value()
class UserTaskSubject:
    """A user task within its locked root."""

    user_task: UserTask
    suspended: bool
    #: Variables its form may read; empty where a command has no use for them.
    variables: Mapping[str, Any] = field(default_factory=empty_dict)
    #: Who completed the elements of `four_eyes_with` last, and for whom where somebody was stood in for.
    filers: Mapping[str, tuple[str, ...]] = field(default_factory=empty_dict)
    #: The actor's own, else what the actor left at this step before; read where a command is about it.
    draft: Draft | None = None
    #: What there is to extend; read where it is asked for or answered.
    extending: Extending | None = None
    #: What stands between its work and taking it back; read where it is taken, asked for, given or opened.
    withdrawing: Withdrawing | None = None
    #: Of a review that changes hands: what its reviewer is asked to give back, and whose work that is.
    asked_back: tuple[Withdrawal, UserTask] | None = None
    #: Whether a transfer gave it to the actor, or took it from the actor: either still knows of it.
    was_in_hand: bool = False

    def must_be_workable(self, actor: Actor, intent: str) -> UserTask:
        """The user task, if the actor may see it, it is open and its instance is not suspended.

        Raises:
            NotFound: out of the actor's sight.
            UserTaskAlreadyCompleted, UserTaskNotOpen: too late.
            InstanceSuspended: nothing moves.
        """
        if not self.was_in_hand:
            self.user_task.must_be_visible_to(actor)
        self.user_task.must_be_open(intent)
        self.must_run(intent)
        return self.user_task

    def must_run(self, intent: str) -> None:
        """Raises InstanceSuspended: nothing moves."""
        if self.suspended:
            raise InstanceSuspended(
                f"Expected to {intent} user task {self.user_task.element_id!r} ({self.user_task.id}), but its process "
                "instance is suspended.",
                user_task_id=self.user_task.id,
                process_instance_id=self.user_task.root_id,
            )

    def must_have_four_eyes(self, actor: Actor) -> None:
        """What a stand-in has filed counts as filed by both, what a stand-in reviews as reviewed by both.

        Raises:
            FourEyesViolated: the actor has filed what is to be reviewed here.
        """
        reviewers = (actor.user_id, self.user_task.on_behalf_of(actor))
        for element_id, filers in self.filers.items():
            filer = next((each for each in filers if each in reviewers), None)
            if filer is not None:
                raise FourEyesViolated(
                    f"Expected somebody else than {filer} to complete user task {self.user_task.element_id!r} "
                    f"({self.user_task.id}), because {filer} completed {element_id!r}.",
                    user_task_id=self.user_task.id,
                    element_id=self.user_task.element_id,
                    filed_element_id=element_id,
                    filed_by=filer,
                )
