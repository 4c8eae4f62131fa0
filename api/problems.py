"""What a refusal looks like at the edge: one table gives each kind of error its status, one file its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from werkzeug.exceptions import HTTPException

from api.identity.refusals import NotSignedIn, SignInFailed, TooManyAttempts
from api.texts import say
from api.texts.diagrams import say_of_diagram
from engine.model.errors import EngineError, ExecutionFailed, Invalid, NotFound, NotPermitted, Stale, WrongState
from engine.model.user_task import DraftNotNamed
from engine.store.database import StorageTrouble, storage_trouble

#: The nearest class of an error decides.
STATUSES: Mapping[type[EngineError], HTTPStatus] = {
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    SignInFailed: HTTPStatus.UNAUTHORIZED,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    NotFound: HTTPStatus.NOT_FOUND,
    NotPermitted: HTTPStatus.FORBIDDEN,
    WrongState: HTTPStatus.CONFLICT,
    DraftNotNamed: HTTPStatus.PRECONDITION_REQUIRED,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    ExecutionFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    EngineError: HTTPStatus.BAD_REQUEST,
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A refusal as a program or a page tells it (RFC 9457)."""

    status: int
    #: Stable; keys the texts.
    code: str
    #: What kind of refusal it is; the same for every occurrence of the status.
    title: str
    #: What happened here, in the reader's language.
    detail: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: Each with `code`, `message` (in the reader's language), `path`, and facts.
    faults: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def problem_of(error: Exception, language: str) -> Problem:
    """Say an error in the reader's language. What is neither the engine's nor HTTP's own tells nothing of itself."""
    if isinstance(error, EngineError):
        return _engine_problem(error, language)
    if isinstance(error, HTTPException) and error.code is not None:
        return _http_problem(error, language)
    match storage_trouble(error):
        case StorageTrouble.FULL:
            return _plain(HTTPStatus.INSUFFICIENT_STORAGE, "storage-full", language, {})
        case StorageTrouble.BUSY:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, "storage-busy", language, {"Retry-After": "2"})
        case None:
            return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", language, {})


def _plain(status: HTTPStatus, code: str, language: str, headers: Mapping[str, str]) -> Problem:
    detail = say([code], language, {}) or status.phrase
    return Problem(status=status, code=code, title=_title(status, language), detail=detail, headers=headers)


def status_of(error: EngineError) -> HTTPStatus:
    """The status of the nearest class in the table."""
    return next(STATUSES[each] for each in type(error).__mro__ if each in STATUSES)


def _engine_problem(error: EngineError, language: str) -> Problem:
    status = status_of(error)
    headers: dict[str, str] = {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="bihuan"'
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after_seconds)
    # the engine's English sentences say more than a text by code can; Chinese comes by code
    codes = [each.code for each in type(error).__mro__ if issubclass(each, EngineError)]
    detail = error.message if language == "en" else say(codes, language, error.facts)
    faults = error.faults if isinstance(error, Invalid) else ()
    return Problem(
        status=status,
        code=error.code,
        title=_title(status, language),
        detail=detail or error.message,
        facts=error.facts,
        faults=tuple(_fault(fault, language) for fault in faults),
        headers=headers,
    )


def _fault(fault: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """A fault in the reader's language; one of a diagram tells how to mend it."""
    element_id = str(fault["path"]).rpartition("#")[2]
    facts = fault.get("facts")
    said = say_of_diagram(fault["code"], language, element_id, facts) if isinstance(facts, Mapping) else None
    if said is not None:
        return {**fault, "message": said.message, "mend": said.mend}
    return {**fault, "message": _fault_text(fault, language)}


def _fault_text(fault: Mapping[str, Any], language: str) -> str:
    if language == "en":
        return fault.get("message_en") or fault["message"]
    codes = [fault["code"], "parameter-other"] if fault["code"].startswith("parameter-") else [fault["code"]]
    return fault.get("message_zh") or say(codes, language, fault) or fault["message"]


#: Codes are stable; later versions of Python call these statuses otherwise (RFC 9110).
_CODES = {
    413: "request-entity-too-large",
    414: "request-uri-too-long",
    416: "requested-range-not-satisfiable",
    422: "unprocessable-entity",
}


def _http_problem(error: HTTPException, language: str) -> Problem:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    code = _CODES.get(status) or status.phrase.lower().replace(" ", "-")
    # what Python says of a status is English
    otherwise = status.description if language == "en" else say(["engine-error"], language, {})
    headers = {name: value for name, value in error.get_headers() if name.lower() not in ("content-type", "location")}
    return Problem(
        status=status,
        code=code,
        title=_title(status, language),
        detail=say([code], language, {}) or otherwise or status.phrase,
        headers=headers,
    )


def _title(status: int, language: str) -> str:
    return say([f"status-{int(status)}"], language, {}) or HTTPStatus(status).phrase
