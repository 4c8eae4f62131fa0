"""A form as a value: its fields, what is calculated, and what is checked. Made from a file by `forms/schema.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.feel import Expression


class Widget(StrEnum):
    """How a field is filled in; decides what a submitted value becomes."""

    #: 万元, Decimal with at most 4 places.
    MONEY = "money"
    #: Percent 0–100 (100 = all), Decimal with at most 2 places; a trailing % sign is accepted.
    PERCENT = "percent"
    INTEGER = "integer"
    #: Decimal with at most 4 places.
    NUMBER = "number"
    TEXT = "text"
    TEXTAREA = "textarea"
    #: A day of Asia/Shanghai.
    DATE = "date"
    #: One of `choices`, or several of them where the field is a list.
    ENUM = "enum"
    BOOLEAN = "boolean"
    #: Documents by name or number: rows of name, document_no, sha256, size_bytes.
    FILES = "files"
    #: A table inside the form: a list of rows with `columns`.
    ROWS = "rows"
    #: Unit code.
    UNIT = "unit"
    #: Login key of a person; several where the field is a list.
    USER = "user"


#: Decimal places a submitted number may have.
DECIMAL_PLACES: Mapping[Widget, int] = {Widget.MONEY: 4, Widget.PERCENT: 2, Widget.INTEGER: 0, Widget.NUMBER: 4}


class Severity(StrEnum):
    #: The form is refused.
    ERROR = "error"
    #: The form is refused until its reason field is filled in; without a reason field it is only shown.
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of an enumeration with its titles."""

    value: Any
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One entry of a form, or one column of its rows."""

    name: str
    zh: str
    en: str
    widget: Widget
    #: "万元", "%", … shown behind the value; "" if it has none.
    unit: str = ""
    unit_en: str = ""
    #: The column beside it that names the unit, which may be another in each row; "" if none does.
    unit_in: str = ""
    #: Section title; "" if the form has no sections.
    group: str = ""
    group_en: str = ""
    #: A list of values (several choices, several people).
    is_list: bool = False
    required: bool = False
    #: Required where this is true.
    required_when: Expression | None = None
    #: Shown, and kept, only where this is true.
    visible_when: Expression | None = None
    #: The value is this; what is submitted is ignored.
    calculated: Expression | None = None
    #: What stands in the field at first; reads process variables only.
    prefill: Expression | None = None
    #: What it is where nobody fills it in; reads what the others of the form or row hold.
    default: Expression | None = None
    #: What has become of it since: shown with the document once that is filed, and never part of it.
    later: Expression | None = None
    #: Cannot be changed: the prefilled value counts.
    readonly: bool = False
    #: Process variable the value becomes.
    variable: str | None = None
    #: Clause or source the field rests on.
    basis: str = ""
    choices: tuple[Choice, ...] = ()
    #: People: roles of which one must be held to be named; empty = anybody with an account.
    roles: tuple[str, ...] = ()
    #: People: only those of the unit whose case it is, or of its department.
    own_unit: bool = False
    #: Rows: the columns.
    columns: tuple[Field, ...] = ()
    #: Rows that the prefilled value fixes: the column that identifies a row; none may be added or left out.
    row_key: str | None = None
    #: A conclusion: where the work comes back, what was filed before is not brought along.
    is_afresh: bool = False

    def title(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    def unit_title(self, language: str) -> str:
        return self.unit_en if language == "en" else self.unit

    def section(self, language: str) -> str:
        return self.group_en if language == "en" else self.group

    def is_percent(self, unit: object = None) -> bool:
        """Whether a number may be followed by a % sign, where the row names this unit."""
        return self.widget is Widget.PERCENT or "%" in (self.unit, str(unit or "").strip().replace("％", "%"))

    @property
    def is_given(self) -> bool:
        """Whether the value comes from the form itself and not from the person."""
        return self.calculated is not None or self.readonly


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A message in both languages; `{…}` holds FEEL that is filled in."""

    zh: str
    en: str
    #: Source of each `{…}` -> expression.
    holes: Mapping[str, Expression]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule over the whole form, or over each row of one of its tables."""

    code: str
    #: True = fault.
    when: Expression | None
    #: False = fault; null is none.
    unless: Expression | None
    text: Text
    severity: Severity = Severity.ERROR
    #: Field (or column, with `each`) the fault stands at.
    path: str = ""
    #: Name of the rows field whose rows are checked one by one.
    each: str = ""
    #: Field that holds the reason by which a warning is allowed.
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """How a form may be filed for several user tasks at once."""

    #: Who may: whoever holds one of these, for what was offered to it.
    roles: frozenset[str]
    #: Field -> the one value it has then.
    answer: Mapping[str, Any]

    def is_for(self, groups: Iterable[str]) -> bool:
        """Whether one of these groups, "role@unit", is of a role that may."""
        return any(each.partition("@")[0] in self.roles for each in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One version of a form."""

    key: str
    version: int
    zh: str
    en: str
    #: Official number, e.g. "F-04" or "" for small decision forms.
    form_no: str
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    #: JSON Schema 2020-12 with the x- keys, as the file holds it; numbers are Decimal.
    schema: Mapping[str, Any]
    #: How it may be filed for several user tasks at once; None = each by itself.
    batch: Batch | None = None
    #: Names of fields by which a filed document is told in a line.
    gist: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """"key:version", as documents keep it."""
        return f"{self.key}:{self.version}"

    def field(self, name: str) -> Field:
        """Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def variables(self) -> Iterator[tuple[str, Field]]:
        """Process variables the form gives, each with its field."""
        for field in self.fields:
            if field.variable is not None:
                yield field.variable, field
