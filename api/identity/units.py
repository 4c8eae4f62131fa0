"""The tree of units as it stands on one day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A body of the district: government, department, section, school …"""

    code: str
    name: str
    #: government | party | npc | discipline | office | audit | finance | section | department | unit | soe | street
    #: | third_party
    kind: str
    #: Code of the unit above; None for a root.
    parent: str | None = None


#: Kinds of units that belong to a department and have none of its roles.
SUBORDINATE_KINDS = frozenset({"section", "unit", "soe"})


@dataclass(frozen=True)
class UnitTree:
    """Units by code; several roots are usual (party, congress and government stand side by side)."""

    units: Mapping[str, Unit]

    def upwards(self, code: str) -> Iterator[Unit]:
        """The unit itself, then those above it, nearest first; empty when the code is unknown."""
        seen: set[str] = set()
        unit = self.units.get(code)
        while unit is not None and unit.code not in seen:
            seen.add(unit.code)
            yield unit
            unit = self.units.get(unit.parent) if unit.parent else None

    def department_of(self, code: str) -> Unit | None:
        """The department, street or other body that the unit belongs to; itself when it is one."""
        return next((unit for unit in self.upwards(code) if unit.kind not in SUBORDINATE_KINDS), None)

    def below(self, codes: Iterable[str]) -> frozenset[str]:
        """The given units and everything under them."""
        found: set[str] = set()
        open_codes = [code for code in codes if code in self.units]
        while open_codes:
            code = open_codes.pop()
            if code not in found:
                found.add(code)
                open_codes.extend(self._children.get(code, ()))
        return frozenset(found)

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        children: dict[str, list[str]] = {}
        for unit in self.units.values():
            if unit.parent is not None:
                children.setdefault(unit.parent, []).append(unit.code)
        return children
