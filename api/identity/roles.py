"""The roles of an organisation, as its role file gives them: titles, rights, and which may not meet in one person."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any

from engine.model.errors import Fault, Invalid


class Sort(StrEnum):
    """Technical roles meet none of the other sorts in one person; outside ones belong to no body of the district."""

    BUSINESS = "business"
    TECHNICAL = "technical"
    OUTSIDE = "outside"


class Found(StrEnum):
    """Where a user task looks for holders of a role, seen from the object's unit."""

    UNIT = "unit"
    DEPARTMENT = "department"
    DIVISION = "division"
    DISTRICT = "district"


class DataScope(StrEnum):
    """Whose objects a holder sees without having a user task on them."""

    ALL = "all"
    SUBTREE = "subtree"
    DIVISION = "division"
    NONE = "none"


#: Rights beyond user tasks that a role may carry.
PERMISSIONS = frozenset(
    {
        *("deploy", "operate", "oversee", "administer", "start", "correlate"),
        *("campaign", "import", "findings", "work", "audit", "transfer"),
    }
)


@dataclass(frozen=True, kw_only=True)
class Role:
    """What a post of this kind may do."""

    key: str
    zh: str
    en: str
    sort: Sort
    found: Found
    scope: DataScope
    permissions: frozenset[str]
    #: The holder answers for the unit, and takes what a vacant role leaves over.
    head: bool = False
    #: Role that takes over when nobody holds this one; only for roles found in the whole district.
    stand_in: str | None = None

    def title(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, kw_only=True)
class Separation:
    """Two groups of roles that one person may not hold at the same time, and why."""

    roles: frozenset[str]
    against: frozenset[str]
    zh: str
    en: str

    def parts(self, one: str, other: str) -> bool:
        """Whether the two roles stand on different sides."""
        return (one in self.roles and other in self.against) or (other in self.roles and one in self.against)


TECHNICAL_APART = Separation(
    roles=frozenset(),
    against=frozenset(),
    zh="流程设计员和系统管理员不得担任业务角色",
    en="designers and administrators hold no business role",
)


class UnsoundRoleFile(Invalid):
    """A role file does not fit together; holds every fault."""

    code = "unsound-role-file"


class DutiesNotSeparated(Invalid):
    """One person would hold roles that must be kept apart."""

    code = "duties-not-separated"


@dataclass(frozen=True, kw_only=True)
class RoleCatalogue:
    """All roles by key, and the separations between them."""

    roles: Mapping[str, Role]
    separations: tuple[Separation, ...] = ()

    @property
    def heads(self) -> frozenset[str]:
        """Roles that answer for a unit."""
        return frozenset(key for key, role in self.roles.items() if role.head)

    def conflicts(self, held: Collection[str]) -> list[tuple[str, str, Separation]]:
        """Pairs that one person may not hold, in the order of their keys; unknown roles conflict with none."""
        found: list[tuple[str, str, Separation]] = []
        for one, other in combinations(sorted(set(held) & self.roles.keys()), 2):
            if (self.roles[one].sort is Sort.TECHNICAL) != (self.roles[other].sort is Sort.TECHNICAL):
                found.append((one, other, TECHNICAL_APART))
            found.extend((one, other, each) for each in self.separations if each.parts(one, other))
        return found


def read_role_file(path: Path) -> RoleCatalogue:
    """Read and check a role file; its head explains the keys.

    Raises:
        UnsoundRoleFile: holds every fault.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    faults: list[Fault] = []
    roles: dict[str, Role] = {}
    for key, entry in content.get("role", {}).items():
        try:
            roles[key] = _role(key, entry)
        except (KeyError, TypeError, ValueError) as error:
            faults.append(Fault("unsound-role", f"Expected a whole entry for role {key!r}, but: {error}.", key))
    separations = tuple(
        Separation(roles=frozenset(entry["roles"]), against=frozenset(entry["against"]), zh=entry["zh"], en=entry["en"])
        for entry in content.get("separation", ())
    )
    named = {role.stand_in for role in roles.values() if role.stand_in}
    named.update(*(each.roles | each.against for each in separations))
    for key in sorted(named - roles.keys()):
        faults.append(Fault("unknown-role", f"Expected role {key!r} to have an entry, but found none.", key))
    if faults:
        raise UnsoundRoleFile(" ".join(fault["message"] for fault in faults), faults)
    return RoleCatalogue(roles=roles, separations=separations)


def merged(catalogues: Iterable[RoleCatalogue]) -> RoleCatalogue:
    """The roles of several packages as one catalogue.

    Raises:
        UnsoundRoleFile: two packages give the same role different rights.
    """
    roles: dict[str, Role] = {}
    separations: dict[Separation, None] = {}
    for catalogue in catalogues:
        for key, role in catalogue.roles.items():
            if roles.setdefault(key, role) != role:
                message = f"Expected packages to agree on role {key!r}, but they do not."
                raise UnsoundRoleFile(message, (Fault("unsound-role", message, key),))
        separations.update(dict.fromkeys(catalogue.separations))
    return RoleCatalogue(roles=roles, separations=tuple(separations))


def _role(key: str, entry: Mapping[str, Any]) -> Role:
    values = dict(entry)
    permissions = frozenset(values.pop("permissions"))
    if unknown := permissions - PERMISSIONS:
        raise ValueError(f"unknown permissions {sorted(unknown)}")
    return Role(
        key=key,
        sort=Sort(values.pop("sort")),
        found=Found(values.pop("found")),
        scope=DataScope(values.pop("scope")),
        permissions=permissions,
        **values,
    )
