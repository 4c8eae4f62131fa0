"""Every refusal leaves as problem+json (RFC 9457), in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from apiflask.exceptions import HTTPError
from flask import Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, default_exceptions

from api.house import house
from api.problems import Problem, problem_of
from api.rest.wire import write_json
from engine.model.errors import Fault, Invalid

_log = logging.getLogger("bihuan.rest")


class UnsoundRequest(Invalid):
    """Body, query or headers do not fit their description; holds every fault."""

    code = "unsound-request"


def answer_problem(error: Exception) -> Response:
    """The answer to any exception of a REST route."""
    seen = _unwrapped(error)
    problem = problem_of(seen, house().gate.language)
    if problem.status >= 500:
        _log.exception("A request failed.", exc_info=error)
    return problem_response(problem)


def problem_response(problem: Problem) -> Response:
    """A problem as problem+json."""
    body: dict[str, Any] = {
        "type": f"urn:bihuan:problem:{problem.code}",
        "title": problem.title,
        "status": int(problem.status),
        "detail": problem.detail,
        "code": problem.code,
        "facts": problem.facts,
        "faults": list(problem.faults),
    }
    response = Response(write_json(body), problem.status, mimetype="application/problem+json")
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = house().gate.language
    return response


def _unwrapped(error: Exception) -> Exception:
    """APIFlask's own exceptions as those of the house or of HTTP."""
    if not isinstance(error, HTTPError):
        return error
    if isinstance(error.__cause__, ValidationError):
        faults = list(_faults(error.__cause__))
        return UnsoundRequest(" ".join(fault["message"] for fault in faults), faults)
    return default_exceptions.get(error.status_code, HTTPException)(error.message)


def _faults(error: ValidationError) -> Iterator[Fault]:
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        path = "/".join(str(part) for part in found["loc"])
        yield Fault(f"parameter-{found['type'].replace('_', '-')}", f"{path or 'body'}: {found['msg']}", path)
