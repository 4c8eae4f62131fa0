"""Projects and policies: registering them, and what the processes read of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from engine.model.errors import Fault, Invalid, NotFound
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.tables import project
from processes.budget_performance.ledger.writing import put

KINDS = frozenset({"policy", "project"})
BUDGET_TYPES = frozenset({"general", "gov_fund", "state_capital", "social_insurance"})
FORMS = frozenset(
    {
        "appropriation",
        "policy",
        "operating",
        "infrastructure",
        "purchase_service",
        "procurement",
        "ppp",
        "investment_fund",
        "special_bond",
        "subsidy",
        "benefit",
    }
)


class UnsoundRegistration(Invalid):
    """Objects to be registered do not fit; holds every fault of every row."""

    code = "unsound-registration"


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A project or policy of one budget year, as it is registered."""

    project_code: str
    fiscal_year: int
    project_name: str
    unit_code: str
    #: Department in charge; the unit itself where it is one.
    department_code: str
    #: Login key of the person who answers for it (项目责任人).
    owner: str
    kind: str
    form: str
    budget_type: str
    budget_line: str = "project"
    is_new: bool
    emergency: bool = False
    #: Wholly financed and decided by a superior government.
    superior_funded_100: bool = False
    livelihood: bool = False
    start_year: int
    end_year: int
    #: 万元 asked for in the budget year, and over all years.
    annual_amount: Decimal
    total_amount: Decimal
    #: Planned increase against last year in percent.
    scope_increase_pct: Decimal = Decimal(0)


def register(
    connection: Connection,
    tenant_id: str,
    registrations: Sequence[Registration],
    by: str,
    now: datetime,
    *,
    unit_names: Mapping[str, str] | None = None,
) -> None:
    """Register objects; one that is registered already is replaced (S-24), its violation stays.

    Args:
        unit_names: unit code -> what the unit is called today; a unit without a name is shown by its code.

    Raises:
        UnsoundRegistration: holds every fault; nothing is written.
    """
    faults = [fault for number, each in enumerate(registrations) for fault in _faults(each, f"{number}")]
    if faults:
        raise UnsoundRegistration(
            f"Expected sound registrations, but found {len(faults)} faults. The first: {faults[0]['message']}", faults
        )
    names = unit_names or {}
    for each in registrations:
        put(
            connection,
            project,
            {
                **{name.name: getattr(each, name.name) for name in fields(each)},
                "tenant_id": tenant_id,
                "unit_name": names.get(each.unit_code, each.unit_code),
                "department_name": names.get(each.department_code, each.department_code),
                "violation": has_violation(connection, tenant_id, each.project_code, each.fiscal_year),
                "registered_at": now,
                "registered_by": by,
            },
        )


def _faults(each: Registration, path: str) -> Iterable[Fault]:
    def fault(name: str, expected: str) -> Fault:
        found = getattr(each, name)
        return Fault(
            "unsound-registration",
            f"Expected {name} of {each.project_code!r} to be {expected}, but found {found!r}.",
            f"{path}/{name}",
        )

    if not each.project_code or not each.project_code.isalnum():
        yield fault("project_code", "letters and digits")
    if not each.project_name.strip():
        yield fault("project_name", "a name")
    if each.kind not in KINDS:
        yield fault("kind", " or ".join(sorted(KINDS)))
    if each.form not in FORMS:
        yield fault("form", "a form of funding")
    if each.budget_type not in BUDGET_TYPES:
        yield fault("budget_type", "one of the four budgets")
    if each.end_year < each.start_year:
        yield fault("end_year", f"{each.start_year} or later")
    if each.annual_amount < 0:
        yield fault("annual_amount", "0 or more")
    if each.total_amount < each.annual_amount:
        yield fault("total_amount", "at least the annual amount")


def load(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int) -> dict[str, Any]:
    """The object's process variables, by the names the diagrams use: what was registered, the main loop's business key,
    and `project`, the head of every form.

    Raises:
        NotFound: nobody has registered it for the year.
    """
    found = connection.execute(
        select(project).where(
            project.c.tenant_id == tenant_id,
            project.c.project_code == project_code,
            project.c.fiscal_year == fiscal_year,
        )
    ).first()
    if found is None:
        raise NotFound(
            f"Expected project {project_code!r} to be registered for {fiscal_year}, but it is not.",
            project_code=project_code,
            fiscal_year=fiscal_year,
        )
    names = [each.name for each in fields(Registration)]
    values = {name: _feel(found._mapping[name]) for name in names}
    return {
        **values,
        "violation": found.violation,
        "multi_year": found.end_year > found.start_year,
        "project_key": project_key(project_code, fiscal_year),
        "project": {
            "code": found.project_code,
            "name": found.project_name,
            "unit_name": found.unit_name,
            "department_name": found.department_name,
            "budget_type": found.budget_type,
            "form": found.form,
        },
    }


