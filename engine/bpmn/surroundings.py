"""What stands around a process when it is deployed: what its diagram may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Surroundings(Protocol):
    """Answers whether a name that a diagram uses is known."""

    def has_form(self, key: str) -> bool: ...

    def has_role(self, key: str) -> bool: ...

    def has_decision(self, key: str) -> bool: ...

    def has_process(self, key: str) -> bool: ...

    def has_service(self, name: str) -> bool:
        """Whether a local handler of this name is registered."""
        ...

    def has_deadline(self, key: str) -> bool:
        """Whether a deadline such as "due.goal_review.fill" is configured."""
        ...

    def known_ladders(self) -> frozenset[str] | None:
        """Names of the configured escalation ladders; None where every name is taken as known."""
        ...

    def has_clause(self, key: str) -> bool:
        """Whether a clause of the requirements such as "S-27" is known."""
        ...

    def is_message_thrown(self, name: str) -> bool:
        """Whether another process, or a program outside, sends messages of this name."""
        ...

    def is_read(self, language: str) -> bool:
        """Whether people are shown names in a language such as "en"."""
        ...

    def gates_of(self, process: str) -> Mapping[str, int]:
        """Gates that every version of a process keeps: name as in the property `gate` -> at how many steps."""
        ...


@dataclass(frozen=True, kw_only=True)
class KnownNames:
    """Surroundings as plain sets; None means that everything of the kind is taken as known."""

    forms: frozenset[str] | None = None
    roles: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    services: frozenset[str] | None = None
    deadlines: frozenset[str] | None = None
    ladders: frozenset[str] | None = None
    clauses: frozenset[str] | None = None
    thrown_messages: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    #: Process key -> its gates, see Surroundings.gates_of.
    gates: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])

    def has_form(self, key: str) -> bool:
        return _is_in(key, self.forms)

    def has_role(self, key: str) -> bool:
        return _is_in(key, self.roles)

    def has_decision(self, key: str) -> bool:
        return _is_in(key, self.decisions)

    def has_process(self, key: str) -> bool:
        return _is_in(key, self.processes)

    def has_service(self, name: str) -> bool:
        return _is_in(name, self.services)

    def has_deadline(self, key: str) -> bool:
        return _is_in(key, self.deadlines)

    def known_ladders(self) -> frozenset[str] | None:
        return self.ladders

    def has_clause(self, key: str) -> bool:
        return _is_in(key, self.clauses)

    def is_message_thrown(self, name: str) -> bool:
        return _is_in(name, self.thrown_messages)

    def is_read(self, language: str) -> bool:
        return _is_in(language, self.languages)

    def gates_of(self, process: str) -> Mapping[str, int]:
        return self.gates.get(process, {})


def _is_in(name: str, known: frozenset[str] | None) -> bool:
    return known is None or name in known
