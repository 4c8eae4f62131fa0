"""What the budget package adds to FEEL."""

from __future__ import annotations

import pytest

from engine.feel import compile_expression, format_value
from processes.catalog import packages
from processes.functions import FUNCTIONS_OF_PACKAGES


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('quarter(@"2026-01-01")', "1"),
        ('quarter(@"2026-03-31")', "1"),
        ('quarter(@"2026-04-01")', "2"),
        ('quarter(@"2026-12-31")', "4"),
        ('quarter(@"2026-03-31T16:00:00Z")', "2"),
        ('quarter start(@"2026-05-20")', "2026-04-01"),
        ('quarter end(@"2026-02-01")', "2026-03-31"),
        ('quarter end(@"2026-05-20")', "2026-06-30"),
        ('quarter end(@"2026-11-24")', "2026-12-31"),
        ('fiscal year(@"2026-12-31")', "2026"),
        ('fiscal year(@"2026-12-31T16:00:00Z")', "2027"),
        ('quarter("2026-05-20")', "null"),
    ],
)
def test_quarters_and_fiscal_years(source: str, value: str):
    functions = FUNCTIONS_OF_PACKAGES["budget_performance"]

    assert format_value(compile_expression(source, functions=functions).evaluate({})) == value


def test_functions_come_from_packages_that_exist():
    assert set(FUNCTIONS_OF_PACKAGES) <= {package.key for package in packages()}
