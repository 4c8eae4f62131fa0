"""Stand-ins for the engine's collaborators: plain values, no mocks. Each says what it does instead of the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.commands import Collaborators
from engine.feel import FeelFunction
from engine.model.actor import Actor
from engine.model.calendar import WorkingCalendar
from engine.model.clock import Clock, FixedClock
from engine.model.deadline import Deadlines
from engine.model.errors import Fault, Invalid, NotFound
from engine.model.identifiers import Uuid7Source
from engine.model.ports import CheckedSubmission, Routing, RoutingRequest, Rung, ServiceHandler
from engine.model.transfer import Colleague, Colleagues, ColleaguesRequest
from forms.form import Form

#: A Monday: 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class RolesOfTheUnit:
    """A people port that turns every role into the group of the object's unit, whoever holds it."""

    def route(self, connection: Any, request: RoutingRequest) -> Routing:
        if request.assignee is not None:
            return Routing(assignee=request.assignee, explanation=({"rule": "named", "found": request.assignee},))
        groups = tuple(
            role if "@" in role or request.unit_code is None else f"{role}@{request.unit_code}"
            for role in request.candidate_groups
        )
        explanation = tuple({"rule": "unit", "role": group} for group in groups)
        return Routing(groups=groups, users=request.candidate_users, explanation=explanation)

    def colleagues(self, connection: Any, request: ColleaguesRequest) -> Colleagues:
        """Nobody answers for anything."""
        return Colleagues(is_within_reach=False)

    def askable(self, connection: Any, tenant_id: str, user_ids: Collection[str]) -> frozenset[str]:
        """Whoever is named."""
        return frozenset(user_ids)


@dataclass(frozen=True)
class OneUnit(RolesOfTheUnit):
    """A people port where one unit does all work: some of its people may transfer, to some."""

    heads: frozenset[str]
    colleagues_there: tuple[Colleague, ...]
    elsewhere: tuple[str, ...] = ()
    #: What it was asked, latest last.
    asked: list[ColleaguesRequest] = field(default_factory=list[ColleaguesRequest], compare=False)

    def colleagues(self, connection: Any, request: ColleaguesRequest) -> Colleagues:
        self.asked.append(request)
        accounts = [each.user_id for each in self.colleagues_there]
        return Colleagues(
            is_within_reach=request.user_id in self.heads,
            people=self.colleagues_there,
            accounts=(*accounts, *self.elsewhere),
        )


class NoLadder:
    """A ladder port without rungs."""

    def rungs(
        self, ladder: str, process_definition_key: str, created_at: datetime, due_at: datetime
    ) -> tuple[Rung, ...]:
        return ()


@dataclass(frozen=True)
class FixedLadder:
    """A ladder port whose rungs fire at given distances from the due instant, for every ladder but "none"."""

    #: key -> offset from due.
    offsets: Mapping[str, Any]
    #: key -> message that the rung sends.
    messages: Mapping[str, str] = field(default_factory=dict[str, str])

    def rungs(
        self, ladder: str, process_definition_key: str, created_at: datetime, due_at: datetime
    ) -> tuple[Rung, ...]:
        if ladder == "none":
            return ()
        rungs = (
            Rung(
                key=key,
                fires_at=due_at + offset,
                recipients=("unit_head",),
                action="overdue",
                message=self.messages.get(key, ""),
            )
            for key, offset in self.offsets.items()
        )
        return tuple(sorted((rung for rung in rungs if rung.fires_at >= created_at), key=lambda rung: rung.fires_at))


@dataclass(frozen=True)
class ListedForms:
    """A form port that knows the required fields of each form, and passes all fields on as variables."""

    #: form key -> required fields.
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def form(self, form_key: str) -> Form:
        """A form without fields of its own, for those who look at one."""
        if form_key not in self.required:
            raise NotFound(f"Expected a form {form_key!r}, but found none.", form_key=form_key)
        return Form(key=form_key, version=1, zh="", en="", form_no="", fields=(), checks=(), schema={})

    def check(self, form_key: str, submission: Mapping[str, Any], context: Mapping[str, Any]) -> CheckedSubmission:
        if form_key not in self.required:
            raise NotFound(f"Expected a form {form_key!r}, but found none.", form_key=form_key)
        faults = [
            Fault("required", f"Expected a value for {name!r}, but found none.", name)
            for name in self.required[form_key]
            if submission.get(name) in (None, "")
        ]
        if faults:
            raise Invalid(" ".join(fault["message"] for fault in faults), faults)
        return CheckedSubmission(form_ref=f"{form_key}:1", document=dict(submission), variables=dict(submission))


def monday_to_friday(connection: Any) -> Deadlines:
    """Deadlines by a calendar without holidays and without configuration rows."""
    return Deadlines(WorkingCalendar.of(()), lambda key, on: None)


def collaborators(
    clock: Clock | None = None,
    *,
    services: Mapping[str, ServiceHandler] | None = None,
    forms: Any = None,
    ladder: Any = None,
    people: Any = None,
    deadlines: Callable[[Any], Any] = monday_to_friday,
    functions: tuple[FeelFunction, ...] = (),
) -> Collaborators:
    """Collaborators for a test, with stand-ins for what it does not name."""
    return Collaborators(
        clock=clock or FixedClock(MONDAY),
        ids=Uuid7Source(),
        forms=forms or ListedForms(),
        people=people or RolesOfTheUnit(),
        ladder=ladder or NoLadder(),
        deadlines=deadlines,
        services=services or {},
        functions=functions,
    )


def person(
    user_id: str,
    *groups: str,
    units: frozenset[str] | None = frozenset(),
    permissions: frozenset[str] = frozenset(),
    tenant_id: str = "default",
) -> Actor:
    """Somebody in some groups who sees the objects of some units."""
    return Actor(
        tenant_id=tenant_id,
        user_id=user_id,
        groups=frozenset(groups),
        roles=frozenset(group.partition("@")[0] for group in groups),
        visible_units=units,
        permissions=permissions,
    )


#: May do everything that needs a permission, and sees all units.
OPERATOR = person(
    "operator", units=None, permissions=frozenset({"deploy", "start", "operate", "correlate", "work", "import"})
)