def project_key(project_code: str, fiscal_year: int) -> str:
    """Business key of the main loop of an object: PRJ:A01:2026."""
    return f"PRJ:{project_code}:{fiscal_year}"


def carry_on(connection: Connection, key: ObjectKey, now: datetime, *, renewed: bool = False) -> bool:
    """See to it that an object is registered for the year after `key`; what was brought in for that year stays.

    It is carried on with the figures of its year as long as it has years left; a renewed policy as a new one (PROCESSES
    P00, start). Returns whether it goes on.
    """
    following = key.fiscal_year + 1
    of_object = project.c.tenant_id == key.tenant_id, project.c.project_code == key.project_code
    rows = connection.execute(select(project).where(*of_object, project.c.fiscal_year.in_((following - 1, following))))
    found = {row.fiscal_year: row._mapping for row in rows}
    before = found.get(key.fiscal_year)
    if following in found or before is None:
        return following in found
    if before["end_year"] < following and not renewed:
        return False
    changed = {
        "fiscal_year": following,
        "is_new": renewed,
        "emergency": False,
        "scope_increase_pct": Decimal(0),
        "end_year": max(before["end_year"], following),
        "violation": False,
        "registered_at": now,
    }
    put(connection, project, {**before, **changed})
    return True


def has_violation(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int) -> bool:
    """Whether audit, supervision or the system have found a violation (R04, row R1)."""
    statement = select(project.c.violation).where(
        project.c.tenant_id == tenant_id,
        project.c.project_code == project_code,
        project.c.fiscal_year == fiscal_year,
    )
    return bool(connection.execute(statement).scalar())


def others_of_the_year(
    connection: Connection, tenant_id: str, project_code: str, fiscal_year: int
) -> Sequence[tuple[str, str, str]]:
    """Code, name and unit of every other object of the year, where a search for duplicates looks (S-68)."""
    statement = select(project.c.project_code, project.c.project_name, project.c.unit_code).where(
        project.c.tenant_id == tenant_id,
        project.c.fiscal_year == fiscal_year,
        project.c.project_code != project_code,
    )
    rows = connection.execute(statement.order_by(project.c.project_code))
    return [(row.project_code, row.project_name, row.unit_code) for row in rows]


def mark_violation(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int) -> None:
    """The project fact that R04 reads (message `violation`)."""
    connection.execute(
        update(project)
        .where(
            project.c.tenant_id == tenant_id,
            project.c.project_code == project_code,
            project.c.fiscal_year == fiscal_year,
        )
        .values(violation=True)
    )


def titles(connection: Connection, tenant_id: str, business_keys: Sequence[str]) -> Mapping[str, str]:
    """Business key -> name of its project, for keys that carry a project code and a year."""
    wanted = {key: parts for key in business_keys if (parts := object_of(key)) is not None}
    if not wanted:
        return {}
    statement = select(project.c.project_code, project.c.fiscal_year, project.c.project_name).where(
        project.c.tenant_id == tenant_id, project.c.project_code.in_({code for code, _ in wanted.values()})
    )
    names = {(row.project_code, row.fiscal_year): row.project_name for row in connection.execute(statement)}
    return {key: names[parts] for key, parts in wanted.items() if parts in names}


def object_of(business_key: str) -> tuple[str, int] | None:
    """Project code and year of a business key: PRJ:A01:2026, GOAL-2026-A01, MON-2026-08-A05, and of an urge's, which
    names the late step as well: MON-2026-08-A05:fill; None for others.
    """
    if business_key.startswith("PRJ:"):
        _, code, year, *_ = [*business_key.split(":"), ""]
        return (code, int(year)) if year.isdecimal() else None
    parts = business_key.partition(":")[0].split("-")
    lengths = {"GOAL": 3, "EXA": 3, "SELF": 3, "APP": 3, "MON": 4}
    if lengths.get(parts[0]) == len(parts) and parts[1].isdecimal():
        return parts[-1], int(parts[1])
    return None


def _feel(value: Any) -> Any:
    """Integers of rows are numbers of FEEL."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
