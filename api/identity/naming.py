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

    def may_be_named(self, user_id: str, roles: tuple[str, ...]) -> bool:
        """Whether somebody has an open account, and one of the roles today if there are any."""
        with read_transaction(self._database) as connection:
            directory = self._directories.read(connection, self._tenant_id, day_of(self._clock.now()))
        person = directory.people.get(user_id)
        return person is not None and _holds(person, roles)


def people_to_choose(
    directory: Directory, roles: Sequence[str], text: str = "", near: str | None = None
) -> list[Person]:
    """People a form may name whose title, login key or unit holds the text: those of the unit `near` first, then by the
    distance up the tree, then by title."""
    wanted = text.strip().lower()
    order = {unit.code: distance for distance, unit in enumerate(directory.tree.upwards(near))} if near else {}

    def fits(person: Person) -> bool:
        unit = directory.tree.units.get(person.unit_code)
        words = (person.title, person.user_id, unit.name if unit else "", person.unit_code)
        return any(wanted in each.lower() for each in words)

    found = [person for person in directory.people.values() if _holds(person, roles) and fits(person)]
    return sorted(found, key=lambda person: (order.get(person.unit_code, len(order)), person.title, person.user_id))


def _holds(person: Person, roles: Sequence[str]) -> bool:
    return not roles or any(role in roles for role, _ in person.posts)
