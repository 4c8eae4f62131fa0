"""Who may be asked for an opinion: people with an open account and a business role, wherever they are."""

from __future__ import annotations

from api.identity.directory import Person
from api.identity.roles import RoleCatalogue, Sort


def business_roles(catalogue: RoleCatalogue) -> tuple[str, ...]:
    """Roles of the district's own work: neither those who run the engine nor those from outside."""
    return tuple(sorted(role.key for role in catalogue.roles.values() if role.sort is Sort.BUSINESS))


def may_be_asked(person: Person | None, catalogue: RoleCatalogue) -> bool:
    """Whether somebody has an open account and holds a business role today."""
    roles = business_roles(catalogue)
    return person is not None and any(role in roles for role, _ in person.posts)
