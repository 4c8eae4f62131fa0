"""What the engine asks of others. Each port is implemented in another room and chosen in `api/bootstrap.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Protocol

from engine.model.actor import Actor
from engine.model.transfer import Colleagues, ColleaguesRequest
from engine.model.value import value


@value(kw_only=True)
class CheckedSubmission:
    """A submission the form has accepted."""

    #: "key:version" of the form that checked it; frozen with the document.
    form_ref: str
    #: The whole document, with calculated fields filled in. FEEL values (money is Decimal).
    document: Mapping[str, Any]
    #: Only what the form declares as process variables.
    variables: Mapping[str, Any]


class FormPort(Protocol):
    """Checks submissions against the form of a user task."""

    def check(self, form_key: str, submission: Mapping[str, Any], context: Mapping[str, Any]) -> CheckedSubmission:
        """Accept or refuse a submission; `context` holds the variables visible to the user task.

        Raises:
            Invalid: holds every fault, each with the path of its field.
            NotFound: no such form.
        """
        ...


@value()
class RoutingRequest:
    """A user task that needs people."""

    tenant_id: str
    #: Person named by the diagram, if any.
    assignee: str | None
    #: Role keys ("dept_perf") or full groups ("dept_perf@21").
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    #: Unit of the object; where roles are looked for first.
    unit_code: str | None


@value(kw_only=True)
class Routing:
    """Who gets the user task, and why."""

    assignee: str | None = None
    #: "role@unit"; empty when assigned to a person.
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    #: JSON-ready steps: [{"rule": …, "role": …, "unit": …, "found": …, "skipped": …}, …].
    explanation: tuple[Mapping[str, Any], ...] = ()


class PeoplePort(Protocol):
    """Turns roles and units into groups and people; explains itself."""

    def route(self, connection: Any, request: RoutingRequest) -> Routing:
        """Resolve within the running transaction. Never fails: nobody found = no groups; the explanation says so."""
        ...

    def colleagues(self, connection: Any, request: ColleaguesRequest) -> Colleagues:
        """Who belongs to the unit where a user task is done, and whether the asker may transfer work there."""
        ...

    def askable(self, connection: Any, tenant_id: str, user_ids: Collection[str]) -> frozenset[str]:
        """Who of these may be asked for an opinion: has an open account and a business role."""
        ...


@value(kw_only=True)
class ServiceCall:
    """One execution of a local service handler, inside the dispatcher's transaction under a savepoint."""

    name: str
    tenant_id: str
    root_id: str
    instance_id: str
    element_id: str
    business_key: str
    actor: Actor
    #: Aware, UTC.
    now: datetime
    variables: Mapping[str, Any]
    properties: Mapping[str, str]
    #: SQLAlchemy Connection of the running transaction.
    connection: Any
    #: The handler notes here the configured figures it went by: key → value, basis, valid_from, valid_to. They are kept
    #: in the history beside what it did.
    settings_read: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, "Mapping[str, Any]"], compare=False)


class ServiceHandler(Protocol):
    """A service node's local work: writes the ledger, answers with variables."""

    def __call__(self, call: ServiceCall) -> Mapping[str, Any]:
        """Raises BpmnError for what the diagram models as an error; anything else becomes an incident."""
        ...


class BpmnError(Exception):
    """A handler's business error: caught by an error boundary of that code."""

    def __init__(self, error_code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        super().__init__(message or error_code)
        self.error_code = error_code
        self.message = message
        self.variables: Mapping[str, Any] = variables or {}


@value(kw_only=True)
class Rung:
    """One step of an escalation ladder (R15): a notice of its own instant."""

    #: Stable key within the ladder, e.g. "due-2", "yellow", "orange", "red", "interview".
    key: str
    #: Aware, UTC: 09:00 Asia/Shanghai of its working day.
    fires_at: datetime
    #: Role keys besides the assignee that are told.
    recipients: tuple[str, ...] = ()
    #: "remind" | "overdue" | "supervise" | "urge" | "interview" | "accountability"
    action: str = "remind"
    #: Message that it sends besides its notice: begins a process or reaches who waits for it; "" = none.
    message: str = ""
    #: Rungs after it that had their own turn because this one was given up; one of them that has fired is the higher.
    above: tuple[str, ...] = ()


class LadderPort(Protocol):
    """Gives the rungs of a user task."""

    def rungs(
        self, ladder: str, process_definition_key: str, created_at: datetime, due_at: datetime
    ) -> tuple[Rung, ...]:
        """Rungs that hold for the process, by their instants; those before `created_at` are left out."""
        ...


@value(kw_only=True)
class Notice:
    """Something that leaves by the outbox."""

    #: Unique per tenant: the same notice is never sent twice, e.g. "rung:<user task id>:yellow".
    key: str
    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any])
