"""A finding of the consistency check: its code, how grave it is, the row it is about, and what it says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from processes.budget_performance.evaluation.filled_form import FilledForm
from processes.budget_performance.evaluation.scorecard import Scorecard
from processes.budget_performance.scoring import ScoringRules

TEXTS = Path(__file__).with_name("findings.toml")


class Severity(StrEnum):
    #: The form cannot be signed.
    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that does not fit together."""

    #: Stable, e.g. "WEIGHTS_NOT_100".
    code: str
    severity: Severity
    #: Row of the sheet, or number of the entry; None where the form as a whole is meant.
    row: int | None
    #: Where the values stand: "E14", or "indicators/3/actual".
    places: tuple[str, ...]
    zh: str
    en: str
    #: What the finding rests on; PROP = a proposed default.
    basis: str
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, kw_only=True)
class ConsistencyRules:
    """The thresholds of R06c in force, in percent."""

    #: Execution below this is suspicious when all quantities are done.
    hardly_spent: Decimal
    #: An adjusted budget below this share of the initial one hides a cut.
    budget_cut: Decimal
    #: A ceiling above this share of the budget cannot bind.
    ceiling: Decimal
    #: Characters of the reason for a score set by hand (R06b).
    hand_reason: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the checks look at."""

    form: FilledForm
    card: Scorecard
    scoring: ScoringRules
    rules: ConsistencyRules
    #: Shares of the qualitative bands in force (R06.4).
    bands: Mapping[str, Decimal]


def consistency_rules(rule: Mapping[str, Any]) -> ConsistencyRules:
    """The rules from the thresholds in force, as `thresholds.rule_context` gives them."""
    r06c = rule["R06c"]
    return ConsistencyRules(
        hardly_spent=r06c["hardly_spent"],
        budget_cut=r06c["budget_cut"],
        ceiling=r06c["ceiling"],
        hand_reason=int(rule["R06b"]["hand_reason"]),
    )


def finding(code: str, row: int | None, places: tuple[str, ...] = (), **facts: Any) -> Finding:
    """A finding with its texts filled in; numbers are shown without trailing zeros."""
    text = _texts()[code]
    shown = {name: _shown(value) for name, value in facts.items()}
    return Finding(
        code=code,
        severity=Severity(text["severity"]),
        row=row,
        places=tuple(place for place in places if place),
        zh=text["zh"].format_map(shown),
        en=text["en"].format_map(shown),
        basis=text["basis"],
        facts=facts,
    )


def codes() -> tuple[str, ...]:
    """Every code there is, in the order findings are listed."""
    return tuple(_texts())


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    with TEXTS.open("rb") as file:
        return tomllib.load(file)


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "—" if value is None else str(value)
