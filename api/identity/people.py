"""Who gets a user task, and why.

A person whom the diagram names comes first. Else each role is looked for from the unit whose object it is; a role that
nobody holds is taken by the head of the unit, or of the next unit above. Every attempt is told in the explanation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from api.identity.asking import may_be_asked
from api.identity.colleagues import colleagues_at
from api.identity.directory import Directory, DirectoryReader
from api.identity.rights import group
from api.identity.roles import Found, Role, RoleCatalogue
from engine.model.calendar import local_day
from engine.model.clock import Clock
from engine.model.ports import Routing, RoutingRequest
from engine.model.transfer import Colleagues, ColleaguesRequest

#: Assignee, groups, users and unit of a request.
_Asked = tuple[str | None, tuple[str, ...], tuple[str, ...], str | None]

#: Answers kept at once for one tenant.
RESOLVED_KEPT = 10_000


class People:
    """The engine's people port over the tables of this house."""

    def __init__(self, catalogue: RoleCatalogue, directories: DirectoryReader, clock: Clock) -> None:
        self._catalogue = catalogue
        self._directories = directories
        self._clock = clock
        #: By tenant: what was resolved over the directory as it stands; requests of a process are few and come again.
        self._resolved: dict[str, tuple[Directory, dict[_Asked, Routing]]] = {}

    def route(self, connection: Connection, request: RoutingRequest) -> Routing:
        """Resolve within the running transaction, by the posts held today."""
        today = day_of(self._clock.now())
        directory = self._directories.read(connection, request.tenant_id, today)
        known = self._resolved.get(request.tenant_id)
        if known is None or known[0] is not directory or len(known[1]) >= RESOLVED_KEPT:
            known = self._resolved[request.tenant_id] = (directory, {})
        asked = (request.assignee, request.candidate_groups, request.candidate_users, request.unit_code)
        routing = known[1].get(asked)
        if routing is None:
            routing = known[1][asked] = resolve(directory, self._catalogue, request)
        return routing

    def colleagues(self, connection: Connection, request: ColleaguesRequest) -> Colleagues:
        """Who belongs there today."""
        today = day_of(self._clock.now())
        return colleagues_at(self._directories.read(connection, request.tenant_id, today), self._catalogue, request)

    def askable(self, connection: Connection, tenant_id: str, user_ids: Collection[str]) -> frozenset[str]:
        """Who of these has an open account and a business role today."""
        people = self._directories.read(connection, tenant_id, day_of(self._clock.now())).people
        return frozenset(each for each in user_ids if may_be_asked(people.get(each), self._catalogue))


def day_of(instant: datetime) -> date:
    """The calendar day in Asia/Shanghai."""
    return local_day(instant)


def resolve(directory: Directory, catalogue: RoleCatalogue, request: RoutingRequest) -> Routing:
    """Find the people of one user task. Nobody found = no groups and no users, and the explanation says so."""
    search = _Search(directory, catalogue)
    if request.assignee and search.person("assignee", request.assignee):
        return Routing(assignee=request.assignee, explanation=tuple(search.steps))
    users = [user_id for user_id in request.candidate_users if search.person("candidate-user", user_id)]
    groups: list[str] = []
    for wanted in request.candidate_groups:
        role, _, unit_code = wanted.partition("@")
        groups.extend(search.role(role, unit_code or request.unit_code))
    if not users and not groups:
        search.tell("nobody")
    return Routing(
        groups=tuple(dict.fromkeys(groups)), users=tuple(dict.fromkeys(users)), explanation=tuple(search.steps)
    )


@dataclass
class _Search:
    """One search and the tale of it."""

    directory: Directory
    catalogue: RoleCatalogue
    steps: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])

    def tell(self, rule: str, role: str = "", unit: str = "", found: tuple[str, ...] = (), skipped: str = "") -> None:
        self.steps.append({"rule": rule, "role": role, "unit": unit, "found": list(found), "skipped": skipped})

    def person(self, rule: str, user_id: str) -> bool:
        known = user_id in self.directory.people
        self.tell(rule, found=(user_id,) if known else (), skipped="" if known else f"no open account: {user_id}")
        return known

    def role(self, key: str, unit_code: str | None) -> list[str]:
        """Groups that stand for the role, seen from the object's unit."""
        role = self.catalogue.roles.get(key)
        if role is None:
            self.tell("role", role=key, skipped="unknown role")
            return []
        if role.found is Found.DISTRICT:
            return self._district(role)
        if unit_code is None:
            return self._wherever("no-unit", role)
        if unit_code not in self.directory.tree.units:
            self.tell("role", role=key, unit=unit_code, skipped="unknown unit")
            return []
        if role.found is Found.DIVISION:
            return self._division(role, unit_code)
        if role.found is Found.DEPARTMENT:
            return self._department(role, unit_code)
        return self._seat("unit", role.key, unit_code) or self._head(unit_code)

    def _seat(self, rule: str, key: str, unit_code: str) -> list[str]:
        holders = self.directory.holders.get((key, unit_code), ())
        self.tell(rule, role=key, unit=unit_code, found=holders, skipped="" if holders else "vacant")
        return [group(key, unit_code)] if holders else []

    def _wherever(self, rule: str, role: Role) -> list[str]:
        codes = self.directory.seats.get(role.key, ())
        if not codes:
            self.tell(rule, role=role.key, skipped="vacant")
        return [each for code in codes for each in self._seat(rule, role.key, code)]

    def _district(self, role: Role) -> list[str]:
        tried: set[str] = set()
        while True:
            tried.add(role.key)
            found = self._wherever("district" if len(tried) == 1 else "stand-in", role)
            if found or role.stand_in is None or role.stand_in in tried:
                return found
            role = self.catalogue.roles[role.stand_in]

    def _division(self, role: Role, unit_code: str) -> list[str]:
        division = self.directory.division_of(unit_code)
        if division is None:
            self.tell("division", role=role.key, unit=unit_code, skipped="no division looks after this unit")
            return []
        return self._seat("division", role.key, division) or self._head(division)

    def _department(self, role: Role, unit_code: str) -> list[str]:
        for unit in self.directory.tree.upwards(unit_code):
            if (role.key, unit.code) in self.directory.holders:
                return self._seat("unit" if unit.code == unit_code else "unit-above", role.key, unit.code)
        # a vacant role of the department is not left to the head of a unit below it
        department = self.directory.tree.department_of(unit_code)
        responsible = department.code if department else unit_code
        self.tell("unit-above", role=role.key, unit=responsible, skipped="vacant")
        return self._head(responsible)

    def _head(self, unit_code: str) -> list[str]:
        """Who answers for the unit, or for the nearest unit above that has a head."""
        for unit in self.directory.tree.upwards(unit_code):
            for key in sorted(self.catalogue.heads):
                if (key, unit.code) in self.directory.holders:
                    return self._seat("head", key, unit.code)
        self.tell("head", unit=unit_code, skipped="no unit above has a head")
        return []
