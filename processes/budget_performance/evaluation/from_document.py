"""A self-evaluation from a JSON document: `schemas/self_evaluation.schema.json`, the shape of form F-05."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine.model.errors import Fault, Invalid
from forms.json_documents import read_document
from processes.budget_performance.evaluation.filled_form import FilledForm, HandSet, Indicator, MoneyRow, Source
from processes.budget_performance.evaluation.level_words import is_inapplicable
from processes.budget_performance.evaluation.printed_numbers import plain, printed_number

SCHEMA = Path(__file__).parents[1] / "schemas" / "self_evaluation.schema.json"

_SOURCES = {
    Source.TOTAL: "年度资金总额",
    Source.FISCAL: "财政拨款",
    Source.SUPERIOR: "上级补助",
    Source.CARRY_OVER: "上年结转资金",
    Source.SPECIAL_ACCOUNT: "财政专户管理资金",
    Source.OWN: "单位资金",
    Source.OTHER: "其他资金",
}
#: Points a weight may have; forms count to 100, some to 1000.
HEAVIEST = 1000
_BLANKS = ("", "/", "-", "--", "无")


class UnsoundSelfEvaluation(Invalid):
    """Numbers of a self-evaluation that are none, or cannot be meant. Holds every fault."""

    code = "unsound-self-evaluation"


@cache
def schema() -> Mapping[str, Any]:
    """The schema of the documents, with JSON's own numbers."""
    return json.loads(SCHEMA.read_text("utf-8"))


def from_json(content: bytes) -> FilledForm:
    """The self-evaluation in a JSON file.

    Raises:
        UnsoundDocument: no JSON, or not what the schema describes; holds every fault.
        UnsoundSelfEvaluation: texts where numbers are expected; holds every fault.
    """
    return from_document(read_document(content, schema()))


def from_document(document: Mapping[str, Any]) -> FilledForm:
    """The self-evaluation in a document whose numbers are Decimal, e.g. a filed form F-05.

    Raises:
        UnsoundSelfEvaluation: texts where numbers are expected; holds every fault.
    """
    reader = _Reader()
    form = reader.form(document)
    if reader.faults:
        raise UnsoundSelfEvaluation(
            f"Expected numbers in a self-evaluation, but found {len(reader.faults)} faults. "
            f"The first: {reader.faults[0]['message']}",
            reader.faults,
            count=len(reader.faults),
        )
    return form


def number_in_cell(text: str) -> Decimal | None:
    """A number as forms print it: "１，２３４．５０", "10分", "92%", "2.5万"; blank for a dash. None where it is none.

    Raises:
        ValueError: the text is neither a number nor blank.
    """
    shown = plain(text).replace(" ", "")
    if shown in _BLANKS:
        return None
    for sign in ("%", "分", "万元"):
        shown = shown.removesuffix(sign)
    number = printed_number(shown)
    if number is None:
        raise ValueError(f"Expected a number, but found {text!r}.")
    return number


def says_nothing(text: str) -> bool:
    """Whether a cause is none: blank, a dash, 无."""
    return plain(text) in (*_BLANKS, "0")


def unlikely_weight(weight: Decimal | None) -> bool:
    return weight is not None and not 0 <= weight <= HEAVIEST


