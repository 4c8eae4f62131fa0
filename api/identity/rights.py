"""From posts to rights: which groups, which units, which permissions a person has on one day."""

from __future__ import annotations

from api.identity.directory import Directory, Person
from api.identity.roles import DataScope, RoleCatalogue
from engine.model.actor import Actor


def group(role: str, unit_code: str) -> str:
    """The candidate group of a role in a unit, e.g. "dept_perf@21"."""
    return f"{role}@{unit_code}"


def actor_of(person: Person, directory: Directory, catalogue: RoleCatalogue, tenant_id: str) -> Actor:
    """The person with the rights that the posts give; a post whose role is unknown gives none."""
    posts = [(catalogue.roles[role], unit_code) for role, unit_code in person.posts if role in catalogue.roles]
    return Actor(
        tenant_id=tenant_id,
        user_id=person.user_id,
        roles=frozenset(role.key for role, _ in posts),
        groups=frozenset(group(role.key, unit_code) for role, unit_code in posts),
        visible_units=_visible_units(person, directory, catalogue),
        permissions=frozenset().union(*(role.permissions for role, _ in posts)),
    )


def _visible_units(person: Person, directory: Directory, catalogue: RoleCatalogue) -> frozenset[str] | None:
    """Union of the posts' data scopes; None = all."""
    roots: set[str] = set()
    for key, unit_code in person.posts:
        role = catalogue.roles.get(key)
        scope = role.scope if role else DataScope.NONE
        if scope is DataScope.ALL:
            return None
        if scope is DataScope.SUBTREE:
            roots.add(unit_code)
        elif scope is DataScope.DIVISION:
            roots |= directory.division_scopes.get(unit_code, frozenset())
    return directory.tree.below(roots)
