"""The stage on which a year is played: people act through the engine, and the clock moves between their acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine import ClaimUserTask, CompleteUserTask, CorrelateMessage, Dispatcher
from engine.model.actor import Actor
from engine.model.calendar import SHANGHAI, WorkingCalendar
from engine.model.clock import FixedClock
from engine.queries import InboxItem, InboxList, OverdueFilter, OverdueUserTask, inbox, overdue, user_task_detail

#: While the clock moves on, what is due is done on every full hour.
STRIDE = timedelta(hours=1)


def local_instant(text: str) -> datetime:
    """A local instant "2026-07-29 10:00" of Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


class SceneFailed(Exception):
    """The play and the processes disagree: somebody is to act where nothing waits for him."""


@dataclass(frozen=True)
class Stage:
    """Where a play happens."""

    dispatcher: Dispatcher
    clock: FixedClock
    #: A person's rights on the day of the clock.
    actor_of: Callable[[str], Actor]
    #: Somebody who holds a group "role@unit" on the day of the clock.
    holder_of: Callable[[str], str]
    #: Sees all, for looking up who is to act next.
    everybody: Actor
    #: Does everything that is due at the instant of the clock.
    do_due_work: Callable[[], object]

    def move_to(self, local: str) -> None:
        """Let time pass until a local instant "2026-07-29 10:00"; what falls due on the way is done in its hour."""
        target = local_instant(local)
        while (now := self.clock.now()) < target:
            following = now.replace(minute=0, second=0, microsecond=0) + STRIDE
            self.clock.move_to(min(following, target))
            self.do_due_work()

    def act(self, person: str, business_key: str, element_id: str, submission: Mapping[str, Any]) -> None:
        """Complete the user task that waits for a person.

        Raises:
            SceneFailed: none waits.
            EngineError: the engine or the form refuses.
        """
        actor = self.actor_of(person)
        found = self.waiting(person, business_key, element_id)
        self.dispatcher.dispatch(CompleteUserTask(actor=actor, user_task_id=found.id, submission=submission))

    def claim(self, person: str, business_key: str, element_id: str) -> None:
        """Take up the user task that waits for a person.

        Raises:
            SceneFailed: none waits.
        """
        found = self.waiting(person, business_key, element_id)
        self.dispatcher.dispatch(ClaimUserTask(actor=self.actor_of(person), user_task_id=found.id))

    def act_whoever(self, business_key: str, element_id: str, submission: Mapping[str, Any]) -> None:
        """Complete the open user task of a case as the person it is assigned or first offered to.

        Raises:
            SceneFailed: none is open.
        """
        for item in self.open_of(business_key):
            if item.element_id == element_id:
                self.complete_as_holder(item, submission)
                return
        now = self.clock.now().astimezone(SHANGHAI)
        raise SceneFailed(
            f"Expected {element_id!r} of {business_key!r} to be open at {now:%Y-%m-%d %H:%M}, but it is not."
        )

    def complete_as_holder(self, item: OverdueUserTask, submission: Mapping[str, Any]) -> None:
        """Complete a user task as the person it is assigned or first offered to."""
        actor = self.actor_of(item.assignee or self.holder_of(item.candidate_groups[0]))
        self.dispatcher.dispatch(CompleteUserTask(actor=actor, user_task_id=item.id, submission=submission))

    def variable_of(self, user_task_id: str, name: str) -> Any:
        """What a user task sees under a name."""
        return self.variables_of(user_task_id).get(name)

    def variables_of(self, user_task_id: str) -> Mapping[str, Any]:
        """Everything a user task sees."""
        return self.dispatcher.query(user_task_detail, self.everybody, user_task_id).variables

    def open_of(self, business_key: str) -> Sequence[OverdueUserTask]:
        """The open user tasks of a case that have a due instant, earliest due first."""
        return [item for item in self.open_user_tasks() if item.business_key == business_key]

    def open_user_tasks(self) -> Sequence[OverdueUserTask]:
        """All open user tasks that have a due instant, earliest due first."""
        horizon = self.clock.now() + timedelta(days=4000)
        filters = OverdueFilter(due_before=horizon)
        found = self.dispatcher.query(
            overdue, self.everybody, now=self.clock.now(), calendar=WorkingCalendar(), filters=filters, limit=500
        )
        return found.items

    def waiting(self, person: str, business_key: str, element_id: str) -> InboxItem:
        """The user task of a case that waits for a person. Raises SceneFailed."""
        actor = self.actor_of(person)
        for which in (InboxList.MINE, InboxList.CLAIMABLE):
            for item in self.dispatcher.query(inbox, actor, which, limit=500).items:
                if (item.business_key, item.element_id) == (business_key, element_id):
                    return item
        now = self.clock.now().astimezone(SHANGHAI)
        raise SceneFailed(
            f"Expected {element_id!r} of {business_key!r} to wait for {person} at {now:%Y-%m-%d %H:%M}, but it "
            "does not."
        )

    def send(self, person: str, name: str, correlation_key: str, variables: Mapping[str, Any]) -> None:
        """Send a message through the door for messages."""
        self.dispatcher.dispatch(
            CorrelateMessage(
                actor=self.actor_of(person),
                name=name,
                correlation_key=correlation_key,
                variables=variables,
                message_id=f"{name}:{correlation_key}",
            )
        )
