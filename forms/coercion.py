"""From what arrives (JSON, pasted text) to FEEL values: numbers to Decimal, days to dates, blanks to nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from engine.model.errors import Fault
from forms.form import DECIMAL_PLACES, Field, Widget
from forms.texts import Place, fault, unknown_field

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_YES = frozenset({"true", "yes", "y", "是", "1", "√", "✓", "✔", "☑"})
_NO = frozenset({"false", "no", "n", "否", "0", "×", "✗", "✘", "☐"})
#: Thousands separators part threes: "1,2" may be 1.2 or 12, and nobody shall guess.
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_SPACES = str.maketrans("、", ",", "_ \u00a0\u3000")
#: More digits than any amount has; longer text is no number.
_LONGEST_NUMBER = 40


def decimal_of(text: str) -> Decimal | None:
    """The number a text means: full-width digits and signs, thousands separators and a plus sign are accepted.

    "１，２３４．５０" → 1234.50; "1,2", "1e5", "12万" and "" → None.
    """
    if len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text):
        # as browsers send them: nothing has to be unfolded, which spares two thirds of the time
        return Decimal(text)
    plain = unicodedata.normalize("NFKC", text).translate(_SPACES).replace("−", "-")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if len(plain) > _LONGEST_NUMBER or not _NUMBER.fullmatch(plain):
        return None
    return Decimal(plain)


def day_of(text: str) -> date | None:
    """The day a text means: 2026-03-01, 2026/3/1, 2026年3月1日, also in full-width digits."""
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def truth_of(text: str) -> bool | None:
    """Yes or no as people and Excel write it: 是, √, TRUE, 1 or 否, ×, FALSE, 0; None for other words."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return True if plain in _YES else False if plain in _NO else None


class Coercion:
    """Turns one submission into values and collects what cannot be one."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        #: Paths whose value was dropped as unreadable: they are not also reported as missing.
        self.unreadable: set[str] = set()

    def document(self, fields: Sequence[Field], submission: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a form by field; blanks are left out, and so is what the form itself gives."""
        return self._values(fields, submission, "", None, 0)

    def _values(
        self, fields: Sequence[Field], given: Mapping[str, Any], prefix: str, table: Field | None, row: int
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        before, met = len(self.faults), 0
        for field in fields:
            name = field.name
            if name not in given:
                continue
            met += 1
            identifies = table is not None and table.row_key == name
            if field.is_given and field.row_key is None and not identifies:
                continue
            is_percent = field.is_percent(given.get(field.unit_in))
            value = self._value(Place(field, f"{prefix}{name}", table, row), given[name], is_percent)
            if value is not None:
                values[name] = value
        if met < len(given):
            known = {field.name for field in fields}
            unknown = [unknown_field(str(name), f"{prefix}{name}") for name in given if name not in known]
            self.faults[before:before] = unknown
        return values

    def _value(self, place: Place, given: Any, is_percent: bool) -> Any:
        if isinstance(given, str):
            given = given.strip()
        if given is None or given == "":
            return None
        if place.field.widget in (Widget.ROWS, Widget.FILES):
            return self._rows(place, given)
        if place.field.is_list:
            return self._list(place, given)
        if place.field.widget in DECIMAL_PLACES:
            return self._number(place, given, is_percent)
        return self._scalar(place, given)

    def _rows(self, place: Place, given: Any) -> list[dict[str, Any]] | None:
        if not isinstance(given, Sequence) or isinstance(given, str):
            return self._refuse("not-a-list", place)
        rows: list[dict[str, Any]] = []
        for number, each in enumerate(cast("Sequence[Any]", given)):
            if not isinstance(each, Mapping):
                self._refuse("not-a-row", place, row=number + 1)
                continue
            row = cast("Mapping[str, Any]", each)
            rows.append(self._values(place.field.columns, row, f"{place.path}/{number}/", place.field, number + 1))
        return rows

    def _list(self, place: Place, given: Any) -> list[Any] | None:
        if not isinstance(given, Sequence) or isinstance(given, str):
            return self._refuse("not-a-list", place)
        values = [self._scalar(place, each) for each in cast("Sequence[Any]", given)]
        return [value for value in values if value is not None]

    def _scalar(self, place: Place, given: Any) -> Any:
        widget = place.field.widget
        if widget is Widget.DATE:
            return self._day(place, given)
        if widget is Widget.BOOLEAN:
            return self._truth(place, given)
        if not isinstance(given, str):
            return self._refuse("not-a-text", place)
        return given

    def _number(self, place: Place, given: Any, is_percent: bool) -> Decimal | None:
        widget = place.field.widget
        number: Decimal | None = None
        if isinstance(given, Decimal):
            number = given
        elif isinstance(given, int | float) and not isinstance(given, bool):
            number = Decimal(repr(given))
        elif isinstance(given, str):
            number = decimal_of(given.removesuffix("%").removesuffix("％") if is_percent else given)
        if number is None or not number.is_finite():
            return self._refuse("not-a-number", place, found=str(given))
        limit = DECIMAL_PLACES[widget]
        if -cast("int", number.as_tuple().exponent) <= limit or number == number.to_integral_value():
            return number
        if limit == 0:
            return self._refuse("not-whole", place, found=f"{number:f}")
        if number.normalize().as_tuple().exponent < -limit:  # type: ignore[operator]
            return self._refuse("too-many-decimals", place, found=f"{number:f}", limit=limit)
        return number

    def _day(self, place: Place, given: Any) -> date | None:
        if isinstance(given, datetime):
            return self._refuse("not-a-date", place, found=given.isoformat())
        day = given if isinstance(given, date) else day_of(given) if isinstance(given, str) else None
        return day if day is not None else self._refuse("not-a-date", place, found=str(given))

    def _truth(self, place: Place, given: Any) -> bool | None:
        truth = given if isinstance(given, bool) else truth_of(given) if isinstance(given, str) else None
        return truth if truth is not None else self._refuse("not-yes-or-no", place)

    def _refuse(self, code: str, place: Place, **facts: Any) -> None:
        self.faults.append(fault(code, place, **facts))
        self.unreadable.add(place.path)
