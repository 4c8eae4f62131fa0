"""Campaigns 工作布置: what finance opens for all objects of a year at once, and the message each of them gets (S-06).

A message is kept until its object waits for it. So an object that was there when its campaign was opened needs nothing
else; one that was registered later asks the row of the campaign (`is_open_for`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, exists, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.errors import Fault, Invalid
from engine.store.settings_rows import setting
from engine.store.wait_tables import message, message_wait
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.rounds import PlannedRound, planned_rounds
from processes.budget_performance.ledger.tables import budget_approval, campaign, library_entry, project

BUDGET, ROUND, SELF_EVALUATION = "budget.open", "round.open", "selfeval.open"
#: What may be opened. Each is the name of the message that releases the waiting instances.
KINDS = (BUDGET, ROUND, SELF_EVALUATION)
#: What is opened for objects with an approved budget.
FUNDED = frozenset({ROUND, SELF_EVALUATION})
LONGEST_NOTICE = 2000
#: Every department.
ALL = ""


class UnsoundCampaign(Invalid):
    """A campaign that cannot be opened as it was asked for; holds every fault."""

    code = "unsound-campaign"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What somebody wants to open."""

    #: One of KINDS.
    kind: str
    fiscal_year: int
    #: Two digits, as ledger.rounds gives them; "" for campaigns without rounds.
    month: str = ""
    #: Codes of departments; none = all.
    departments: tuple[str, ...] = ()
    #: 布置通知: no campaign is opened without one (S-06).
    notice: str


