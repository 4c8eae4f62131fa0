"""What a printed target or result says: a quantity, a range, a day it is due by, a level in words, or nothing.

Each value keeps the text it was read from and says what was doubtful about it. `rendered()` prints the value in one
fixed way; reading that again gives the same value.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from processes.budget_performance.evaluation.printed_numbers import SCALES
from processes.budget_performance.evaluation.units import PERCENT, counted_in


class Comparator(StrEnum):
    """How a result is held against a value."""

    AT_LEAST = ">="
    ABOVE = ">"
    AT_MOST = "<="
    BELOW = "<"
    EQUAL = "="


class Doubt(StrEnum):
    """What a reader should look at again."""

    #: Words stand around the value: "完成培训50人".
    WORDS_AROUND = "words-around"
    #: 约, 左右: the value is not meant exactly.
    APPROXIMATE = "approximate"
    #: More numbers than one, and no range: kept as words.
    SEVERAL_NUMBERS = "several-numbers"
    #: Two signs that contradict each other: the first counts.
    TWO_COMPARATORS = "two-comparators"
    #: The comparator of the text is not that of the form's own column: the text counts.
    COMPARATOR_DIFFERS = "comparator-differs"
    #: Only a year, or 年底: the last day is taken.
    VAGUE_DAY = "vague-day"
    #: There is no such day, e.g. 2月30日: the last day of the month is taken.
    NO_SUCH_DAY = "no-such-day"
    #: Longer than a value is: kept as words without looking further.
    TOO_LONG = "too-long"


class Achievement(StrEnum):
    """What words say about how far an expectation was met (R06.4)."""

    MET = "met"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number with its unit: "≥2.5万人次" is 2.5 × 10,000 人次."""

    text: str
    #: None where nothing is printed: then the sense of the indicator decides.
    comparator: Comparator | None
    #: As printed, before 万 or 亿.
    value: Decimal
    #: 1, or what 万, 亿 … stand for.
    scale: Decimal = Decimal(1)
    #: As printed, without 万 or 亿; "" where there is none.
    unit: str = ""
    doubts: tuple[Doubt, ...] = ()

    @property
    def unit_counted(self) -> str:
        """The unit `normalised` counts in: 米 for 公里, % for 百分比."""
        return counted_in(self.unit)[0]

    @property
    def normalised(self) -> Decimal:
        """The value in `unit_counted`: 2.5万人次 → 25000.0, 300公里 → 300000."""
        return self.value * self.scale * counted_in(self.unit)[1]

    @property
    def is_percent(self) -> bool:
        return self.unit_counted == PERCENT

    def rendered(self) -> str:
        sign = SIGNS[self.comparator] if self.comparator else ""
        return f"{sign}{self.value:f}{_scale_word(self.scale)}{self.unit}"


@dataclass(frozen=True, kw_only=True)
class Range:
    """From one number to another, both included: "5-10个"."""

    text: str
    low: Decimal
    high: Decimal
    scale: Decimal = Decimal(1)
    unit: str = ""
    doubts: tuple[Doubt, ...] = ()

    @property
    def unit_counted(self) -> str:
        return counted_in(self.unit)[0]

    @property
    def normalised(self) -> tuple[Decimal, Decimal]:
        factor = self.scale * counted_in(self.unit)[1]
        return self.low * factor, self.high * factor

    def rendered(self) -> str:
        return f"{self.low:f}~{self.high:f}{_scale_word(self.scale)}{self.unit}"


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day something is due by, or was done: "12月底前", "2023年6月30日". The day itself is included."""

    text: str
    #: None where no year is printed: that of the budget.
    year: int | None
    #: 1–12.
    month: int
    #: None = the last of the month.
    day: int | None
    #: Years after the budget's, where the text says so: 次年 = 1.
    years_later: int = 0
    doubts: tuple[Doubt, ...] = ()

    def in_budget_year(self, fiscal_year: int) -> date:
        """The day itself: "12月底前" of 2025 → 2025-12-31."""
        year = self.year if self.year is not None else fiscal_year + self.years_later
        return date(year, self.month, self.day or calendar.monthrange(year, self.month)[1])

    def rendered(self) -> str:
        year = f"{self.year:04}年" if self.year is not None else "次年" * self.years_later
        return f"{year}{self.month}月{f'{self.day}日' if self.day else '底'}前"


@dataclass(frozen=True, kw_only=True)
class Level:
    """A state in words: "效果明显", "优", "达成预期指标"."""

    text: str
    #: What the words say by themselves about an expectation; None where they describe something.
    achievement: Achievement | None = None
    doubts: tuple[Doubt, ...] = ()

    def rendered(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Blank:
    """Nothing, or a dash."""

    text: str
    doubts: tuple[Doubt, ...] = ()

    def rendered(self) -> str:
        return ""


PrintedValue = Quantity | Range | Day | Level | Blank

SIGNS = {
    Comparator.AT_LEAST: "≥",
    Comparator.ABOVE: ">",
    Comparator.AT_MOST: "≤",
    Comparator.BELOW: "<",
    Comparator.EQUAL: "=",
}


def _scale_word(scale: Decimal) -> str:
    return next((word for word, many in SCALES.items() if many == scale), "")
