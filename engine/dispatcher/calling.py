"""Calling a local service: under a savepoint, with what it says as a change, and what it went by as a deed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.commands.values import as_variables
from engine.kernel.changes import AnswerService, Change, FailService, RaiseBpmnError
from engine.kernel.events import ServiceRequested
from engine.model.deeds import Deed, SettingsRead
from engine.model.errors import EngineError
from engine.model.ports import BpmnError, ServiceCall, ServiceHandler
from engine.store.unit_of_work import is_conflict


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call."""

    change: Change
    deeds: tuple[Deed, ...] = ()


def call_service(handler: ServiceHandler | None, request: ServiceRequested, call: ServiceCall) -> Called:
    """Let a handler do its work. What a failed one wrote is undone, and the kernel is told.

    Raises:
        Exception: another transaction is in the way; the whole transaction has to be tried again.
    """
    if handler is None:
        return _failed(request, f"Expected a local service {request.name!r}, but found none.")
    savepoint = call.connection.begin_nested()
    try:
        variables = as_variables(handler(call))
        savepoint.commit()
    except BpmnError as error:
        savepoint.rollback()
        refusal = RaiseBpmnError(
            part=request.part,
            token=request.token,
            error_code=error.error_code,
            message=error.message,
            variables=as_variables(error.variables),
        )
        return Called(refusal, _settings_read(request, call))
    except Exception as error:
        if is_conflict(error):
            raise
        savepoint.rollback()
        what = error.message if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
        return _failed(request, what)
    answer = AnswerService(part=request.part, token=request.token, variables=variables)
    return Called(answer, _settings_read(request, call))


def _failed(request: ServiceRequested, message: str) -> Called:
    return Called(FailService(part=request.part, token=request.token, message=message))


def _settings_read(request: ServiceRequested, call: ServiceCall) -> tuple[Deed, ...]:
    """Freeze the figures that the service went by: they may be others tomorrow."""
    if not call.settings_read:
        return ()
    deed = SettingsRead(
        part=request.part,
        token=request.token,
        element_id=request.element_id,
        service=request.name,
        settings=call.settings_read,
    )
    return (deed,)
