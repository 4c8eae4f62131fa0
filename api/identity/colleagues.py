"""Who belongs to the unit where a user task is done, and whether somebody may transfer work there."""

from __future__ import annotations

from collections.abc import Iterable, Set

from api.identity.directory import Directory, Person
from api.identity.roles import RoleCatalogue, Sort
from engine.model.transfer import PERMISSION, Colleague, Colleagues, ColleaguesRequest, RoleConflict


def colleagues_at(directory: Directory, catalogue: RoleCatalogue, request: ColleaguesRequest) -> Colleagues:
    """The people of the units where a user task is done, as far as the asker may transfer work in them."""
    units = units_within_reach(directory, catalogue, request)
    if not units:
        return Colleagues(is_within_reach=False, accounts=directory.people.keys())
    roles = _roles_of(directory, request, units)
    there = [each for each in directory.people.values() if not units.isdisjoint(_units_of(each, catalogue))]
    there.sort(key=lambda each: (roles.isdisjoint(role for role, _ in each.posts), each.title, each.user_id))
    return Colleagues(
        is_within_reach=True,
        people=tuple(_colleague(each, catalogue, roles) for each in there),
        accounts=directory.people.keys(),
    )


def units_within_reach(directory: Directory, catalogue: RoleCatalogue, request: ColleaguesRequest) -> Set[str]:
    """Codes of the units where a user task is done and in which the asker may transfer work."""
    return _where_it_is_done(directory, catalogue, request) & _reach(directory, catalogue, request.user_id)


def _reach(directory: Directory, catalogue: RoleCatalogue, user_id: str) -> frozenset[str]:
    """The units at and below the posts whose role may transfer."""
    person = directory.people.get(user_id)
    posts = person.posts if person is not None else ()
    return directory.tree.below(
        unit_code for role, unit_code in posts if PERMISSION in _permissions(catalogue, role)
    )


def _permissions(catalogue: RoleCatalogue, key: str) -> frozenset[str]:
    role = catalogue.roles.get(key)
    return role.permissions if role is not None else frozenset()


def _where_it_is_done(directory: Directory, catalogue: RoleCatalogue, request: ColleaguesRequest) -> set[str]:
    """Of the groups it is offered to, those of whoever has taken it; else of the person it was given to by name.

    Outside roles belong to no body of the district: what is offered to them is done in no unit.
    """
    offered = _units(catalogue, (_parted(group) for group in request.candidate_groups))
    if request.assignee is None:
        for user_id in request.candidate_users:
            offered |= _units_of(directory.people.get(user_id), catalogue)
        return offered
    assignee = directory.people.get(request.assignee)
    belongs = _units_of(assignee, catalogue)
    if request.candidate_groups:
        return offered & belongs or offered
    posts = assignee.posts if assignee is not None else ()
    # where the post is that it is meant for, if there is one
    return _units(catalogue, (post for post in posts if post[0] in request.roles)) or belongs


def _units_of(person: Person | None, catalogue: RoleCatalogue) -> set[str]:
    """Where somebody belongs: the home unit and those of the posts."""
    if person is None:
        return set()
    units = _units(catalogue, person.posts)
    # whoever holds outside posts alone is counted to a unit for its lists only
    return units | {person.unit_code} if units or not person.posts else units


def _units(catalogue: RoleCatalogue, seats: Iterable[tuple[str, str]]) -> set[str]:
    """Units of the seats (role, unit code) that belong to a body of the district."""
    known = catalogue.roles
    return {unit_code for role, unit_code in seats if role not in known or known[role].sort is not Sort.OUTSIDE}


def _parted(group: str) -> tuple[str, str]:
    role, _, unit_code = group.partition("@")
    return role, unit_code


def _roles_of(directory: Directory, request: ColleaguesRequest, units: Set[str]) -> set[str]:
    """Roles that the user task is for: of its groups, else of its diagram, else those that its assignee holds there."""
    if request.candidate_groups:
        return {_parted(group)[0] for group in request.candidate_groups}
    if request.roles:
        return set(request.roles)
    asked = [directory.people.get(each) for each in (request.assignee, *request.candidate_users) if each is not None]
    return {role for person in asked if person is not None for role, unit in person.posts if unit in units}


def _colleague(person: Person, catalogue: RoleCatalogue, roles: Set[str]) -> Colleague:
    held = {role for role, _ in person.posts}
    conflict = next(
        (
            RoleConflict(held=one if one in held else other, wanted=other if one in held else one, zh=why.zh, en=why.en)
            for one, other, why in catalogue.conflicts(held | roles)
            # two of the same side have nothing to do with this work
            if (one in held and other in roles) or (other in held and one in roles)
        ),
        None,
    )
    return Colleague(user_id=person.user_id, title=person.title, unit_code=person.unit_code, conflict=conflict)
