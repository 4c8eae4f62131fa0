"""Whom a form may name: people with an open account, of certain roles where the form says so."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from api.identity.directory import Directory, DirectoryReader, Person
from api.identity.people import day_of
from engine.model.clock import Clock
from engine.store.database import read_transaction


class NamedPeople:
    """What forms ask about people whom somebody has written into them."""

    def __init__(self, database: Engine, directories: DirectoryReader, clock: Clock, tenant_id: str) -> None:
        self._database = database
        self._directories = directories
        self._clock = clock
        self._tenant_id = tenant_id

    def may_be_named(self, user_id: str, roles: tuple[str, ...], within: str | None = None) -> bool:
        """Whether somebody has an open account, and one of the roles today if there are any; `within` a unit: there or
        in its department."""
        with read_transaction(self._database) as connection:
            directory = self._directories.read(connection, self._tenant_id, day_of(self._clock.now()))
        person = directory.people.get(user_id)
        return person is not None and _holds(person, roles, units_within(directory, within))


def people_to_choose(
    directory: Directory,
    roles: Sequence[str],
    text: str = "",
    near: str | None = None,
    within: str | None = None,
) -> list[Person]:
    """People a form may name whose title, login key or unit holds the text: those of the unit `near` first, then by the
    distance up the tree, then by title. `within` a unit: only those of it and of its department."""
    units = units_within(directory, within)
    wanted = text.strip().lower()
    order = {unit.code: distance for distance, unit in enumerate(directory.tree.upwards(near))} if near else {}

    def fits(person: Person) -> bool:
        unit = directory.tree.units.get(person.unit_code)
        words = (person.title, person.user_id, unit.name if unit else "", person.unit_code)
        return any(wanted in each.lower() for each in words)

    found = [person for person in directory.people.values() if _holds(person, roles, units) and fits(person)]
    return sorted(found, key=lambda person: (order.get(person.unit_code, len(order)), person.title, person.user_id))


def units_within(directory: Directory, unit_code: str | None) -> frozenset[str] | None:
    """The unit and those above it up to its department; None = any unit."""
    if unit_code is None:
        return None
    department = directory.tree.department_of(unit_code)
    codes: set[str] = set()
    for unit in directory.tree.upwards(unit_code):
        codes.add(unit.code)
        if department is None or unit.code == department.code:
            break
    return frozenset(codes)


def _holds(person: Person, roles: Sequence[str], units: frozenset[str] | None) -> bool:
    if units is None:
        return not roles or any(role in roles for role, _ in person.posts)
    return any((not roles or role in roles) and unit in units for role, unit in person.posts)
