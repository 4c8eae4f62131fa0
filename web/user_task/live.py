"""What a page tells the browser about a form, so that it calculates and checks while somebody types.

The browser evaluates the same FEEL through npm `feelin`; the server's answer counts. An expression that calls what the
browser does not have (today, working days, functions of a package) is left to the server, and so is, there, whatever
rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.feel import Expression
from forms.checker import SHORTEST_REASON
from forms.form import Check, Field, Form, Severity, Widget
from web.words import say

#: Functions that the browser has: those of feelin that agree with ours, and those that web/assets/scripts/live adds.
IN_THE_BROWSER = frozenset({
    "abs", "ceiling", "concatenate", "contains", "count", "date", "decimal", "distinct values", "duration",
    "ends with", "floor", "list contains", "max", "mean", "min", "modulo", "not", "round down", "round half down",
    "round half up", "round up", "starts with", "string length", "sum", "total",
})  # fmt: skip
#: Those that web/assets/scripts/live/expressions.js has under names of its own: a field may have that name.
OWN = frozenset({
    "abs", "ceiling", "decimal", "floor", "max", "mean", "min", "modulo", "round down", "round half down",
    "round half up", "round up", "sum", "total",
})  # fmt: skip
#: What the browser says by itself.
WORDS = {"yes": "是", "no": "否", "default": "默认："}
#: A number that feelin reads wrongly: 1e2 is 1 there.
_EXPONENT = re.compile(r"\d[eE][+-]?\d")
#: Values of these are shown by names that only the server knows.
_NAMED_BY_THE_SERVER = frozenset({Widget.UNIT, Widget.USER, Widget.ROWS, Widget.FILES})
#: A variable with more entries than this is not sent.
MAX_ENTRIES = 2_000


def live_description(
    form: Form, values: Mapping[str, Any], variables: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """The form for web/assets/scripts/live/working_out.js, as plain JSON.

    Args:
        values: what stands in the form; only what the form itself gives is sent, the rest is on the page.
        variables: process variables; only those that expressions for the browser read are sent.
    """
    writer = _Writer(form, language)
    fields = [writer.field(each) for each in form.fields]
    checks = [writer.check(each) for each in form.checks]
    own = {each.name for each in form.fields}
    given = [each for each in form.fields if each.readonly and not each.columns]
    return {
        "fields": fields,
        "checks": checks,
        "variables": {name: sent(variables[name]) for name in sorted(writer.read - own) if name in variables},
        "given": {each.name: sent(values[each.name]) for each in given if values.get(each.name) is not None},
        "words": {name: say(word, language) for name, word in WORDS.items()},
    }


def is_left(expression: Expression, names: Iterable[str]) -> bool:
    """Whether only the server can evaluate an expression of a form that has fields of these names."""
    strange = expression.functions - IN_THE_BROWSER
    hidden = (expression.functions - OWN) & frozenset(names)
    return bool(strange or hidden or _EXPONENT.search(expression.source)) or "context" in expression.names


def expressions(form: Form) -> Iterator[Expression]:
    """All expressions that are evaluated while somebody types."""
    for field in form.fields:
        for each in (field, *field.columns):
            found = (each.visible_when, each.calculated, each.default, each.required_when)
            yield from (expression for expression in found if expression)
    for check in form.checks:
        yield from (found for found in (check.when, check.unless, *check.text.holes.values()) if found)


def left_fields(form: Form) -> frozenset[str]:
    """Names of fields, and "table/column", whose value or showing is left to the server."""
    names = _names(form)
    return frozenset(
        f"{field.name}/{each.name}" if each is not field else field.name
        for field in form.fields
        for each in (field, *field.columns)
        for found in (each.visible_when, each.calculated)
        if found is not None and is_left(found, names)
    )


def _names(form: Form) -> frozenset[str]:
    return frozenset(each.name for field in form.fields for each in (field, *field.columns))


class _Writer:
    """Writes one form down and notes which names its expressions read."""

    def __init__(self, form: Form, language: str) -> None:
        self.read: set[str] = set()
        self._language = language
        self._names = _names(form)

    def field(self, field: Field) -> dict[str, Any]:
        described: dict[str, Any] = {"name": field.name, "widget": field.widget.value}
        if field.is_list:
            described["list"] = True
        if field.is_percent():
            described["percent"] = True
        if field.unit_in:
            described["unit_in"] = field.unit_in
        if field.columns:
            described["columns"] = [self.field(column) for column in field.columns]
        if field.calculated is not None:
            named = field.widget in _NAMED_BY_THE_SERVER
            described["calculated"] = self._expression(field.calculated, left=named)
            described["choices"] = [[each.value, self._say(each.zh, each.en)] for each in field.choices]
        if field.default is not None:
            described["default"] = self._expression(field.default, left=field.widget in _NAMED_BY_THE_SERVER)
            described["choices"] = [[each.value, self._say(each.zh, each.en)] for each in field.choices]
        if field.visible_when is not None:
            described["visible"] = self._expression(field.visible_when)
        if field.required_when is not None:
            described["required"] = self._expression(field.required_when)
        return described

    def check(self, check: Check) -> dict[str, Any]:
        condition = check.when or check.unless
        assert condition is not None, "a check has one of when and unless"
        return {
            "code": check.code,
            "condition": self._expression(condition),
            "broken": check.when is not None,
            "each": check.each,
            "path": check.path,
            "warning": check.severity is Severity.WARNING,
            "reason": check.reason,
            "shortest": SHORTEST_REASON,
            "message": self._say(check.text.zh, check.text.en),
            "holes": {source: self._expression(each) for source, each in check.text.holes.items()},
        }

    def _expression(self, expression: Expression, *, left: bool = False) -> dict[str, Any]:
        # a field may have the name of a function: then it is read unless it is called
        names = sorted(expression.names | expression.functions & self._names)
        if left or is_left(expression, self._names):
            return {"source": expression.source, "names": names, "left": True}
        self.read.update(names)
        return {"source": expression.source, "names": names}

    def _say(self, zh: str, en: str) -> str:
        return en if self._language == "en" else zh


def sent(value: Any) -> Any:
    """A FEEL value for the browser; what it cannot hold, or is too much to send, is unknown there."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Decimal | int):
        return {"n": f"{Decimal(value):f}"}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"d": value.isoformat()}
    if isinstance(value, list) and len(value) <= MAX_ENTRIES:
        return [sent(each) for each in value]
    if isinstance(value, dict) and len(value) <= MAX_ENTRIES:
        return {"c": {name: sent(each) for name, each in value.items()}}
    return {"u": True}