class _Reader:
    """Reads one document and collects what is no number."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def form(self, document: Mapping[str, Any]) -> FilledForm:
        year = document.get("fiscal_year")
        rows: Sequence[Mapping[str, Any]] = document.get("budget_rows") or ()
        indicators: Sequence[Mapping[str, Any]] = document.get("indicators") or ()
        points: Mapping[str, Any] = document.get("group_points") or {}
        return FilledForm(
            project_name=_text(document, "project_name"),
            department=_text(document, "department"),
            unit=_text(document, "unit"),
            fiscal_year=int(year) if year is not None else None,
            goal_year=_text(document, "goal_year"),
            goal_done=_text(document, "goal_done"),
            money=(*self._total(document), *(self._part(row, number) for number, row in enumerate(rows))),
            indicators=tuple(self._indicator(row, number) for number, row in enumerate(indicators)),
            group_points={
                group: number
                for group in points
                if (number := self._weight(points, group, f"group_points/{group}")) is not None
            },
            total=self._number(document, "total"),
            grade=_text(document, "grade"),
            bonus_allowed=bool(document.get("bonus_allowed")),
            places={name: name for name in ("total", "goal_year", "goal_done", "project_name")},
        )

    def _total(self, document: Mapping[str, Any]) -> tuple[MoneyRow, ...]:
        keys = {
            "initial": "budget_initial", "adjusted": "budget_adj", "spent": "spent", "rate": "exec_rate",
            "weight": "exec_weight", "score": "exec_score",
        }  # fmt: skip
        if not any(key in document for key in keys.values()):
            return ()
        return (
            MoneyRow(
                source=Source.TOTAL,
                title=_SOURCES[Source.TOTAL],
                row=0,
                reason=_text(document, "exec_reason") if "exec_reason" in document else None,
                places={**keys, "reason": "exec_reason"},
                initial=self._number(document, "budget_initial"),
                adjusted=self._number(document, "budget_adj"),
                spent=self._number(document, "spent"),
                rate=self._number(document, "exec_rate"),
                weight=self._weight(document, "exec_weight"),
                score=self._number(document, "exec_score"),
            ),
        )

    def _part(self, row: Mapping[str, Any], number: int) -> MoneyRow:
        source = Source(row["source"])
        keys = {"initial": "initial", "adjusted": "adjusted", "spent": "paid", "rate": "rate"}
        places = {name: f"budget_rows/{number}/{key}" for name, key in keys.items()}
        return MoneyRow(
            source=source,
            title=_SOURCES[source],
            row=number + 1,
            initial=self._number(row, "initial", places["initial"]),
            adjusted=self._number(row, "adjusted", places["adjusted"]),
            spent=self._number(row, "paid", places["spent"]),
            rate=self._number(row, "rate", places["rate"]),
            places=places,
        )

    def _indicator(self, row: Mapping[str, Any], number: int) -> Indicator:
        where = f"indicators/{number}"
        names = ("l3", "nature", "target", "actual", "weight", "score", "cause", "ratio", "hand_set")
        hand = row.get("hand_set")
        points = self._number(hand, "points", f"{where}/hand_set/points") if hand else None
        return Indicator(
            number=number + 1,
            row=number + 1,
            l1=_text(row, "l1"),
            l2=_text(row, "l2"),
            l3=_text(row, "l3"),
            nature=_text(row, "nature"),
            target=_printed(row.get("target")) or _text(row, "target_text"),
            unit=_text(row, "unit_name"),
            actual=_printed(row.get("actual")),
            weight=self._weight(row, "weight", f"{where}/weight"),
            score=self._number(row, "score", f"{where}/score"),
            cause="；".join(each for each in (_text(row, "cause"), _text(row, "measure")) if not says_nothing(each)),
            rating=row.get("rating"),
            ratio=self._number(row, "ratio", f"{where}/ratio"),
            hand_set=HandSet(points=points, reason=_text(hand, "reason")) if hand and points is not None else None,
            applies=bool(row.get("applies", True)) and not is_inapplicable(_printed(row.get("actual"))),
            target_too_low=bool(row.get("target_too_low")),
            places={name: f"{where}/{name}" for name in names},
        )

    def _weight(self, owner: Mapping[str, Any], key: str, place: str = "") -> Decimal | None:
        weight = self._number(owner, key, place)
        if not unlikely_weight(weight):
            return weight
        where = place or key
        self.faults.append(
            Fault(
                "weight-out-of-range",
                f"Expected a weight from 0 to {HEAVIEST}, but found {weight}.",
                where,
                message_zh=f"分值应在 0 至 {HEAVIEST} 之间，当前为 {weight}。",
            )
        )
        return None

    def _number(self, owner: Mapping[str, Any], key: str, place: str = "") -> Decimal | None:
        value = owner.get(key)
        if value is None or isinstance(value, Decimal):
            return value
        try:
            return number_in_cell(str(value))
        except ValueError:
            where = place or key
            self.faults.append(
                Fault(
                    "not-a-number",
                    f"Expected a number, but found {str(value)[:60]!r}.",
                    where,
                    message_zh=f"应为数字，当前为“{str(value)[:60]}”。",
                )
            )
            return None


def _text(owner: Mapping[str, Any], key: str) -> str:
    return str(owner.get(key) or "").strip()


def _printed(value: Any) -> str:
    """A target or result as text, a number with the digits it came with."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value).strip()
