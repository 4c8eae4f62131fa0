"""Bringing in what the processes work on. All rows of a request, or none; a row that is there already is replaced."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import RouteRule, open_to
from api.rest.models import Closed, Whole
from api.rest.wire import answer
from processes.budget_performance.ledger.evaluations import Result
from processes.budget_performance.ledger.findings import Finding
from processes.budget_performance.ledger.payments import PaidSoFar
from processes.budget_performance.ledger.projects import Registration

imports = APIBlueprint("imports", __name__, url_prefix="/api/v1/imports", tag="Imports")

IMPORT = RouteRule(permission="import")
FINDINGS = RouteRule(permission="findings")
#: Rows of one request.
MOST_ROWS = 5000
#: Findings of one request: each begins a process.
MOST_FINDINGS = 200

Code = Annotated[str, Field(min_length=1, max_length=40)]
Year = Annotated[Whole, Field(ge=2000, le=2100)]
#: 万元, up to six decimals of it: one yuan is 0.0001.
Money = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=6)]


class ObjectRow(Closed):
    """A project or policy of one budget year."""

    project_code: Code
    fiscal_year: Year
    project_name: Annotated[str, Field(min_length=1, max_length=200)]
    unit_code: Code
    department_code: Code
    owner: Annotated[str, Field(min_length=1, max_length=100)] = Field(description="Login key.")
    kind: Literal["project", "policy"]
    form: Code
    budget_type: Code
    budget_line: Literal["project", "basic"] = "project"
    is_new: bool
    emergency: bool = False
    superior_funded_100: bool = False
    livelihood: bool = False
    start_year: Year
    end_year: Year
    annual_amount: Money = Field(description="万元")
    total_amount: Money = Field(description="万元")
    scope_increase_pct: Annotated[Decimal, Field(ge=-100, le=10000, max_digits=12, decimal_places=6)] = Decimal(0)


class PaymentRow(Closed):
    """Paid on one project from 1 January to the end of a month."""

    project_code: Code
    fiscal_year: Year
    month: Annotated[Whole, Field(ge=1, le=12)]
    cumulative: Money = Field(description="万元")


class ResultRow(Closed):
    """One result of a project's year before the engine ran."""

    project_code: Code
    fiscal_year: Year
    kind: Literal["self", "spot_check", "key", "final"]
    score: Annotated[Decimal, Field(ge=0, le=100, max_digits=12, decimal_places=6)]
    grade: Literal["优", "良", "中", "差"]
    source: Literal["", "self", "spot_check", "key"] = ""


class IssueRow(Closed):
    """One issue of a finding, as the notice F-10a lists it."""

    category: Literal["goal", "money", "management", "output", "effect", "truth", "violation"]
    fact: Annotated[str, Field(min_length=10, max_length=2000)]
    requirement: Annotated[str, Field(min_length=10, max_length=2000)]
    severity: Literal["light", "grave", "serious"]
    basis: Annotated[str, Field(max_length=500)] = ""
    amount: Money | None = Field(default=None, description="万元")


class FindingRow(Closed):
    """What audit, a re-check, a key evaluation, the congress, citizens or an order found on one object."""

    project_code: Code
    fiscal_year: Year = Field(description="Year of the result it rests on.")
    source: Literal["spot_check", "key", "department_overall", "audit", "npc", "complaint", "order"]
    issues: Annotated[list[IssueRow], Field(min_length=1, max_length=50)]


class Objects(Closed):
    rows: Annotated[list[ObjectRow], Field(min_length=1, max_length=MOST_ROWS)]


class Payments(Closed):
    rows: Annotated[list[PaymentRow], Field(min_length=1, max_length=MOST_ROWS)]


class OpeningResults(Closed):
    rows: Annotated[list[ResultRow], Field(min_length=1, max_length=MOST_ROWS)]


class Findings(Closed):
    rows: Annotated[list[FindingRow], Field(min_length=1, max_length=MOST_FINDINGS)]
    begin: bool = Field(
        default=True,
        description="Begin the rectifications now; false only numbers them, until somebody sends `rect.open`.",
    )


class Imported(BaseModel):
    rows: int


class TakenOver(BaseModel):
    rows: int
    #: One number a row, in their order.
    rect_nos: list[str]


@imports.post("/objects")
@imports.input(Objects)
@imports.output(Imported)
@open_to(IMPORT)
def import_objects(json_data: Objects) -> Response:
    """Register projects and policies"""
    house().imports.objects(actor(), [Registration(**row.model_dump()) for row in json_data.rows])
    return answer({"rows": len(json_data.rows)})


@imports.post("/payments")
@imports.input(Payments)
@imports.output(Imported)
@open_to(IMPORT)
def import_payments(json_data: Payments) -> Response:
    """Take over a report of the treasury: cumulative payments by month"""
    house().imports.payments(actor(), [PaidSoFar(**row.model_dump()) for row in json_data.rows])
    return answer({"rows": len(json_data.rows)})


@imports.post("/opening-results")
@imports.input(OpeningResults)
@imports.output(Imported)
@open_to(IMPORT)
def import_opening_results(json_data: OpeningResults) -> Response:
    """Take over results of earlier years, marked as opening records 期初"""
    house().imports.opening_results(actor(), [Result(**row.model_dump()) for row in json_data.rows])
    return answer({"rows": len(json_data.rows)})


@imports.post("/findings")
@imports.input(Findings)
@imports.output(TakenOver)
@open_to(FINDINGS)
def import_findings(json_data: Findings) -> Response:
    """Raise findings that have to be rectified

    Each gets a number RECT-year-nnn, under which a rectification begins with its source. What is open already keeps its
    number and does not begin again, so the same request may come twice. Audit raises its own findings, the performance
    section those of all other sources.
    """
    found = [
        Finding(
            project_code=row.project_code,
            fiscal_year=row.fiscal_year,
            source=row.source,
            issues=[issue.model_dump() for issue in row.issues],
        )
        for row in json_data.rows
    ]
    taken = house().imports.findings(actor(), found)
    for opening in house().imports.openings(actor(), taken) if json_data.begin else ():
        house().dispatcher.dispatch(opening)
    return answer({"rows": len(taken), "rect_nos": [each.rect_no for each in taken]})
