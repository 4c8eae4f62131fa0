"""A root process instance as its rows stand, and the refusals about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.actor import Actor
from engine.model.errors import NotFound, NotPermitted, WrongState


class InstanceEnded(WrongState):
    """The process instance has ended."""

    code = "instance-ended"


class InstanceSuspended(WrongState):
    """The process instance is suspended: nothing moves until somebody resumes it."""

    code = "instance-suspended"


class NotARoot(WrongState):
    """The process instance was called by another one and cannot be handled apart from it."""

    code = "not-a-root"


class NotAStarter(NotPermitted):
    """The diagram names who may start the process, and the actor is not among them."""

    code = "not-a-starter"


class UnitOutOfScope(NotPermitted):
    """A process instance for a unit whose objects the actor does not see."""

    code = "unit-out-of-scope"


class AlreadyRunning(WrongState):
    """A process instance with this business key runs already."""

    code = "already-running"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessInstance:
    """A root instance, or one that it has called."""

    #: Equal to root_id for a root.
    id: str
    root_id: str
    #: Number within the root; 0 = the root.
    part: int
    parent_part: int | None
    definition_key: str
    #: "key:version".
    definition_ref: str
    business_key: str
    unit_code: str | None
    #: active | suspended | completed | cancelled
    status: str
    #: Aware, UTC.
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    end_element_id: str | None
    reason: str
    #: Counts the changes of the root.
    version: int

    @property
    def is_root(self) -> bool:
        return self.part == 0

    def must_be_visible_to(self, actor: Actor) -> None:
        """Raises NotFound: the actor must not learn that it exists."""
        if not actor.oversees and not actor.sees_unit(self.unit_code):
            raise no_such_instance(self.id)

    def must_run(self, intent: str) -> None:
        """`intent` is a verb, e.g. "suspend". Raises InstanceEnded."""
        if self.ended_at is not None:
            raise InstanceEnded(
                f"Expected to {intent} process instance {self.id}, but it has ended ({self.status}).",
                process_instance_id=self.id,
                status=self.status,
            )

    def must_be_a_root(self, intent: str) -> None:
        """Raises NotARoot."""
        if not self.is_root:
            raise NotARoot(
                f"Expected to {intent} a root process instance, but {self.id} was called by {self.root_id}.",
                process_instance_id=self.id,
                root_id=self.root_id,
            )


def no_such_instance(process_instance_id: str) -> NotFound:
    """The refusal for an id that is unknown, or out of the actor's sight: both look the same."""
    return NotFound(
        f"Expected a process instance {process_instance_id!r}, but found none.",
        process_instance_id=process_instance_id,
    )
