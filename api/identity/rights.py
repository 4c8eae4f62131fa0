"""From posts to rights: which groups, units and permissions a person has on one day, and for whom he stands in.

A stand-in has the groups and the sight of the posts of who is away, and none of their permissions. What he may not hold
together with his own roles he does not get, whatever was arranged: roles that came later count, too. Nothing is passed
on: who stands in for somebody who stands in has the own work of the one who is away only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from api.identity.absence import Absence
from api.identity.directory import Directory, Person
from api.identity.roles import DataScope, RoleCatalogue
from engine.model.actor import Actor, StandingIn


@dataclass(frozen=True)
class Covered:
    """What an absence comes to on one day."""

    absence: Absence
    #: (role, unit code) of the posts that the stand-in does the work of; never empty, unless there are none.
    posts: tuple[tuple[str, str], ...]


def group(role: str, unit_code: str) -> str:
    """The candidate group of a role in a unit, e.g. "dept_perf@21"."""
    return f"{role}@{unit_code}"


def actor_of(person: Person, directory: Directory, catalogue: RoleCatalogue, tenant_id: str) -> Actor:
    """The person with the rights that the posts give; a post whose role is unknown gives none."""
    posts = [(catalogue.roles[role], unit_code) for role, unit_code in person.posts if role in catalogue.roles]
    covered = covered_by(person.user_id, directory, catalogue)
    seats = (*person.posts, *(post for each in covered for post in each.posts))
    return Actor(
        tenant_id=tenant_id,
        user_id=person.user_id,
        roles=frozenset(role.key for role, _ in posts),
        groups=frozenset(group(role.key, unit_code) for role, unit_code in posts),
        stands_in=_standing_in(covered, directory, catalogue),
        visible_units=_visible_units(seats, directory, catalogue),
        permissions=frozenset().union(*(role.permissions for role, _ in posts)),
    )


def covered_by(user_id: str, directory: Directory, catalogue: RoleCatalogue) -> list[Covered]:
    """The absences in which a person really stands in, without the posts that may not meet those he has already."""
    person = directory.people.get(user_id)
    if person is None:
        return []
    held = {role for role, _ in person.posts}
    found: list[Covered] = []
    for absence in directory.absences:
        away = directory.people.get(absence.user_id)
        if absence.stand_in != user_id or away is None:
            continue
        asked = [post for post in away.posts if absence.covers(post) and post[0] in catalogue.roles]
        posts = tuple(post for post in asked if not conflicts_with(post[0], held, catalogue))
        held.update(role for role, _ in posts)
        if posts or (not away.posts and absence.post is None):
            found.append(Covered(absence, posts))
    return found


def stood_in(user_id: str, directory: Directory, catalogue: RoleCatalogue) -> Iterator[Covered]:
    """The absences of a person in which somebody really stands in."""
    for stand_in in dict.fromkeys(each.stand_in for each in directory.absences if each.user_id == user_id):
        yield from (each for each in covered_by(stand_in, directory, catalogue) if each.absence.user_id == user_id)


def conflicts_with(role: str, held: Iterable[str], catalogue: RoleCatalogue) -> bool:
    """Whether a role may not meet one of those held in one person."""
    return any(catalogue.conflicts({role, each}) for each in held)


def _standing_in(covered: list[Covered], directory: Directory, catalogue: RoleCatalogue) -> tuple[StandingIn, ...]:
    posts: dict[str, set[tuple[str, str]]] = {}
    for each in covered:
        posts.setdefault(each.absence.user_id, set()).update(each.posts)
    return tuple(
        StandingIn(
            user_id=user_id,
            groups=frozenset(group(*post) for post in found),
            is_whole=found >= {post for post in directory.people[user_id].posts if post[0] in catalogue.roles},
        )
        for user_id, found in posts.items()
    )


def _visible_units(
    posts: Iterable[tuple[str, str]], directory: Directory, catalogue: RoleCatalogue
) -> frozenset[str] | None:
    """Union of the posts' data scopes; None = all."""
    roots: set[str] = set()
    scopes: Mapping[str, frozenset[str]] = directory.division_scopes
    for key, unit_code in posts:
        role = catalogue.roles.get(key)
        scope = role.scope if role else DataScope.NONE
        if scope is DataScope.ALL:
            return None
        if scope is DataScope.SUBTREE:
            roots.add(unit_code)
        elif scope is DataScope.DIVISION:
            roots |= scopes.get(unit_code, frozenset())
    return directory.tree.below(roots)
