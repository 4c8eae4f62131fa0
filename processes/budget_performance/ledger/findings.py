"""Findings of evaluations, audits, congress or citizens that are taken over into the rectification ledger.

Monitoring and self-evaluation number what they find themselves; the others come in by the door for findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.model.errors import Fault, Invalid, NotFound
from engine.store.wait_tables import message
from processes.budget_performance.ledger.projects import load, project_key
from processes.budget_performance.ledger.rectifications import Opening, keep_issues, number_of_open, open_rectification

#: Sources whose notices are written by somebody else than the finance bureau (PROCESSES 0.3, issuer).
ISSUERS = {"audit": "auditor"}
#: Who writes the notice otherwise: also for the congress, citizens and orders.
ISSUER = "finance_perf"
#: The message that begins a rectification; its correlation key is the number.
OPENING = "rect.open"
#: Sources whose findings come from outside the running processes.
OUTSIDE = frozenset({"spot_check", "key", "department_overall", "audit", "npc", "complaint", "order"})


class UnsoundFindings(Invalid):
    """Findings to be taken over do not fit; holds every fault of every row."""

    code = "unsound-findings"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found on one object."""

    project_code: str
    #: Year of the result it rests on.
    fiscal_year: int
    #: One of OUTSIDE.
    source: str
    #: Rows of F-10a: category, fact, requirement, severity, amount.
    issues: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True, kw_only=True)
class TakenOver:
    """A finding in the rectification ledger."""

    rect_no: str
    unit_code: str
    source: str


def issuer_of(source: str) -> str:
    """Role that raises the findings of a source and writes their notices."""
    return ISSUERS.get(source, ISSUER)


def take_over(connection: Connection, tenant_id: str, findings: Sequence[Finding], now: datetime) -> list[TakenOver]:
    """Number a rectification for each finding: RECT-<year>-<nnn>; one that is open already keeps its number and issues.

    The rectification itself begins with the message `rect.open` under that number.

    Raises:
        UnsoundFindings: an unknown object or source, or nothing found. Holds every fault; nothing is written.
    """
    faults: list[Fault] = []
    units: list[str] = []
    for number, each in enumerate(findings):
        if each.source not in OUTSIDE:
            faults.append(_fault(number, "source", each, "one of " + ", ".join(sorted(OUTSIDE))))
        if not each.issues:
            faults.append(_fault(number, "issues", each, "at least one"))
        try:
            units.append(load(connection, tenant_id, each.project_code, each.fiscal_year)["unit_code"])
        except NotFound:
            faults.append(_fault(number, "project_code", each, f"registered for {each.fiscal_year}"))
    if faults:
        raise UnsoundFindings(
            f"Expected sound findings, but found {len(faults)} faults. The first: {faults[0]['message']}", faults
        )
    return [
        TakenOver(rect_no=_number(connection, tenant_id, each, unit, now), unit_code=unit, source=each.source)
        for each, unit in zip(findings, units, strict=True)
    ]


def unopened(connection: Connection, tenant_id: str, taken: Sequence[TakenOver]) -> list[TakenOver]:
    """Those that no message has opened yet."""
    keys = [each.rect_no for each in taken]
    statement = select(message.c.correlation_key).where(
        message.c.tenant_id == tenant_id, message.c.name == OPENING, message.c.correlation_key.in_(keys)
    )
    opened = set(connection.execute(statement).scalars())
    return [each for each in taken if each.rect_no not in opened]


def _number(connection: Connection, tenant_id: str, finding: Finding, unit_code: str, now: datetime) -> str:
    opening = Opening(
        project_code=finding.project_code,
        fiscal_year=finding.fiscal_year,
        unit_code=unit_code,
        source=finding.source,
        result_ref=project_key(finding.project_code, finding.fiscal_year),
        is_red=False,
    )
    rect_no = open_rectification(connection, tenant_id, opening, now)
    if rect_no is None:
        return number_of_open(connection, tenant_id, opening)
    keep_issues(connection, tenant_id, rect_no, finding.issues)
    return rect_no


def _fault(number: int, name: str, finding: Finding, expected: str) -> Fault:
    found = getattr(finding, name)
    text = f"Expected {name} of {finding.project_code!r} to be {expected}, but found {found!r}."
    return Fault("unsound-finding", text, f"{number}/{name}")
