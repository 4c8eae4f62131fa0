"""npm feelin in one Node process, asked in batches; and its answers beside ours."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.feel import DaysTimeDuration, FeelFunction, Range, Time, WideDate, WideDateTime, YearsMonthsDuration
from engine.feel.rendering import format_value
from tests.machine import find_node
from web.user_task.live import sent

PEER = Path(__file__).with_name("peer.mjs")
#: Beyond this share two numbers are not the same: feelin keeps 15 to 16 digits, we 34.
SAME = Decimal("1e-12")

Question = Mapping[str, Any]


@dataclass(frozen=True)
class Failure:
    """feelin could not parse or evaluate it."""

    message: str


def answers(questions: Sequence[Question]) -> list[Any]:
    """What the other side says to each question, in their order; a Failure where it cannot tell."""
    lines = "".join(json.dumps(question, ensure_ascii=False) + "\n" for question in questions)
    done = subprocess.run(
        [find_node(), str(PEER)], input=lines, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(said) == len(questions)
    return [Failure(each["error"]) if "error" in each else each["answer"] for each in said]


def to_evaluate(source: str, context: Mapping[str, Any] | None = None) -> Question:
    """A question to feelin itself."""
    return {"ask": "evaluate", "source": source, "context": named(context or {})}


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name, as the page sends them to the browser."""
    return {name: sent(value) for name, value in values.items()}


def told(value: Any) -> Any:
    """Our value in the words of the other side."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return {"number": format_value(value)}
    if isinstance(value, list):
        return [told(each) for each in value]
    if isinstance(value, dict):
        return {"context": {name: told(each) for name, each in value.items()}}
    if isinstance(value, Range):
        return {"range": [told(value.start), told(value.end), value.start_included, value.end_included]}
    if isinstance(value, FeelFunction):
        return {"function": True}
    return {_kind(value): format_value(value)}


def _kind(value: Any) -> str:
    if isinstance(value, datetime | WideDateTime):
        return "date and time"
    if isinstance(value, date | WideDate):
        return "date"
    if isinstance(value, Time):
        return "time"
    assert isinstance(value, DaysTimeDuration | YearsMonthsDuration), value
    return "duration"


def agree(ours: Any, theirs: Any) -> bool:
    """Whether two told values are the same; numbers within what binary fractions can hold."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if ours.keys() == theirs.keys() == {"number"}:
            return _same_number(Decimal(ours["number"]), theirs["number"])
        return ours.keys() == theirs.keys() and all(agree(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(agree, ours, theirs))
    return type(ours) is type(theirs) and ours == theirs


def _same_number(ours: Decimal, theirs: str) -> bool:
    if theirs in ("NaN", "Infinity", "-Infinity"):
        return False
    other = Decimal(theirs)
    return abs(ours - other) <= SAME * max(abs(ours), abs(other))
