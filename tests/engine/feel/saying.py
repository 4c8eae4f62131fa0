"""Asking FEEL in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.bootstrap.regex import Re2Port
from engine.feel import FeelFunction, compile_expression, compile_unary_tests, format_value, regex_functions

REGEX: Mapping[str, FeelFunction] = regex_functions(Re2Port())


def said(source: str, context: Mapping[str, Any] | None = None, *, now: datetime | None = None, **options: Any) -> str:
    """The value of an expression as text; null is "null"."""
    options.setdefault("functions", REGEX)
    return format_value(compile_expression(source, **options).evaluate(context or {}, now))


def reasons(source: str, context: Mapping[str, Any] | None = None) -> list[str]:
    """Why an expression has nulls."""
    return [str(warning) for warning in compile_expression(source).evaluate_explained(context or {}).warnings]


def passes(cell: str, value: Any, context: Mapping[str, Any] | None = None) -> bool | None:
    """Whether a value passes the tests of a cell."""
    return compile_unary_tests(cell).matches(value, context or {})
