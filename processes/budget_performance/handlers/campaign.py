"""Campaigns: whether what a diagram waits for has been opened already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.ports import ServiceCall, ServiceHandler
from processes.budget_performance.handlers.reading import object_key
from processes.budget_performance.ledger.campaigns import is_open_for


def is_open(call: ServiceCall) -> Mapping[str, Any]:
    """campaign.is_open: an object that comes back to its goals, or was registered after the budget of its year was
    opened for its department, does not wait (PROCESSES P02.1).

    One that was registered before the opening waits all the same: the opening has sent it a message of its own, which
    is kept until it waits for it. If it passed without, that message would stay behind.
    """
    passes = call.variables.get("budget_opened") is True or is_open_for(call.connection, object_key(call))
    return {"budget_opened": passes}


HANDLERS: Mapping[str, ServiceHandler] = {"campaign.is_open": is_open}
