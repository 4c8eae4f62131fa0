"""Which process packages exist. A package is what an office does: diagrams, decision tables, forms it fills in, who
does what, deadlines, thresholds, and the local services its diagrams call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.model.ports import ServiceHandler
from engine.store.settings_rows import Setting
from processes.budget_performance import package as budget_performance


@dataclass(frozen=True, kw_only=True)
class ProcessPackage:
    """One package as it lies on the disk."""

    key: str
    version: str
    #: Diagrams with their test cases, and decision tables, by file name.
    files: Mapping[str, bytes]
    #: Deadlines `due.*`, thresholds `rule.*` and ladders `ladder.*`, each with its legal basis.
    settings: tuple[Setting, ...]
    #: The role file, see api/identity/roles.py.
    roles: Path
    #: Clause number -> text it may be cited by.
    clauses: Mapping[str, str]
    #: Local services by the name that service nodes give.
    handlers: Mapping[str, ServiceHandler]
    #: Messages that people and programs send from outside, with the roles that may.
    senders: Mapping[str, frozenset[str]]
    #: Process key -> gates that each version of its diagram keeps, and at how many steps.
    gates: Mapping[str, Mapping[str, int]]
    #: Messages that only processes send to one another.
    among_processes: frozenset[str]

    @cached_property
    def checksum(self) -> str:
        """Hexadecimal SHA-256 over files and settings: another one means there is something to deploy."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            digest.update(name.encode() + b"\0" + self.files[name] + b"\0")
        for row in sorted(self.settings, key=lambda each: (each.key, each.valid_from)):
            digest.update(repr(row).encode() + b"\0")
        return digest.hexdigest()


def packages() -> tuple[ProcessPackage, ...]:
    """All packages of this installation."""
    return (
        ProcessPackage(
            key=budget_performance.KEY,
            version=budget_performance.VERSION,
            files=budget_performance.files(),
            settings=budget_performance.settings(),
            roles=budget_performance.ROLES,
            clauses=budget_performance.clauses(),
            handlers=budget_performance.HANDLERS,
            senders=budget_performance.SENDERS,
            gates=budget_performance.GATES,
            among_processes=budget_performance.AMONG_PROCESSES,
        ),
    )
