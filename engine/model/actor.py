"""Who acts: a person, a program or the engine itself."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

#: The engine acting by itself: timers, deliveries, escalations.
SYSTEM_USER_ID = "system"


@dataclass(frozen=True, kw_only=True)
class StandingIn:
    """Somebody who is away, whose work the actor does meanwhile 代办 (PROCESSES 0.3)."""

    #: Login key of who is away.
    user_id: str
    #: Candidate groups of the posts that are stood in, "role@unit".
    groups: frozenset[str] = frozenset()
    #: All posts are: then also what was given to the person by name, and to no group.
    is_whole: bool = True

    def covers(self, candidate_groups: Collection[str]) -> bool:
        """Whether work given to the person by name, of those that it was offered to, is among what is stood in."""
        return self.is_whole or not self.groups.isdisjoint(candidate_groups)

    def is_offered(self, candidate_groups: Collection[str], candidate_users: Collection[str]) -> bool:
        """Whether work that nobody has taken was offered to the person, as far as that is stood in."""
        if not self.groups.isdisjoint(candidate_groups):
            return True
        return self.is_whole and self.user_id in candidate_users


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person or program with the rights that were in force when the request came in."""

    tenant_id: str
    #: Login key, e.g. "fin.perf"; SYSTEM_USER_ID for the engine itself.
    user_id: str
    #: Role keys held anywhere, e.g. {"dept_perf"}.
    roles: frozenset[str] = frozenset()
    #: Candidate groups, "role@unit", e.g. {"dept_perf@21"}.
    groups: frozenset[str] = frozenset()
    #: Whom the actor stands in for now, those asked first in front: their work, with the sight of their posts, and none
    #: of their permissions.
    stands_in: tuple[StandingIn, ...] = ()
    #: Unit codes whose objects the actor may see; None means all.
    visible_units: frozenset[str] | None = field(default_factory=frozenset[str])
    #: Named rights beyond user tasks, e.g. "deploy", "operate", "oversee", "import".
    permissions: frozenset[str] = frozenset()

    @property
    def is_system(self) -> bool:
        return self.user_id == SYSTEM_USER_ID

    @property
    def stands_in_for(self) -> frozenset[str]:
        """Login keys of those whose work the actor does meanwhile."""
        return frozenset(each.user_id for each in self.stands_in)

    @property
    def oversees(self) -> bool:
        """Whether the actor sees of every instance how it runs, though not what people wrote in it."""
        return self.may("oversee")

    def may(self, permission: str) -> bool:
        return self.is_system or permission in self.permissions

    def sees_unit(self, unit_code: str | None) -> bool:
        """Whether objects of the unit lie in the actor's data scope.

        Objects of no unit concern the district as a whole, as the budget year does: they are for who sees all units.
        Who started one or has work in it sees his part all the same.
        """
        return self.visible_units is None or unit_code in self.visible_units


def system_actor(tenant_id: str) -> Actor:
    """The engine itself, which sees everything of one tenant."""
    return Actor(tenant_id=tenant_id, user_id=SYSTEM_USER_ID, visible_units=None)
