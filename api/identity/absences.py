"""The desk where absences are arranged: who may set and end them, and what an arrangement must be like.

Each change is one transaction. Nothing is deleted: what ends early says who ended it, and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, update

from api.identity.absence import Absence, read_all, read_one
from api.identity.directory import Directory, DirectoryReader, Person, read_directory
from api.identity.naming import people_to_choose
from api.identity.organisation import mark_changed
from api.identity.people import day_of
from api.identity.refusals import AbsenceNotFound, NotTheirHead, UnsoundAbsence
from api.identity.roles import RoleCatalogue
from api.identity.tables import absence as absences
from api.identity.tables import post
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.model.errors import Fault
from engine.store.database import read_transaction, write_transaction

#: Days from the first to the last, both included.
LONGEST = 366
LONGEST_REASON = 200
#: May arrange for everybody.
ADMINISTER = "administer"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An arrangement as somebody asks for it; what is left out is a fault of it."""

    user_id: str
    #: None = all posts.
    post: tuple[str, str] | None = None
    first_on: date | None = None
    last_on: date | None = None
    stand_in: str = ""
    reason: str = ""



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
        roles = {role for role, unit in away.posts if wanted.post in (None, (role, unit))}
        return [
            each
            for each in people_to_choose(directory, (), text, near=away.unit_code)
            if each.user_id != wanted.user_id and not self._conflicts(roles, (role for role, _ in each.posts))
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
            faults = list(self._faults(connection, actor.tenant_id, directory, wanted, asked, known))
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
            if found.last_on < day_of(now):
                message = f"Expected an absence that is not over, but its last day was {found.last_on}."
                raise UnsoundAbsence(message, (Fault("absence-over", message, "last_on", last=str(found.last_on)),))
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

    # --- what is sound

    def _faults(
        self,
        connection: Connection,
        tenant_id: str,
        directory: Directory,
        wanted: Wanted,
        asked: Absence,
        known: Sequence[Absence],
    ) -> Iterator[Fault]:
        days = list(_faults_of_days(wanted, day_of(asked.set_at)))
        yield from days
        if not 2 <= len(wanted.reason) <= LONGEST_REASON:
            message = f"Expected a reason of 2 to {LONGEST_REASON} characters, but found {len(wanted.reason)}."
            yield Fault("absence-reason", message, "reason", longest=LONGEST_REASON)
        posts = _posts_between(connection, tenant_id, asked)
        theirs = [each for each in posts.get(wanted.user_id, ()) if asked.covers(each)]
        if wanted.post is not None and not theirs:
            message = f"Expected a post that {wanted.user_id} holds on these days, but found {'@'.join(wanted.post)}."
            yield Fault("absence-post", message, "post")
        if not days:
            yield from _faults_of_overlap(asked, known)
        if wanted.stand_in == wanted.user_id:
            message = f"Expected somebody else than {wanted.user_id} to stand in."
            yield Fault("absence-same-person", message, "stand_in")
        elif wanted.stand_in not in directory.people:
            message = f"Expected an open account to stand in, but found {wanted.stand_in!r}."
            yield Fault("absence-stand-in", message, "stand_in", found=wanted.stand_in)
        elif not days:
            others = [each for each in known if each.stand_in == wanted.stand_in and each.meets(asked)]
            duties = {role for role, _ in posts.get(wanted.stand_in, ())}
            for other in others:
                duties |= {role for role, unit in posts.get(other.user_id, ()) if other.covers((role, unit))}
            yield from self._faults_of_duties({role for role, _ in theirs}, duties, wanted.stand_in)
            yield from _faults_of_own_absence(asked, known)

    def _faults_of_duties(self, asked: set[str], duties: set[str], stand_in: str) -> Iterator[Fault]:
        for one, other in sorted((one, other) for one in asked for other in duties):
            for _, _, separation in self._catalogue.conflicts({one, other}):
                titles = [self._catalogue.roles[each] for each in (other, one)]
                message = f"Expected {stand_in} not to unite {other!r} and {one!r}: {separation.en}."
                yield Fault(
                    "absence-duties",
                    message,
                    "stand_in",
                    held=titles[0].zh,
                    held_en=titles[0].en,
                    role=titles[1].zh,
                    role_en=titles[1].en,
                    reason=separation.zh,
                    reason_en=separation.en,
                )

    def _conflicts(self, roles: Iterable[str], held: Iterable[str]) -> bool:
        have = list(held)
        return any(self._catalogue.conflicts({one, other}) for one in roles for other in have)


def _faults_of_days(wanted: Wanted, today: date) -> Iterator[Fault]:
    first, last = wanted.first_on, wanted.last_on
    for name, day in (("first_on", first), ("last_on", last)):
        if day is None:
            yield Fault(f"absence-{name.replace('_', '-')}", f"Expected a day in {name}, but found none.", name)
    if last is not None and last < today:
        message = f"Expected a last day from {today} on, but found {last}."
        yield Fault("absence-past", message, "last_on", today=str(today))
    if first is None or last is None:
        return
    if last < first:
        message = f"Expected a last day from {first} on, but found {last}."
        yield Fault("absence-days", message, "last_on", first=str(first))
    elif last - first >= timedelta(days=LONGEST):
        message = f"Expected a year at most, but found {first} to {last}."
        yield Fault("absence-too-long", message, "last_on", longest=LONGEST)


def _faults_of_overlap(asked: Absence, known: Sequence[Absence]) -> Iterator[Fault]:
    for each in known:
        is_of_same = each.user_id == asked.user_id and (None in (each.post, asked.post) or each.post == asked.post)
        if is_of_same and each.meets(asked):
            message = f"Expected no absence of the same post yet, but found one from {each.first_on} to {each.last_on}."
            days = {"first": str(each.first_on), "last": str(each.last_on)}
            yield Fault("absence-overlap", message, "first_on", user_id=each.stand_in, **days)


def _faults_of_own_absence(asked: Absence, known: Sequence[Absence]) -> Iterator[Fault]:
    """What is stood in is not passed on: who is away himself is not asked to stand in."""
    for each in known:
        if each.user_id == asked.stand_in and each.meets(asked):
            message = f"Expected a stand-in who is there, but {each.user_id} is away {each.first_on} to {each.last_on}."
            days = {"first": str(each.first_on), "last": str(each.last_on)}
            yield Fault("absence-stand-in-away", message, "stand_in", **days)


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


def _posts_between(connection: Connection, tenant_id: str, asked: Absence) -> dict[str, list[tuple[str, str]]]:
    """Login key → posts held on any day of the absence."""
    columns = post.c
    statement = select(columns.user_id, columns.role, columns.unit_code).where(
        columns.tenant_id == tenant_id,
        columns.active_from.is_(None) | (columns.active_from <= asked.last_on),
        columns.active_until.is_(None) | (columns.active_until >= asked.first_on),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for user_id, role, unit_code in connection.execute(statement):
        found.setdefault(user_id, []).append((role, unit_code))
    return found
