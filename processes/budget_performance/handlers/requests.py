"""What people ask of others: an extension of a due day (PROCESSES 0.5), to be given work back, or an opinion (0.3).
What whoever decides or answers needs to know of the case, and who did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.errors import ExecutionFailed, NotFound
from engine.model.ports import ServiceCall, ServiceHandler
from engine.queries.documents import Document, latest_documents
from engine.queries.user_task_detail import holder_of
from processes.budget_performance.handlers.reading import given
from processes.budget_performance.ledger.findings import issuer_of
from processes.budget_performance.ledger.projects import load, object_of
from processes.budget_performance.ledger.rectifications import find
from processes.budget_performance.ledger.titles import RECTIFICATION

#: The forms that an extension, and a request to take work back, are decided on, and that an opinion is given on.
EXTENSION, WITHDRAWAL, OPINION = "F-EXT", "F-WDR", "F-OPN"
#: What is known of a case that stands for no object.
UNKNOWN: Mapping[str, Any] = {
    "project_name": None,
    "project_code": None,
    "department_code": None,
    "own_department": False,
    "issuer_role": None,
}


def prepare(call: ServiceCall) -> Mapping[str, Any]:
    """extension.prepare, withdrawal.prepare, opinion.prepare: the object of the case, whether its unit is the
    department itself, and who issued the rectification. A case that is unknown here has nobody but the superior of its
    owner.
    """
    case = str(given(call, "asked")["business_key"])
    try:
        return _of_rectification(call, case) if case.startswith(RECTIFICATION) else _of_object(call, object_of(case))
    except NotFound:
        return UNKNOWN


def note_extension(call: ServiceCall) -> Mapping[str, Any]:
    """extension.note: who filed the decision, and whether it is his own affair: he asked, or has the work by now. Then
    it is none.
    """
    noted = _noted(call, EXTENSION)
    asked = str(given(call, "asked").get("user_task_id"))
    has_the_work = holder_of(call.connection, call.tenant_id, asked) == noted["decided_by"]
    return {**noted, "own_request": noted["own_request"] or has_the_work}


def note_withdrawal(call: ServiceCall) -> Mapping[str, Any]:
    """withdrawal.note: who filed the answer, and whether he is the one who asked; then it is none."""
    return _noted(call, WITHDRAWAL)


def note_opinion(call: ServiceCall) -> Mapping[str, Any]:
    """opinion.note: who filed it; whoever stands in for the person asked says so by his own name."""
    return {"decided_by": _filed(call, OPINION).filed_by}


def _noted(call: ServiceCall, form: str) -> Mapping[str, Any]:
    filed, asked = _filed(call, form), given(call, "asked")
    # a stand-in asks, and decides, for two
    askers = {asked.get("asked_by"), asked.get("asked_for") or asked.get("asked_by")}
    return {"decided_by": filed.filed_by, "own_request": not askers.isdisjoint(filed.filers)}


def _filed(call: ServiceCall, form: str) -> Document:
    documents = latest_documents(call.connection, call.tenant_id, call.business_key)
    filed = [
        each
        for each in documents
        if each.form_key == form and each.process_instance_id == call.root_id
    ]
    if not filed:
        raise ExecutionFailed(
            f"Expected form {form} to be filed under {call.business_key!r}, but found none.",
            form_key=form,
            business_key=call.business_key,
        )
    return filed[-1]


def _of_rectification(call: ServiceCall, case: str) -> Mapping[str, Any]:
    # the number may have the late step behind it
    opening = find(call.connection, call.tenant_id, case.partition(":")[0]).opening
    of_object = _of_object(call, (opening.project_code, opening.fiscal_year))
    return {**of_object, "issuer_role": issuer_of(opening.source)}


def _of_object(call: ServiceCall, key: tuple[str, int] | None) -> Mapping[str, Any]:
    if key is None:
        return UNKNOWN
    row = load(call.connection, call.tenant_id, *key)
    known = {name: row[name] for name in ("project_name", "project_code", "department_code")}
    own = (call.variables.get("unit_code") or row["unit_code"]) == row["department_code"]
    return {**UNKNOWN, **known, "own_department": own}


HANDLERS: Mapping[str, ServiceHandler] = {
    "extension.prepare": prepare,
    "extension.note": note_extension,
    "withdrawal.prepare": prepare,
    "withdrawal.note": note_withdrawal,
    "opinion.prepare": prepare,
    "opinion.note": note_opinion,
}
