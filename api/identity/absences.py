"""The desk where absences are arranged: who may set and end them, and what an arrangement must be like.

Each change is one transaction. Nothing is deleted: what ends early says who ended it, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, update

from api.identity.absence import Absence, read_all, read_one
from api.identity.absence_rules import Wanted, fault_of_end, faults_of, may_do_some, posts_between
from api.identity.directory import Directory, DirectoryReader, Person, read_directory
from api.identity.naming import people_to_choose
from api.identity.organisation import mark_changed
from api.identity.people import day_of
from api.identity.refusals import AbsenceNotFound, NotTheirHead, UnsoundAbsence
from api.identity.roles import RoleCatalogue
from api.identity.tables import absence as absences
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.store.database import read_transaction, write_transaction

#: May arrange for everybody.
ADMINISTER = "administer"


class AbsenceDesk:
    """Sets and ends absences, and tells which there are."""

    def __init__(
        self,
        database: Engine,
        directories: DirectoryReader,
        catalogue: RoleCatalogue,
        clock: Clock,
        make_id: Callable[[datetime], str],
    ) -> None:
        self._database = database
        self._directories = directories
        self._catalogue = catalogue
        self._clock = clock
        self._make_id = make_id

    def listed(self, actor: Actor) -> Sequence[Absence]:
        """Those of people whom the actor may arrange for, and those in which the actor stands in; latest first day
        first."""
        with read_transaction(self._database) as connection:
            directory = self._directory(connection, actor)
            theirs = None if actor.may(ADMINISTER) else [each.user_id for each in self._people(actor, directory)]
            found = read_all(connection, actor.tenant_id, None if theirs is None else [actor.user_id, *theirs])
        mine = {actor.user_id, *(theirs or ())}
        # who stands in for others of other units is their head's business, not that of the stand-in's own head
        shown = [each for each in found if theirs is None or each.user_id in mine or each.stand_in == actor.user_id]
        return sorted(shown, key=lambda each: (each.first_on, each.id), reverse=True)

    def people(self, actor: Actor) -> Sequence[Person]:
        """Those whom the actor may arrange for, besides himself, by unit and title."""
        with read_transaction(self._database) as connection:
            directory = self._directory(connection, actor)
        found = [each for each in self._people(actor, directory) if each.user_id != actor.user_id]
        return sorted(found, key=lambda each: (each.unit_code, each.title, each.user_id))

    def person(self, actor: Actor, user_id: str) -> Person:
        """Somebody whom the actor may arrange for. Raises NotTheirHead: he may not, or there is nobody."""
        with read_transaction(self._database) as connection:
            return self._must_be_theirs(actor, self._directory(connection, actor), user_id)

    def eligible(self, actor: Actor, wanted: Wanted, text: str = "") -> Sequence[Person]:
        """People who could stand in, those of the nearest unit first; `text` as the search of people.

        Raises:
            NotTheirHead: the actor may not arrange for the person.
        """
        with read_transaction(self._database) as connection:
            directory = self._directory(connection, actor)
            away = self._must_be_theirs(actor, directory, wanted.user_id)
        roles = [role for role, unit in away.posts if wanted.post in (None, (role, unit))]
        return [
            each
            for each in people_to_choose(directory, (), text, near=away.unit_code)
            if each.user_id != wanted.user_id and may_do_some(roles, [role for role, _ in each.posts], self._catalogue)
        ]

    def set(self, actor: Actor, wanted: Wanted) -> Absence:
        """Set one; what stands there already in the same words is told again.

        Raises:
            NotTheirHead: the actor is neither the person, nor a head of his, nor an administrator.
            UnsoundAbsence: holds every fault.
        """
        now = self._clock.now()
        wanted = replace(wanted, reason=wanted.reason.strip())
        with write_transaction(self._database) as connection:
            # its row lock makes changes queue: two at once see one another
            mark_changed(connection, actor.tenant_id)
            directory = self._before_the_change(connection, actor)
            away = self._must_be_theirs(actor, directory, wanted.user_id)
            self._must_be_within(actor, directory, away, away.posts if wanted.post is None else (wanted.post,))
            asked = _absence(wanted, self._make_id(now), actor.user_id, now)
            known = read_all(connection, actor.tenant_id, {wanted.user_id, wanted.stand_in})
            if (same := next((each for each in known if _says_the_same(each, asked)), None)) is not None:
                return same
            held = posts_between(connection, actor.tenant_id, asked.first_on, asked.last_on)
            faults = list(faults_of(wanted, asked, known, held, directory.people, self._catalogue))
            if faults:
                message = " ".join(fault["message"] for fault in faults)
                raise UnsoundAbsence(message, faults, count=len(faults))
            connection.execute(insert(absences).values(tenant_id=actor.tenant_id, **_row(asked)))
        return asked

    def end(self, actor: Actor, absence_id: str) -> Absence:
        """End one now; one that has been ended before stays as it was ended.

        Raises:
            AbsenceNotFound: there is none that the actor may know of.
            NotTheirHead: the actor may know of it, and not end it.
            UnsoundAbsence: its last day is over.
        """
        now = self._clock.now()
        with write_transaction(self._database) as connection:
            mark_changed(connection, actor.tenant_id)
            directory = self._before_the_change(connection, actor)
            found = read_one(connection, actor.tenant_id, absence_id)
            if found is None or not self._is_told(actor, directory, found):
                raise AbsenceNotFound(f"Expected an absence {absence_id!r}, but found none.", absence_id=absence_id)
            self._must_be_theirs(actor, directory, found.user_id)
            if found.ended_at is not None:
                return found
            if (over := fault_of_end(found, day_of(now))) is not None:
                raise UnsoundAbsence(over["message"], (over,), count=1)
            connection.execute(
                update(absences)
                .where(absences.c.tenant_id == actor.tenant_id, absences.c.absence_id == absence_id)
                .values(ended_by=actor.user_id, ended_at=now)
            )
        return replace(found, ended_by=actor.user_id, ended_at=now)

    # --- who may

    def _directory(self, connection: Connection, actor: Actor) -> Directory:
        return self._directories.read(connection, actor.tenant_id, day_of(self._clock.now()))

    def _before_the_change(self, connection: Connection, actor: Actor) -> Directory:
        """Read anew: what is kept under the revision of a change is what stands there after it."""
        return read_directory(connection, actor.tenant_id, day_of(self._clock.now()))

    def _units(self, actor: Actor, directory: Directory) -> frozenset[str]:
        """Units at or below one that the actor is the head of, in person."""
        person = directory.people.get(actor.user_id)
        posts = person.posts if person is not None else ()
        return directory.tree.below(unit for role, unit in posts if role in self._catalogue.heads)

    def _people(self, actor: Actor, directory: Directory) -> list[Person]:
        if actor.may(ADMINISTER):
            return list(directory.people.values())
        units = self._units(actor, directory)
        return [
            each for each in directory.people.values() if each.unit_code in units or each.user_id == actor.user_id
        ]

    def _is_told(self, actor: Actor, directory: Directory, absence: Absence) -> bool:
        theirs = {each.user_id for each in self._people(actor, directory)}
        return actor.may(ADMINISTER) or absence.user_id in theirs or absence.stand_in == actor.user_id

    def _must_be_theirs(self, actor: Actor, directory: Directory, user_id: str) -> Person:
        """The person, whom the actor may arrange for."""
        person = directory.people.get(user_id)
        if person is None or user_id not in {each.user_id for each in self._people(actor, directory)}:
            raise NotTheirHead(
                f"Expected {actor.user_id} to arrange for himself, or as head for people of his units, but found "
                f"{user_id!r}.",
                user_id=user_id,
            )
        return person

    def _must_be_within(
        self, actor: Actor, directory: Directory, away: Person, posts: Sequence[tuple[str, str]]
    ) -> None:
        """A head does not give away what his people do in units that are not his."""
        if away.user_id == actor.user_id or actor.may(ADMINISTER):
            return
        units = self._units(actor, directory)
        for role, unit in posts:
            if unit not in units:
                raise NotTheirHead(
                    f"Expected {actor.user_id} to be head of unit {unit!r} to arrange for post {role}@{unit} of "
                    f"{away.user_id}, but he is not.",
                    user_id=away.user_id,
                )


def _absence(wanted: Wanted, absence_id: str, set_by: str, now: datetime) -> Absence:
    # a day that is missing is a fault of its own
    first = wanted.first_on or wanted.last_on or day_of(now)
    return Absence(
        id=absence_id,
        user_id=wanted.user_id,
        post=wanted.post,
        first_on=first,
        last_on=wanted.last_on or first,
        stand_in=wanted.stand_in,
        reason=wanted.reason,
        set_by=set_by,
        set_at=now,
    )


def _says_the_same(known: Absence, asked: Absence) -> bool:
    return known == replace(asked, id=known.id, set_at=known.set_at)


def _row(asked: Absence) -> dict[str, object]:
    role, unit_code = asked.post or (None, None)
    names = ("user_id", "first_on", "last_on", "stand_in", "reason", "set_by", "set_at", "ended_by", "ended_at")
    return {
        "absence_id": asked.id,
        "role": role,
        "unit_code": unit_code,
        **{name: getattr(asked, name) for name in names},
    }
