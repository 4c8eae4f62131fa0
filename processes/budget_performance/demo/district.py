"""The model district as data: units, people, projects, payments, results of the year before. All of it is invented."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from processes.budget_performance.ledger.evaluations import Result
from processes.budget_performance.ledger.payments import PaidSoFar
from processes.budget_performance.ledger.projects import Registration

FILE = Path(__file__).with_name("district.json")
#: Kinds of units that belong to a department and are no department themselves.
BELOW = frozenset({"unit", "soe"})


@cache
def content() -> Mapping[str, Any]:
    """The file; numbers are Decimal."""
    return json.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)


def organisation() -> Mapping[str, Any]:
    """Units, users and divisions as the organisation import takes them."""
    return {name: content()[name] for name in ("units", "users", "divisions")}


def title_of(username: str) -> str:
    """What people call somebody who has an account: the title of the post."""
    return next(user["title"] for user in content()["users"] if user["username"] == username)


def registrations(fiscal_year: int, codes: Sequence[str] | None = None) -> list[Registration]:
    """The projects of a budget year; `codes` picks some of them."""
    return [
        Registration(
            project_code=each["code"],
            fiscal_year=fiscal_year,
            project_name=each["name"],
            unit_code=each["unit"],
            department_code=_department_of(each["unit"]),
            owner=each["owner"],
            kind=each["kind"],
            form=each["form"],
            budget_type=each["budget_type"],
            is_new=each["is_new"] and fiscal_year == int(each["start"]),
            livelihood=each["livelihood"],
            start_year=int(each["start"]),
            end_year=int(each["end"]),
            annual_amount=each["budget"],
            total_amount=each["budget"] * (each["end"] - each["start"] + 1),
        )
        for each in content()["projects"]
        if codes is None or each["code"] in codes
    ]


def first_year() -> int:
    """The budget year that the play is about, and the first one that the engine looks after."""
    return int(content()["fiscal_year"])


def continuing(fiscal_year: int) -> list[str]:
    """Codes of the projects that began before a budget year and go on in it."""
    return [each["code"] for each in content()["projects"] if each["start"] < fiscal_year <= each["end"]]


def payments(month: int) -> list[PaidSoFar]:
    """What the treasury reports for the end of a month of 2026."""
    return [
        PaidSoFar(
            project_code=each["code"],
            fiscal_year=int(content()["fiscal_year"]),
            month=month,
            cumulative=each["cumulative"][month - 1],
        )
        for each in content()["projects"]
    ]


def opening_results() -> list[Result]:
    """Results of the year before: self-evaluation, re-check, key evaluation, and the one that counts."""
    year = int(content()["fiscal_year"]) - 1
    found: list[Result] = []
    for row in content()["opening_results"]:
        for kind, name in (("self", "self"), ("spot_check", "recheck"), ("key", "key")):
            if name in row:
                score = Decimal(row[name])
                found.append(
                    Result(project_code=row["project"], fiscal_year=year, kind=kind, score=score, grade=_grade(score))
                )
        found.append(
            Result(
                project_code=row["project"],
                fiscal_year=year,
                kind="final",
                score=Decimal(row["final"]),
                grade=row["grade"],
                source=row["source"],
            )
        )
    return found


def _grade(score: Decimal) -> str:
    """R03, for the parts of a result that carry no grade of their own."""
    return "优" if score >= 90 else "良" if score >= 80 else "中" if score >= 60 else "差"


def _department_of(unit_code: str) -> str:
    units = {each["code"]: each for each in content()["units"]}
    unit = units[unit_code]
    return unit["parent"] if unit["kind"] in BELOW else unit_code
