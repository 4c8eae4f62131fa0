"""One file being read, and the tools that read it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.account import Account
from engine.bpmn.expressions import Expressions, Functions
from engine.bpmn.raw import RawFile, read_raw
from engine.bpmn.report import Findings
from engine.xml import Element


@dataclass(frozen=True, slots=True)
class Reading:
    account: Account
    findings: Findings
    expressions: Expressions
    file: RawFile


def begin_reading(root: Element, findings: Findings, functions: Functions) -> Reading:
    """Read the outline of a valid document; what its elements say about themselves is still unread."""
    account = Account(root)
    return Reading(account, findings, Expressions(findings, functions), read_raw(account, findings))
