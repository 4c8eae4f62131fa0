"""A self-evaluation as an office filled it in: what stands in it, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Source(StrEnum):
    """Rows of the money table."""

    TOTAL = "total"
    #: 财政资金, 当年财政拨款.
    FISCAL = "fiscal"
    #: 上级补助.
    SUPERIOR = "superior"
    #: 上年结转资金.
    CARRY_OVER = "carry_over"
    #: 财政专户管理资金.
    SPECIAL_ACCOUNT = "special_account"
    #: 单位资金, 自筹.
    OWN = "own"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class MoneyRow:
    """One row of the money table; amounts in 万元, None where nothing stands."""

    source: Source
    #: As printed, e.g. "其中：当年财政拨款".
    title: str
    #: Row of the sheet, or number of the entry; what findings name.
    row: int
    initial: Decimal | None = None
    adjusted: Decimal | None = None
    spent: Decimal | None = None
    #: Percent as printed: 92 or 92.00.
    rate: Decimal | None = None
    weight: Decimal | None = None
    score: Decimal | None = None
    #: Why little was spent, or why the budget changed; None where the form does not ask.
    reason: str | None = None
    #: Name of a value -> where it stands: "E7", or "budget_rows/0/paid".
    places: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_filled(self) -> bool:
        return any((self.initial, self.adjusted, self.spent))


@dataclass(frozen=True, kw_only=True)
class HandSet:
    """A score that a reviewer set, standing beside the computed one (R06b)."""

    points: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One third-level indicator; texts as printed, "" where nothing stands."""

    #: Counted from 1 in the order of the form.
    number: int
    #: Row of the sheet, or `number`; what findings name.
    row: int
    l1: str
    l2: str
    l3: str
    #: The form's own column of comparators (≥, ≤, =, 定性), if it has one.
    nature: str = ""
    target: str = ""
    unit: str = ""
    actual: str = ""
    weight: Decimal | None = None
    score: Decimal | None = None
    #: Cause of a deviation and measures against it.
    cause: str = ""
    #: Qualitative: "met" | "partly" | "not", and the percent of the weight inside that band.
    rating: str | None = None
    ratio: Decimal | None = None
    hand_set: HandSet | None = None
    #: False: left out, and the rest is scaled up to 100 (R06b).
    applies: bool = True
    #: The reviewer holds that the target was set too low (R06.3).
    target_too_low: bool = False
    places: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class FilledForm:
    """A whole self-evaluation."""

    project_name: str = ""
    department: str = ""
    unit: str = ""
    fiscal_year: int | None = None
    goal_year: str = ""
    goal_done: str = ""
    money: tuple[MoneyRow, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    #: Points of a first-level group 产出, or a second-level one 产出/数量, for rows that have none of their own:
    #: they are spread evenly (R06b).
    group_points: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])
    total: Decimal | None = None
    total_weight: Decimal | None = None
    grade: str = ""
    #: The form's rules allow scores above the weight (R06b).
    bonus_allowed: bool = False
    #: Rows of the template that nobody filled in or took out.
    left_over: tuple[int, ...] = ()
    #: Name of a value -> where it stands.
    places: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def money_total(self) -> MoneyRow | None:
        return next((row for row in self.money if row.source is Source.TOTAL), None)

    @property
    def money_parts(self) -> tuple[MoneyRow, ...]:
        return tuple(row for row in self.money if row.source is not Source.TOTAL)
