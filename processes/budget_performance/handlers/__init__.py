"""Local services of the diagrams, by the name a service node gives: read, reckon, write the ledger, answer."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.ports import ServiceHandler
from processes.budget_performance.handlers import (
    application,
    assessment,
    budget,
    campaign,
    goal,
    main_loop,
    monitoring,
    rectification,
    requests,
    self_evaluation,
)

__all__ = ["HANDLERS"]

HANDLERS: Mapping[str, ServiceHandler] = {
    **main_loop.HANDLERS,
    **assessment.HANDLERS,
    **campaign.HANDLERS,
    **goal.HANDLERS,
    **budget.HANDLERS,
    **monitoring.HANDLERS,
    **self_evaluation.HANDLERS,
    **rectification.HANDLERS,
    **application.HANDLERS,
    **requests.HANDLERS,
}