@dataclass(frozen=True, kw_only=True)
class ToldObject:
    """An object in the scope of a campaign."""

    project_code: str
    #: Business key of the instance that the campaign is about.
    correlation_key: str


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A campaign that is open."""

    kind: str
    fiscal_year: int
    month: str
    #: Codes of departments; none = all.
    departments: tuple[str, ...]
    notice: str
    opened_at: datetime
    opened_by: str
    #: Objects that have got their message up to now.
    told: int


#: Whether a project was registered after the budget of its year was opened for its department.
_REGISTERED_AFTER_OPENING = exists().where(
    campaign.c.tenant_id == project.c.tenant_id,
    campaign.c.kind == BUDGET,
    campaign.c.fiscal_year == project.c.fiscal_year,
    campaign.c.department_code.in_([ALL, project.c.department_code]),
    campaign.c.opened_at < project.c.registered_at,
)


def key_of(kind: str, fiscal_year: int, month: str, project_code: str) -> str:
    """Business key under which the main loop calls what the campaign releases: GOAL-2027-A01, MON-2026-08-A01."""
    if kind == ROUND:
        return f"MON-{fiscal_year}-{month}-{project_code}"
    return f"{'GOAL' if kind == BUDGET else 'SELF'}-{fiscal_year}-{project_code}"


def must_be_sound(
    connection: Connection, tenant_id: str, opening: Opening, *, units: Mapping[str, str], on: date
) -> None:
    """Look at everything that was asked for.

    Args:
        units: code -> name of the organisation's units.
        on: today, whose configuration holds.

    Raises:
        UnsoundCampaign: holds every fault.
    """
    of_year = set(connection.execute(_objects(tenant_id, opening, project.c.department_code)).scalars())
    rounds = planned_rounds(connection, tenant_id, on)
    faults = list(_faults(opening, of_year, units, sorted(each.month for each in rounds)))
    faults += _of_day(opening, rounds, on)
    # what is open may be asked for again at any time, so that those who were not told yet are
    departments = [ALL, *opening.departments]
    if of_year and opened_before(connection, tenant_id, opening, departments) is None:
        faults += _of_season(connection, tenant_id, opening, on)
    if faults:
        first = faults[0]["message"]
        raise UnsoundCampaign(f"Expected a sound campaign, but found {len(faults)} faults. The first: {first}", faults)


def untold(connection: Connection, tenant_id: str, opening: Opening) -> list[ToldObject]:
    """The objects in the campaign's scope that need a message and have not had one yet, by code.

    In scope are for budget.open the objects registered for the year that are not in the library yet, for the others
    the funded ones whose year is not closed; of the chosen departments, where some are chosen.
    """
    told = _told(connection, tenant_id, [opening.kind])
    free = {each.correlation_key for each in not_waiting(connection, tenant_id, opening)}
    return [
        each
        for each in _in_scope(connection, tenant_id, opening)
        if (opening.kind, each.correlation_key) not in told and each.correlation_key not in free
    ]


def not_waiting(connection: Connection, tenant_id: str, opening: Opening) -> list[ToldObject]:
    """The objects in the scope of a budget that is open already, registered after it was opened for their department
    (`is_open_for`): their goals begin without a message. What waits all the same, by an older diagram, is not among
    them.
    """
    if opening.kind != BUDGET:
        return []
    waits = exists().where(
        message_wait.c.tenant_id == project.c.tenant_id,
        message_wait.c.name == BUDGET,
        message_wait.c.correlation_key == literal(key_of(BUDGET, opening.fiscal_year, "", "")) + project.c.project_code,
    )
    return _in_scope(connection, tenant_id, opening, _REGISTERED_AFTER_OPENING, ~waits)


def _in_scope(
    connection: Connection, tenant_id: str, opening: Opening, *conditions: ColumnElement[bool]
) -> list[ToldObject]:
    state = library_entry.c.state
    in_scope = state.is_(None) if opening.kind == BUDGET else state.is_distinct_from("closed")
    statement = _objects(tenant_id, opening, project.c.project_code).outerjoin(
        library_entry, _same_object(library_entry)
    )
    if opening.departments:
        statement = statement.where(project.c.department_code.in_(opening.departments))
    codes = connection.execute(statement.where(in_scope, *conditions).order_by(project.c.project_code)).scalars()
    return [
        ToldObject(
            project_code=code, correlation_key=key_of(opening.kind, opening.fiscal_year, opening.month, code)
        )
        for code in codes
    ]


def record(connection: Connection, tenant_id: str, opening: Opening, by: str, now: datetime) -> None:
    """Write down that the campaign is open; where it was open already, it stays as it was opened first."""
    if opened_before(connection, tenant_id, opening, [ALL]) is not None:
        return
    rows = [
        {
            "tenant_id": tenant_id,
            "kind": opening.kind,
            "fiscal_year": opening.fiscal_year,
            "month": opening.month,
            "department_code": department,
            "notice": opening.notice.strip(),
            "opened_at": now,
            "opened_by": by,
        }
        for department in sorted(set(opening.departments)) or [ALL]
    ]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(campaign).values(rows).on_conflict_do_nothing())


def is_open_for(connection: Connection, key: ObjectKey) -> bool:
    """Whether the object was registered after the budget of its year was opened for its department.

    Objects that were registered before have a message of their own, which is kept until they wait: for them this is
    false, so that nobody is released twice.
    """
    found = select(project.c.project_code).where(key.rows_of(project), _REGISTERED_AFTER_OPENING)
    return connection.execute(found).first() is not None


def open_campaigns(connection: Connection, tenant_id: str) -> list[Campaign]:
    """All of them, opened last first. What was opened for several departments at once is one."""
    ordered = (campaign.c.opened_at.desc(), campaign.c.kind, campaign.c.fiscal_year.desc(), campaign.c.month)
    rows = connection.execute(
        select(campaign).where(campaign.c.tenant_id == tenant_id).order_by(*ordered, campaign.c.department_code)
    ).all()
    told = _told(connection, tenant_id, KINDS)
    objects = _objects_by_year(connection, tenant_id)
    return [_campaign(list(together), told, objects) for _, together in groupby(rows, _opened_together)]


def opened_before(
    connection: Connection, tenant_id: str, opening: Opening, departments: Sequence[str]
) -> datetime | None:
    """When the campaign was opened for one of these departments; None if it was not."""
    statement = select(campaign.c.opened_at).where(
        campaign.c.tenant_id == tenant_id,
        campaign.c.kind == opening.kind,
        campaign.c.fiscal_year == opening.fiscal_year,
        campaign.c.month == opening.month,
        campaign.c.department_code.in_(departments),
    )
    return connection.execute(statement.order_by(campaign.c.opened_at)).scalars().first()


def years(connection: Connection, tenant_id: str) -> list[int]:
    """Budget years that objects are registered for, latest first."""
    of_tenant = select(project.c.fiscal_year).distinct().where(project.c.tenant_id == tenant_id)
    return list(connection.execute(of_tenant.order_by(project.c.fiscal_year.desc())).scalars())


def departments_with_objects(connection: Connection, tenant_id: str) -> list[str]:
    """Codes of the departments that have registered objects for any year."""
    of_tenant = select(project.c.department_code).distinct().where(project.c.tenant_id == tenant_id)
    return sorted(connection.execute(of_tenant).scalars())


# --- faults -----------------------------------------------------------------------------------------------------------


def _faults(
    opening: Opening, of_year: Collection[str], units: Mapping[str, str], months: Sequence[str]
) -> Iterable[Fault]:
    def fault(name: str, path: str, expected: str, found: object, **facts: object) -> Fault:
        text = f"Expected {path.partition('/')[0]} to be {expected}, but found {found!r}."
        return Fault(f"campaign-{name}", text, path, found=found, **facts)

    year = opening.fiscal_year
    if opening.kind not in KINDS:
        yield fault("kind", "kind", "one of " + ", ".join(KINDS), opening.kind, kinds=KINDS)
    if not year:
        yield fault("year", "fiscal_year", "a budget year", year)
    elif not of_year:
        sort = "registered" if opening.kind not in FUNDED else "funded"
        yield fault(f"year-{sort}", "fiscal_year", f"a year with {sort} objects", year)
    if opening.kind == ROUND and opening.month not in months:
        expected = f"the month of a configured round of {year} ({', '.join(months) or 'none'})"
        yield fault("month", "month", expected, opening.month, year=year, months=months)
    if opening.kind != ROUND and opening.month:
        yield fault("no-month", "month", "empty, for only monitoring has rounds", opening.month)
    for number, department in enumerate(opening.departments):
        if department not in units:
            yield fault("department", f"departments/{number}", "units of the organisation", department)
        elif of_year and department not in of_year:
            expected = f"departments with objects of {year}"
            named = {"year": year, "unit": units[department]}
            yield fault("department-without", f"departments/{number}", expected, department, **named)
    if not 0 < len(opening.notice.strip()) <= LONGEST_NOTICE:
        yield fault("notice", "notice", f"a text of at most {LONGEST_NOTICE} characters", opening.notice[:40])


def _of_day(opening: Opening, rounds: Iterable[PlannedRound], on: date) -> Iterable[Fault]:
    """A round is opened after the day up to which its data count (PROCESSES P04.1): what is released stays so."""
    for each in rounds:
        if opening.kind == ROUND and opening.fiscal_year and opening.month == each.month:
            cutoff = each.cutoff_in(opening.fiscal_year)
            if on <= cutoff:
                text = f"Expected the round to be opened after its cut-off day {cutoff}, but today is {on}."
                yield Fault("campaign-month-ahead", text, "month", cutoff=str(cutoff))


def _of_season(connection: Connection, tenant_id: str, opening: Opening, on: date) -> Iterable[Fault]:
    """The budget is prepared in the year before (PROCESSES P00, P02.1), and what a year has come to is evaluated when
    it is over (P06.1). The days are rule.P02.opens, rule.P02.closes and rule.P06.opens; where there is no row, any day
    will do."""
    year = opening.fiscal_year

    def day(rule: str, in_year: int) -> date | None:
        configured = setting(connection, tenant_id, rule, on)
        return date.fromisoformat(f"{in_year}-{configured}") if configured else None

    if opening.kind == BUDGET:
        first, last = day("rule.P02.opens", year - 1), day("rule.P02.closes", year - 1)
        if (first and on < first) or (last and on > last):
            text = f"Expected the budget of {year} to be opened from {first} to {last}, but today is {on}."
            yield Fault("campaign-budget-day", text, "fiscal_year", year=year, first=str(first), last=str(last))
    if opening.kind == SELF_EVALUATION:
        first = day("rule.P06.opens", year + 1)
        if first and on < first:
            text = f"Expected self-evaluations of {year} to be opened from {first} on, but today is {on}."
            yield Fault("campaign-selfeval-day", text, "fiscal_year", year=year, first=str(first))


# --- rows -------------------------------------------------------------------------------------------------------------


def _objects(tenant_id: str, opening: Opening, column: ColumnElement[str]) -> Select[str]:
    """A column of the objects that the campaign is about, also of those that need no message any more: registered for
    the year, and for monitoring and self-evaluation with an approved budget.
    """
    of_year = (project.c.tenant_id == tenant_id) & (project.c.fiscal_year == opening.fiscal_year)
    statement = select(column).select_from(project).where(of_year)
    if opening.kind not in FUNDED:
        return statement
    return statement.join(budget_approval, _same_object(budget_approval)).where(budget_approval.c.is_approved)


def _same_object(table: Table) -> ColumnElement[bool]:
    names = ("tenant_id", "project_code", "fiscal_year")
    return and_(*(table.c[name] == project.c[name] for name in names))


def _told(connection: Connection, tenant_id: str, kinds: Collection[str]) -> set[tuple[str, str]]:
    """Name and key of every message of campaigns, whoever has sent it."""
    statement = select(message.c.name, message.c.correlation_key).where(
        message.c.tenant_id == tenant_id, message.c.name.in_(kinds)
    )
    return {(row.name, row.correlation_key) for row in connection.execute(statement)}


def _opened_together(row: Row[Any]) -> tuple[Any, ...]:
    return row.opened_at, row.kind, row.fiscal_year, row.month, row.opened_by, row.notice


def _campaign(
    rows: Sequence[Row[Any]], told: Collection[tuple[str, str]], objects: Mapping[int, Sequence[tuple[str, str]]]
) -> Campaign:
    """One campaign from its rows, one for each department that was chosen."""
    first = rows[0]
    departments = tuple(row.department_code for row in rows if row.department_code != ALL)
    covered = [
        code for code, department in objects.get(first.fiscal_year, ()) if not departments or department in departments
    ]
    keys = [(first.kind, key_of(first.kind, first.fiscal_year, first.month, code)) for code in covered]
    return Campaign(
        kind=first.kind,
        fiscal_year=first.fiscal_year,
        month=first.month,
        departments=departments,
        notice=first.notice,
        opened_at=first.opened_at,
        opened_by=first.opened_by,
        told=sum(key in told for key in keys),
    )


def _objects_by_year(connection: Connection, tenant_id: str) -> dict[int, list[tuple[str, str]]]:
    """Budget year -> code and department of its objects."""
    columns = (project.c.fiscal_year, project.c.project_code, project.c.department_code)
    found: dict[int, list[tuple[str, str]]] = {}
    for row in connection.execute(select(*columns).where(project.c.tenant_id == tenant_id)):
        found.setdefault(row.fiscal_year, []).append((row.project_code, row.department_code))
    return found
