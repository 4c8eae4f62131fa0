"""FEEL values as text, as the built-in `string()` gives them (DMN 1.3, 10.3.2.8 and table 73)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from engine.feel.budget import DEFAULT_BUDGET, Run
from engine.feel.conversion import leaf
from engine.feel.numbers import number_text
from engine.feel.temporal import date_text, date_time_text, is_date, is_date_time, time_text
from engine.feel.values import FunctionValue, Range, Time

_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")


def format_value(value: Any) -> str:
    """The text of a FEEL value, e.g. for a notice: text as it is, numbers plain, dates in ISO 8601, null as "null".

    >>> format_value([Decimal("1.50"), "a"])
    '[1.5, "a"]'

    Raises:
        FeelBudgetExceeded: the text would be too long.
    """
    return render(Run(DEFAULT_BUDGET, ""), value)


def render(run: Run, value: Any) -> str:
    """`format_value` within the budget of a run."""
    value = leaf(value)
    return value if isinstance(value, str) else "".join(_pieces(run, value))


def _pieces(run: Run, value: Any) -> list[str]:
    pieces: list[str] = []
    _write(run, value, pieces)
    run.charge_text(sum(map(len, pieces)))
    return pieces


def _write(run: Run, value: Any, pieces: list[str]) -> None:
    run.charge(6)
    value = leaf(value)
    if isinstance(value, list):
        pieces.append("[")
        for index, element in enumerate(cast("list[Any]", value)):
            if index:
                pieces.append(", ")
            _write(run, element, pieces)
        pieces.append("]")
    elif isinstance(value, Mapping):
        pieces.append("{")
        for index, (name, entry) in enumerate(cast("Mapping[str, Any]", value).items()):
            pieces.append(f"{', ' if index else ''}{name if _PLAIN_KEY.fullmatch(name) else _quoted(name)}: ")
            _write(run, entry, pieces)
        pieces.append("}")
    elif isinstance(value, Range):
        _write_range(run, value, pieces)
    else:
        text = _scalar(value)
        run.charge_text(len(text))
        pieces.append(text)


def _write_range(run: Run, value: Range, pieces: list[str]) -> None:
    operator = value.operator
    if not operator and value.start is None:
        operator = "<=" if value.end_included else "<"
    elif not operator and value.end is None:
        operator = ">=" if value.start_included else ">"
    if operator:
        pieces.append(f"({operator} ")
        _write(run, value.end if value.start is None else value.start, pieces)
        pieces.append(")")
        return
    pieces.append("[" if value.start_included else "(")
    _write(run, value.start, pieces)
    pieces.append("..")
    _write(run, value.end, pieces)
    pieces.append("]" if value.end_included else ")")


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return _quoted(value)
    if is_date(value):
        return date_text(value)
    if is_date_time(value):
        return date_time_text(value)
    if isinstance(value, Time):
        return time_text(value)
    if isinstance(value, FunctionValue):
        return f"function {value}"
    return str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return '"' + escaped.replace("\t", "\\t") + '"'
