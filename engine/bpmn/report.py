"""What the reader has to say about a file: everything it refuses, doubts, repaired or merely noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.bpmn.findings import FINDINGS
from engine.model.errors import Fault, Invalid


class Severity(StrEnum):
    #: The file cannot be deployed.
    ERROR = "error"
    #: It can, but a person should look.
    WARNING = "warning"
    INFO = "info"


class RefusedDiagram(Invalid):
    """A diagram asks for something that this engine does not run, or is not sound. Holds every fault."""

    code = "diagram-refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding about one element."""

    severity: Severity
    #: Stable, kebab-case; a key of `findings.FINDINGS` and of the translated texts.
    code: str
    #: BPMN id; "" for the file itself.
    element_id: str
    message: str
    #: What a designer can do about it; "" where nothing needs doing.
    mend: str
    #: JSON-ready values that the texts are filled with.
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Report:
    """All findings about a file, in the order in which they were found."""

    entries: tuple[Entry, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __add__(self, other: Report) -> Report:
        return Report(self.entries + other.entries)

    @property
    def errors(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.severity is Severity.WARNING)

    @property
    def repairs(self) -> tuple[Entry, ...]:
        """What the normalisers changed; `facts` hold the name, before and after of each."""
        return tuple(entry for entry in self.entries if entry.code == "repaired")

    @property
    def is_refusal(self) -> bool:
        return any(entry.severity is Severity.ERROR for entry in self.entries)

    def faults(self) -> list[Fault]:
        """The errors as faults of an input, each with the element as its path."""
        return [
            Fault(entry.code, entry.message, entry.element_id, mend=entry.mend, facts=dict(entry.facts))
            for entry in self.errors
        ]

    def raise_if_refused(self, file_name: str) -> None:
        """Raises RefusedDiagram with every fault, if there is one."""
        if self.is_refusal:
            faults = self.faults()
            raise RefusedDiagram(
                f"Expected a diagram that can run, but {file_name!r} has {len(faults)} faults. "
                f"The first: {faults[0]['message']}",
                faults,
                file_name=file_name,
                count=len(faults),
            )


class Findings:
    """Collects the entries while a file is read."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def add(self, code: str, element_id: str, **facts: Any) -> None:
        """Note a finding; `code` is a key of the catalogue, `facts` fill its texts."""
        finding = FINDINGS[code]
        values = {"element": element_id, **facts}
        self._entries.append(
            Entry(
                severity=Severity(finding.severity),
                code=code,
                element_id=element_id,
                message=finding.message.format_map(values),
                mend=finding.mend.format_map(values),
                facts=facts,
            )
        )

    @property
    def count(self) -> int:
        return len(self._entries)

    @property
    def any_error(self) -> bool:
        return any(entry.severity is Severity.ERROR for entry in self._entries)

    def report(self) -> Report:
        return Report(tuple(self._entries))
