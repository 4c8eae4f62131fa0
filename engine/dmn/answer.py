"""What a decision answers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from engine.feel import type_name
from engine.model.errors import ExecutionFailed

#: Names of the annotation column that holds the legal basis of a rule.
BASIS_COLUMNS = ("依据", "basis", "Basis")


class DecisionFailed(ExecutionFailed):
    """A decision could not answer. Facts: `decision` (id), `reason` (stable code) and what belongs to it."""

    code = "decision-failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedRule:
    """A rule that was met."""

    #: Id of the decision whose table it stands in.
    decision: str
    #: Row, counted from 1.
    number: int
    id: str
    #: What the rule says in plain words.
    annotation: str
    #: All annotation columns.
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])
    #: Output column → FEEL value.
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def basis(self) -> str:
        """Legal basis: the annotation column named 依据 or basis; "" if there is none."""
        return next((self.annotations[column] for column in BASIS_COLUMNS if column in self.annotations), "")

    def as_plain(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "number": self.number,
            "id": self.id,
            "annotation": self.annotation,
            "basis": self.basis,
            "annotations": dict(self.annotations),
            "outputs": summary(dict(self.outputs)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The value of a decision with its reasons."""

    #: FEEL value.
    value: Any
    #: In the order in which the decisions were evaluated, then in table order.
    matched_rules: tuple[MatchedRule, ...]
    #: JSON-ready: {"decision", "name", "value", "decisions": [{"id", "name", "inputs", "matched", "values", "value"}],
    #: "problems": […]}. `values` are the entries of contexts the logic read, such as thresholds.
    explanation: Mapping[str, Any]

    @property
    def values_read(self) -> dict[str, Any]:
        """Entries of input contexts that the logic reads, e.g. {"rule.R03.good": "80"}; JSON-ready."""
        return {path: value for step in self.explanation["decisions"] for path, value in step["values"].items()}


def shown(value: Any) -> str:
    """A value in a message: its type, and short simple values as they are."""
    if value is None:
        return "null"
    kind, text = type_name(value), plain(value)
    return f"{kind} {str(text)!r}" if isinstance(text, str | bool) and len(str(text)) <= 40 else f"a {kind}"


#: Elements of a list or context, and characters of a text, that an explanation shows.
SHOWN_ELEMENTS = 50
SHOWN_CHARACTERS = 500


def summary(value: Any) -> Any:
    """As `plain`, but long lists, contexts and texts are cut: an explanation is stored with every decision."""
    if isinstance(value, str):
        return value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]}…"
    if isinstance(value, list):
        items = cast("list[Any]", value)
        more = [f"… {len(items) - SHOWN_ELEMENTS} more"] if len(items) > SHOWN_ELEMENTS else []
        return [summary(item) for item in items[:SHOWN_ELEMENTS]] + more
    if isinstance(value, dict):
        entries = list(cast("dict[str, Any]", value).items())
        more = {"…": f"{len(entries) - SHOWN_ELEMENTS} more"} if len(entries) > SHOWN_ELEMENTS else {}
        return {name: summary(item) for name, item in entries[:SHOWN_ELEMENTS]} | more
    return plain(value)


def plain(value: Any) -> Any:
    """A FEEL value as JSON: numbers, dates and durations as text, so that no digit is lost; functions by their name."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return [plain(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
