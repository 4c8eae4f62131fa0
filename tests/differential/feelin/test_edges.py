"""Sums that are off by exactly what is tolerated: the browser tells them from those that are off by a little more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from engine.model.clock import FixedClock
from forms.appearance import appearance
from forms.checker import FormLibrary
from forms.schema import read_forms
from tests.differential.feelin.peer import answers, named
from web.user_task.live import live_description

D = Decimal
NOW = datetime(2026, 9, 15, 2, tzinfo=UTC)
FORMS = {form.key: form for form in read_forms()}
LIBRARY = FormLibrary(FORMS.values(), FixedClock(NOW))
#: Totals in 万元 from small to large, and by how much the parts are off: money has four decimals.
TOTALS = ("0.07", "8.03", "4096.1", "123456.7899", "99999999.9")
OFF = ("0", "0.0001", "0.0099", "0.01", "0.0101", "0.0149", "0.015", "0.0151", "1")
EDGES = [(D(total), sign * D(off)) for total, off, sign in product(TOTALS, OFF, (1, -1))]


def rows(total: Decimal, off: Decimal, name: str = "amount", **cells: Any) -> list[dict[str, Any]]:
    """Two rows that are off the total."""
    first = (total / 3).quantize(D("0.0001"))
    return [{name: first, **cells}, {name: total + off - first, **cells}]


def amount_parts(total: Decimal, off: Decimal) -> dict[str, Any]:
    first, second = (row["amount"] for row in rows(total, off))
    rest = dict.fromkeys(("amt_special_account", "amt_own", "amt_other"), D(0))
    return {"amount_total": total, "amt_fiscal": first, "amt_superior": second, **rest}


def calculation(total: Decimal, off: Decimal) -> dict[str, Any]:
    calc_rows = [{"qty": D(1), "price": row["amount"]} for row in rows(total, off)]
    return {"amount_year": total, "calc_rows": calc_rows}


def cash_plan(total: Decimal, off: Decimal) -> dict[str, Any]:
    amounts = [row["amount"] for row in rows(total, off)] + [D(0)] * 10
    return {"amount_year": total, "cash_plan": [{"month": D(m), "amount": each} for m, each in enumerate(amounts, 1)]}


def sources(total: Decimal, off: Decimal) -> dict[str, Any]:
    return {"spent": total, "budget_rows": rows(total, off, "paid", source="own", initial=D(1), adjusted=D(1))}


#: Form and check -> what is filled in (of which the form may give some), and whether it speaks over 0.01 or from there.
SUMS: Mapping[tuple[str, str], tuple[Any, str]] = {
    ("F-01", "AMOUNT_PARTS"): (amount_parts, "over"),
    ("F-01", "CALC_SUM_MISMATCH"): (calculation, "over"),
    ("F-01", "CASH_PLAN_SUM"): (cash_plan, "over"),
    ("F-03-A", "BY_YEAR_SUM"): (lambda total, off: {"total": total, "by_year": rows(total, off)}, "over"),
    ("F-03-A", "FINANCING_SUM"): (lambda total, off: {"total": total, "financing": rows(total, off)}, "over"),
    ("F-05", "BUDGET_PARTS"): (sources, "from"),
}


@pytest.mark.parametrize("key", SUMS, ids="-".join)
def test_page_and_server_tell_alike_what_is_off_by_the_tolerance(key: tuple[str, str]) -> None:
    form_key, code = key
    filled, begins = SUMS[key]
    form = FORMS[form_key]
    questions: list[Mapping[str, Any]] = []
    for total, off in EDGES:
        submission = filled(total, off)
        shown = appearance(LIBRARY, form_key, submission, submission, NOW.astimezone(SHANGHAI)).values
        description = live_description(form, shown, submission, "zh")
        questions.append({"ask": "form", "form": description, "document": named(submission)})

    page = [code in {each["code"] for each in answer["checks"] if each["message"]} for answer in answers(questions)]
    server = [
        code in {fault["code"] for fault in LIBRARY.review(form_key, each, each).faults}
        for each in (filled(total, off) for total, off in EDGES)
    ]

    expected = [abs(off) > D("0.01") if begins == "over" else abs(off) >= D("0.01") for _, off in EDGES]
    assert [edge for edge, one, other in zip(EDGES, page, expected, strict=True) if one != other] == []
    assert server == expected
