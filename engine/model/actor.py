"""Who acts: a person, a program or the engine itself."""

from __future__ import annotations

from dataclasses import dataclass, field

#: The engine acting by itself: timers, deliveries, escalations.
SYSTEM_USER_ID = "system"


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
    #: Unit codes whose objects the actor may see; None means all.
    visible_units: frozenset[str] | None = field(default_factory=frozenset[str])
    #: Named rights beyond user tasks, e.g. "deploy", "operate", "oversee", "import".
    permissions: frozenset[str] = frozenset()

    @property
    def is_system(self) -> bool:
        return self.user_id == SYSTEM_USER_ID

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
