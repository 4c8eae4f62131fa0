"""The thresholds of the rules: rows read from `thresholds.toml`, and the context `rule` the decision tables see."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from engine.dmn import nested_context

DEFAULTS = Path(__file__).with_name("thresholds.toml")


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One configured number of a rule, with what it rests on."""

    #: "rule.R00.annual_amount"
    key: str
    #: Decimal, bool, text, a list of Decimals or a context of Decimals.
    value: Any
    unit: str
    #: Key of SOURCES or clause of the seed document; "PROP" = a proposed default.
    basis: str
    #: First day it holds (Asia/Shanghai).
    valid_from: date
    #: Last day it holds; None = until replaced.
    valid_to: date | None = None
    note: str = ""


def read_thresholds(path: Path = DEFAULTS) -> tuple[Threshold, ...]:
    """All thresholds of a file, in its order.

    Raises:
        ValueError: a row lacks value, basis or valid_from.
    """
    with path.open("rb") as file:
        tables = tomllib.load(file, parse_float=Decimal)["rule"]
    return tuple(_threshold(f"rule.{rule}.{name}", row) for rule, rows in tables.items() for name, row in rows.items())


def in_force(thresholds: Iterable[Threshold], on: date) -> dict[str, Threshold]:
    """The rows that hold on a day, by key. Where several rows of a key hold, the one that began last counts."""
    found: dict[str, Threshold] = {}
    for threshold in thresholds:
        holds = threshold.valid_from <= on and (threshold.valid_to is None or on <= threshold.valid_to)
        other = found.get(threshold.key)
        if holds and (other is None or other.valid_from <= threshold.valid_from):
            found[threshold.key] = threshold
    return found


def rule_context(thresholds: Iterable[Threshold], on: date) -> dict[str, Any]:
    """The context `rule` as decision tables and scoring read it: rule.<id>.<name> → the value that holds on a day."""
    values = {key: threshold.value for key, threshold in in_force(thresholds, on).items()}
    return nested_context(values).get("rule", {})


def _threshold(key: str, row: Mapping[str, Any]) -> Threshold:
    missing = {"value", "basis", "valid_from"} - set(row)
    if missing:
        raise ValueError(f"Expected threshold {key!r} to give {', '.join(sorted(missing))}.")
    return Threshold(
        key=key,
        value=_feel_value(row["value"]),
        unit=row.get("unit", ""),
        basis=row["basis"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        note=row.get("note", ""),
    )


def _feel_value(value: Any) -> Any:
    """TOML's integers as Decimal, through lists and tables."""
    if isinstance(value, list):
        return [_feel_value(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _feel_value(item) for name, item in cast("dict[str, Any]", value).items()}
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
