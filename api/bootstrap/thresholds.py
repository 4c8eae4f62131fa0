"""The thresholds as the packages bring them, for decisions that belong to no installation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from engine.dmn import nested_context
from processes.budget_performance.thresholds import Threshold, in_force, read_thresholds


def shipped_thresholds(on: date) -> Mapping[str, Any]:
    """The contexts that decisions read, as the rows that hold on a day say: {"rule": {"R03": {"good": 80, …}, …}}."""
    return nested_context({key: row.value for key, row in _rows(on).items()})


def shipped_settings(keys: Iterable[str], on: date) -> dict[str, dict[str, Any]]:
    """The rows of some keys that hold on a day: key → value, unit, basis, valid_from, valid_to."""
    rows = _rows(on)
    return {
        key: {
            "value": rows[key].value,
            "unit": rows[key].unit,
            "basis": rows[key].basis,
            "valid_from": rows[key].valid_from,
            "valid_to": rows[key].valid_to,
        }
        for key in keys
        if key in rows
    }


def _rows(on: date) -> Mapping[str, Threshold]:
    return in_force(read_thresholds(), on)
