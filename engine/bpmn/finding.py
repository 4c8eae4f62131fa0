"""One kind of finding about a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of finding: how grave it is, what it says, and what a designer can do."""

    #: error | warning | info
    severity: str
    message: str
    mend: str = ""


def error(message: str, mend: str) -> Finding:
    """A finding with which the file cannot be deployed."""
    return Finding("error", message, mend)
