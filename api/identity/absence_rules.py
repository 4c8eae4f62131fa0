"""What an absence must be like: days, the post, who may stand in. All faults are told at once, each with its field."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from api.identity.absence import Absence
from api.identity.people import day_of
from api.identity.rights import conflicts_with
from api.identity.roles import RoleCatalogue
from api.identity.tables import post
from engine.model.errors import Fault

#: Days from the first to the last, both included.
LONGEST = 366
LONGEST_REASON = 200
#: Login key → (role, unit code) of the posts held on any day of an absence.
Posts = Mapping[str, Sequence[tuple[str, str]]]


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



def faults_of(
    wanted: Wanted,
    asked: Absence,
    known: Sequence[Absence],
    held: Posts,
    accounts: Collection[str],
    catalogue: RoleCatalogue,
) -> Iterator[Fault]:
    """Everything that speaks against it.

    Args:
        asked: what would be written down.
        known: everything that concerns who is away or who is to stand in.
        held: posts on these days.
        accounts: login keys of those with an open account.
    """
    days = list(_faults_of_days(wanted, day_of(asked.set_at)))
    yield from days
    if not 2 <= len(wanted.reason) <= LONGEST_REASON:
        message = f"Expected a reason of 2 to {LONGEST_REASON} characters, but found {len(wanted.reason)}."
        yield Fault("absence-reason", message, "reason", longest=LONGEST_REASON)
    theirs = [each for each in held.get(wanted.user_id, ()) if asked.covers(each)]
    if wanted.post is not None and not theirs:
        message = f"Expected a post that {wanted.user_id} holds on these days, but found {'@'.join(wanted.post)}."
        yield Fault("absence-post", message, "post")
    if not days:
        yield from _faults_of_overlap(asked, known)
    if wanted.stand_in == wanted.user_id:
        message = f"Expected somebody else than {wanted.user_id} to stand in."
        yield Fault("absence-same-person", message, "stand_in")
    elif wanted.stand_in not in accounts:
        message = f"Expected an open account to stand in, but found {wanted.stand_in!r}."
        yield Fault("absence-stand-in", message, "stand_in", found=wanted.stand_in)
    elif not days:
        duties = {role for role, _ in held.get(wanted.stand_in, ())}
        for other in known:
            if other.stand_in == wanted.stand_in and other.meets(asked):
                duties |= {role for role, unit in held.get(other.user_id, ()) if other.covers((role, unit))}
        yield from _faults_of_duties({role for role, _ in theirs}, duties, wanted.stand_in, catalogue)
        yield from _faults_of_own_absence(asked, known)


def fault_of_end(found: Absence, today: date) -> Fault | None:
    """What speaks against ending it now: nothing is ended that is over."""
    if found.last_on >= today:
        return None
    message = f"Expected an absence that is not over, but its last day was {found.last_on}."
    return Fault("absence-over", message, "last_on", last=str(found.last_on))


def may_do_some(roles: Sequence[str], held: Sequence[str], catalogue: RoleCatalogue) -> bool:
    """Whether one of the roles may meet those held; which is asked for may not be known yet."""
    return not roles or any(not conflicts_with(role, held, catalogue) for role in roles)


def posts_between(connection: Connection, tenant_id: str, first_on: date, last_on: date) -> Posts:
    """Everybody's posts on any day from the first to the last."""
    columns = post.c
    statement = select(columns.user_id, columns.role, columns.unit_code).where(
        columns.tenant_id == tenant_id,
        columns.active_from.is_(None) | (columns.active_from <= last_on),
        columns.active_until.is_(None) | (columns.active_until >= first_on),
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for user_id, role, unit_code in connection.execute(statement):
        found.setdefault(user_id, []).append((role, unit_code))
    return found


def _faults_of_duties(asked: set[str], duties: set[str], stand_in: str, catalogue: RoleCatalogue) -> Iterator[Fault]:
    for one, other in sorted((one, other) for one in asked for other in duties):
        for _, _, separation in catalogue.conflicts({one, other}):
            held, role = catalogue.roles[other], catalogue.roles[one]
            yield Fault(
                "absence-duties",
                f"Expected {stand_in} not to unite {other!r} and {one!r}: {separation.en}.",
                "stand_in",
                held=held.zh,
                held_en=held.en,
                role=role.zh,
                role_en=role.en,
                reason=separation.zh,
                reason_en=separation.en,
            )


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
