"""The doors by which programs bring into the district what its people work on, and finance opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine.model.actor import Actor
from processes.budget_performance.ledger.campaigns import Opening, ToldObject
from processes.budget_performance.ledger.evaluations import Result
from processes.budget_performance.ledger.findings import Finding, TakenOver
from processes.budget_performance.ledger.payments import PaidSoFar
from processes.budget_performance.ledger.projects import Registration


class Doors(Protocol):
    """All of them; each call is taken whole or not at all, and may come again."""

    def objects(self, actor: Actor, rows: Sequence[Registration]) -> None: ...

    def payments(self, actor: Actor, rows: Sequence[PaidSoFar]) -> None: ...

    def opening_results(self, actor: Actor, rows: Sequence[Result]) -> None: ...

    def findings(self, actor: Actor, rows: Sequence[Finding]) -> list[TakenOver]: ...

    def open_campaign(self, actor: Actor, opening: Opening) -> Sequence[ToldObject]: ...
