"""Findings of evaluations, audits, congress or citizens that are taken over into the rectification ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.model.errors import Fault, Invalid, NotFound
from processes.budget_performance.ledger.projects import load, project_key
from processes.budget_performance.ledger.rectifications import SOURCES, Opening, keep_issues, open_rectification


class UnsoundFindings(Invalid):
    """Findings to be taken over do not fit; holds every fault of every row."""

    code = "unsound-findings"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found on one object."""

    project_code: str
    #: Year of the result it rests on.
    fiscal_year: int
    #: spot_check | key | audit | npc | complaint …
    source: str
    #: Rows of F-10a: category, fact, requirement, severity, amount.
    issues: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def take_over(connection: Connection, tenant_id: str, findings: Sequence[Finding], now: datetime) -> list[str | None]:
    """Number a rectification for each finding: RECT-<year>-<nnn>; None where one is open already.

    The rectification itself begins with the message `rect.open` under that number.

    Raises:
        UnsoundFindings: an unknown object or source, or nothing found. Holds every fault; nothing is written.
    """
    faults: list[Fault] = []
    units: list[str] = []
    for number, each in enumerate(findings):
        if each.source not in SOURCES:
            faults.append(_fault(number, "source", each, "one of " + ", ".join(sorted(SOURCES))))
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
        _number(connection, tenant_id, each, unit_code, now)
        for each, unit_code in zip(findings, units, strict=True)
    ]


def _number(connection: Connection, tenant_id: str, finding: Finding, unit_code: str, now: datetime) -> str | None:
    opening = Opening(
        project_code=finding.project_code,
        fiscal_year=finding.fiscal_year,
        unit_code=unit_code,
        source=finding.source,
        result_ref=project_key(finding.project_code, finding.fiscal_year),
        is_red=False,
    )
    rect_no = open_rectification(connection, tenant_id, opening, now)
    if rect_no is not None:
        keep_issues(connection, tenant_id, rect_no, finding.issues)
    return rect_no


def _fault(number: int, name: str, finding: Finding, expected: str) -> Fault:
    found = getattr(finding, name)
    message = f"Expected {name} of {finding.project_code!r} to be {expected}, but found {found!r}."
    return Fault("unsound-finding", message, f"{number}/{name}")
