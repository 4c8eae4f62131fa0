"""One change of one root instance: what the writer is given, whom it asks, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.kernel.events import Event
from engine.kernel.state import State
from engine.model.deeds import Deed
from engine.model.ports import LadderPort, PeoplePort
from engine.model.user_task import UserTask
from engine.model.value import value
from engine.store.filing import Frame
from engine.store.reader import LockedRoot


@value()
class WriterPorts:
    """Whom the writer asks."""

    people: PeoplePort
    ladder: LadderPort
    make_id: Callable[[], str]


@value(kw_only=True)
class Step:
    """One change of one root instance, ready to be written."""

    frame: Frame
    #: Counters as locked; for a new root all 0.
    root: LockedRoot
    is_new: bool
    #: None: the kernel was not needed, the state stays as it is.
    after: State | None
    #: The state before the change, read when asked for.
    before: Callable[[], State | None]
    changed: frozenset[int]
    removed: frozenset[int]
    entries: Sequence[Event | Deed]
    #: The user task the change is about, if any: what is known of its row saves statements.
    user_task: UserTask | None = None


@value()
class Written:
    """What a change has become."""

    version: int
    #: The root has ended.
    ended: bool
    #: Messages that may have a receiver now.
    deliverable: tuple[str, ...]
    opened_user_tasks: tuple[str, ...]
    opened_incidents: tuple[str, ...]
