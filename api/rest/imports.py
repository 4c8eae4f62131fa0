"""Bringing in what the processes work on. All rows of a request, or none; a row that is there already is replaced."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import RouteRule, open_to
from api.rest.models import Closed
from api.rest.wire import answer
from processes.budget_performance.ledger.evaluations import Result
from processes.budget_performance.ledger.payments import PaidSoFar
from processes.budget_performance.ledger.projects import Registration

imports = APIBlueprint("imports", __name__, url_prefix="/api/v1/imports", tag="Imports")

IMPORT = RouteRule(permission="import")
#: Rows of one request.
MOST_ROWS = 5000

Code = Annotated[str, Field(min_length=1, max_length=40)]
Year = Annotated[int, Field(ge=2000, le=2100)]
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
    month: Annotated[int, Field(ge=1, le=12)]
    cumulative: Money = Field(description="万元")


class ResultRow(Closed):
    """One result of a project's year before the engine ran."""

    project_code: Code
    fiscal_year: Year
    kind: Literal["self", "spot_check", "key", "final"]
    score: Annotated[Decimal, Field(ge=0, le=100, max_digits=12, decimal_places=6)]
    grade: Literal["优", "良", "中", "差"]
    source: Literal["", "self", "spot_check", "key"] = ""


class Objects(Closed):
    rows: Annotated[list[ObjectRow], Field(min_length=1, max_length=MOST_ROWS)]


class Payments(Closed):
    rows: Annotated[list[PaymentRow], Field(min_length=1, max_length=MOST_ROWS)]


class OpeningResults(Closed):
    rows: Annotated[list[ResultRow], Field(min_length=1, max_length=MOST_ROWS)]


class Imported(BaseModel):
    rows: int


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
