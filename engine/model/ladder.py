"""The escalation ladder (R15): rungs on working days around a due date, each with its own instant.

The rungs themselves are rows (processes/*/ladder.toml); here is only their arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.model.calendar import MORNING, WorkingCalendar, instant_of, local_day
from engine.model.ports import Rung

#: What a diagram says where nobody is to be reminded.
NO_LADDER = "none"


@dataclass(frozen=True, kw_only=True)
class RungRule:
    """One row of a ladder."""

    #: Stable key within the ladder: "remind-5", "due", "yellow", "orange", "red", "interview", "pre-check".
    key: str
    #: Working days relative to the due day: negative before, positive after.
    offset_working_days: int
    #: Roles told besides the assignee.
    recipients: tuple[str, ...] = ()
    #: "remind" | "overdue" | "supervise" | "urge" | "interview" | "accountability"
    action: str = "remind"
    #: Message sent besides the notice, once for all user tasks of a step that are due on one day; "" = none.
    message: str = ""
    #: Only for user tasks that last at least so many working days.
    minimum_working_days: int = 0
    #: Only for these process definition keys; empty = all.
    processes: tuple[str, ...] = ()
    basis: str = ""

    def holds_for(self, process_definition_key: str) -> bool:
        return not self.processes or process_definition_key in self.processes


@dataclass(frozen=True)
class Ladders:
    """Named ladders over one calendar; implements LadderPort."""

    calendar: WorkingCalendar
    rules: Mapping[str, tuple[RungRule, ...]]

    def rungs(
        self, ladder: str, process_definition_key: str, created_at: datetime, due_at: datetime
    ) -> tuple[Rung, ...]:
        """Rungs of a user task, earliest first; those that would fire before it was created are left out.

        An unknown ladder or "none" has no rungs; a deployment refuses unknown ones.
        """
        due_day = local_day(due_at)
        lasts = self.calendar.working_days_between(local_day(created_at), due_day)
        rules = (rule for rule in self.rules.get(ladder, ()) if rule.holds_for(process_definition_key))
        return tuple(sorted(self._fitting(rules, lasts, created_at, due_at), key=lambda rung: rung.fires_at))

    def _fitting(
        self, rules: Iterable[RungRule], lasts: int, created_at: datetime, due_at: datetime
    ) -> Iterable[Rung]:
        due_day = local_day(due_at)
        for rule in rules:
            if lasts < rule.minimum_working_days:
                continue
            day = self.calendar.add_working_days(due_day, rule.offset_working_days)
            fires_at = instant_of(day, MORNING)
            if fires_at >= created_at:
                yield Rung(
                    key=rule.key,
                    fires_at=fires_at,
                    recipients=rule.recipients,
                    action=rule.action,
                    message=rule.message,
                )
