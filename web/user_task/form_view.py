"""A form as the page draws it: every field with its value, its faults and what it offers.

Names of inputs are the paths of faults: "indicators/0/actual". So a fault finds its field without a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from forms.coercion import day_of, truth_of
from forms.form import Field, Form, Widget
from web.naming import person_name, unit_name
from web.shown import plain_number, show_day, show_instant, show_number, show_size

#: Width of a field on the six-column grid.
_WHOLE = frozenset({Widget.TEXTAREA, Widget.ROWS, Widget.FILES, Widget.USER})
_NUMBERS = frozenset({Widget.MONEY, Widget.PERCENT, Widget.INTEGER, Widget.NUMBER})
#: Rows an empty table starts with.
FIRST_ROWS = 1
#: More columns than this do not fit beside each other; each row is then shown as a record of labelled cells.
SHEET_COLUMNS = 6


@dataclass(frozen=True)
class Option:
    """One choice of a field."""

    value: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class Told:
    """A fault as it is told, and its code."""

    text: str
    code: str


@dataclass(frozen=True)
class FieldView:
    """One field, or one cell of a table."""

    path: str
    title: str
    widget: str
    unit: str
    basis: str
    #: "" a third, "half", "whole"
    width: str
    is_required: bool
    #: The form gives the value; nobody types it.
    is_given: bool
    is_list: bool
    is_number: bool
    #: As it goes into an input.
    value: str
    #: As it is read.
    text: str
    options: tuple[Option, ...] = ()
    #: People: who stands in it, and the roles of which one must be held to be named.
    chosen: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    #: People: only those of the unit whose case it is, or of its department.
    own_unit: bool = False
    faults: tuple[Told, ...] = ()
    is_visible: bool = True
    #: Whether it is shown depends on what else is filled in.
    may_be_hidden: bool = False
    #: Whether it must be filled in depends on what else is filled in.
    may_be_required: bool = False
    #: Its value or showing follows only with the server's answer: the browser cannot evaluate what it rests on.
    is_left: bool = False
    #: A cell that says which row it is.
    is_key: bool = False
    #: What ids on the page begin with: several forms may stand on one.
    ids: str = "field"
    #: Tables: one tuple of cells a row, the empty row to add, and whether rows may be added.
    columns: tuple[FieldView, ...] = ()
    rows: tuple[tuple[FieldView, ...], ...] = ()
    may_add: bool = False

    @property
    def id(self) -> str:
        return f"{self.ids}-" + self.path.replace("/", "-")

    @property
    def is_unreadable(self) -> bool:
        """What was typed or pasted is none of the choices, or no day: it is shown as it stands, never dropped."""
        if self.widget == Widget.DATE.value:
            return self.value != "" and day_of(self.value) is None
        is_chosen = self.widget in (Widget.ENUM.value, Widget.BOOLEAN.value) and not self.is_list
        offered = [option.value for option in self.options] or ["true", "false"]
        return is_chosen and self.value not in ("", *offered)

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > SHEET_COLUMNS


@dataclass(frozen=True)
class Section:
    """Fields under one heading; "" = none."""

    title: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class FormView:
    """A form as the page draws it."""

    title: str
    form_no: str
    sections: tuple[Section, ...]
    #: Faults that belong to no field.
    other_faults: tuple[str, ...]
    #: All faults with the id of their field ("" if none), in the order of the form.
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What stands in a form."""

    values: Mapping[str, Any]
    #: Path -> what is told, in the reader's language.
    faults: Mapping[str, Sequence[Told]]
    #: Path -> whether it is shown and must be filled in, as the values make it; absent = as the form says.
    visible: Mapping[str, bool]
    required: Mapping[str, bool]
    language: str
    #: Names of fields, and "table/column", that only the server can work out.
    left: frozenset[str] = frozenset()
    #: What ids on the page begin with.
    ids: str = "field"
    #: For reading only: a table without rows has none to be typed into.
    is_locked: bool = False


def view_form(form: Form, filling: Filling) -> FormView:
    """Lay out a form."""
    filling = replace(filling, faults=_at_fields(form, filling.faults))
    fields = [_field(field, filling.values.get(field.name), field.name, filling) for field in form.fields]
    sections: dict[str, list[FieldView]] = {}
    for field, view in zip(form.fields, fields, strict=True):
        sections.setdefault(field.section(filling.language), []).append(view)
    known = {path: place for place, path in enumerate(path for view in fields for path in _paths(view))}
    in_order = sorted(filling.faults.items(), key=lambda fault: known.get(fault[0], len(known)))
    ids = {path: f"{filling.ids}-" + path.replace("/", "-") for path in known}
    return FormView(
        title=form.en if filling.language == "en" else form.zh,
        form_no=form.form_no,
        sections=tuple(Section(title, tuple(views)) for title, views in sections.items()),
        other_faults=tuple(each.text for path, told in in_order if path not in known for each in told),
        faults=tuple((ids.get(path, ""), each.text) for path, told in in_order for each in told),
    )


def _at_fields(form: Form, faults: Mapping[str, Sequence[Told]]) -> dict[str, Sequence[Told]]:
    """Faults of a whole row ("issues/1") stand with their table: a row has no input of its own to point at."""
    tables = {field.name for field in form.fields if field.widget in (Widget.ROWS, Widget.FILES)}
    placed: dict[str, Sequence[Told]] = {}
    for path, told in faults.items():
        table, _, row = path.partition("/")
        home = table if table in tables and row.isdecimal() else path
        placed[home] = (*placed.get(home, ()), *told)
    return placed


def _paths(view: FieldView) -> list[str]:
    return [view.path, *(cell.path for row in view.rows for cell in row)]


def _field(field: Field, value: Any, path: str, filling: Filling) -> FieldView:
    is_table = field.widget in (Widget.ROWS, Widget.FILES)
    value = _as_read(field, value)
    view = FieldView(
        path=path,
        title=field.title(filling.language),
        widget=field.widget.value,
        unit=field.unit_title(filling.language),
        basis=field.basis,
        width="whole" if field.widget in _WHOLE else "",
        is_required=filling.required.get(path, field.required) and not field.is_given and field.default is None,
        is_given=field.is_given,
        is_list=field.is_list,
        is_number=field.widget in _NUMBERS,
        value="" if is_table else _plain(value),
        text="" if is_table else _read(field, value, filling.language),
        options=_options(field, value, filling.language),
        chosen=_chosen(value) if field.widget is Widget.USER else (),
        roles=field.roles,
        own_unit=field.own_unit,
        faults=tuple(filling.faults.get(path, ())),
        is_visible=filling.visible.get(path, True),
        may_be_hidden=field.visible_when is not None,
        may_be_required=field.required_when is not None and not field.is_given,
        is_left=re.sub(r"/[\d#]+/", "/", path) in filling.left,
        ids=filling.ids,
    )
    return _with_rows(view, field, value, filling) if is_table else view


def _with_rows(view: FieldView, field: Field, value: Any, filling: Filling) -> FieldView:
    listed = value if isinstance(value, list) else []
    given: list[Mapping[str, Any]] = [row for row in listed if isinstance(row, Mapping)]
    may_add = field.row_key is None and not field.is_given and not filling.is_locked
    shown = given or ([{}] * FIRST_ROWS if may_add else [])
    rows = tuple(
        tuple(_cell(field, column, row, f"{view.path}/{number}", filling) for column in field.columns)
        for number, row in enumerate(shown)
    )
    columns = tuple(_cell(field, column, {}, f"{view.path}/#", filling) for column in field.columns)
    return replace(view, rows=rows, columns=columns, may_add=may_add)


def _cell(table: Field, column: Field, row: Mapping[str, Any], path: str, filling: Filling) -> FieldView:
    cell = _field(column, row.get(column.name), f"{path}/{column.name}", filling)
    if table.widget is Widget.FILES:
        cell = _of_file(cell, column.name, row)
    is_fixed = table.is_given or column.is_given or column.name == table.row_key
    return replace(cell, is_given=is_fixed, is_key=column.name == table.row_key)


def _of_file(cell: FieldView, column: str, row: Mapping[str, Any]) -> FieldView:
    """What the house itself knows of a file is carried along or shown, never typed: its digest, its size, itself."""
    if column == "sha256":
        return replace(cell, widget="carried")
    if column == "size_bytes":
        return replace(cell, widget="size", unit="", text=show_size(row.get(column)))
    return replace(cell, widget="upload") if column == "upload" else cell


def _chosen(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(str(each) for each in listed if each not in (None, ""))


def field_view(form: Form, name: str, chosen: tuple[str, ...], language: str) -> FieldView:
    """One field for people alone, as a search for others draws it. Raises KeyError."""
    field = form.field(name)
    if field.widget is not Widget.USER:
        raise KeyError(name)
    filling = Filling(values={}, faults={}, visible={}, required={}, language=language)
    return replace(_field(field, None, name, filling), chosen=chosen)


def _options(field: Field, value: Any, language: str) -> tuple[Option, ...]:
    chosen = {str(each) for each in value} if isinstance(value, list) else {str(value)}
    return tuple(
        Option(str(choice.value), choice.en if language == "en" else choice.zh, str(choice.value) in chosen)
        for choice in field.choices
    )


def _as_read(field: Field, value: Any) -> Any:
    """What was typed or pasted as what it is read as; what cannot be read stays as it stands."""
    if not isinstance(value, str) or field.is_list:
        return value
    if field.widget is Widget.DATE:
        return day_of(value) or value
    truth = truth_of(value) if field.widget is Widget.BOOLEAN else None
    return value if truth is None else truth


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return plain_number(value) if isinstance(value, Decimal) else "" if value is None else str(value)


def _read(field: Field, value: Any, language: str) -> str:
    """The value as it is read, not typed."""
    if value is None:
        return ""
    if field.widget is Widget.UNIT:
        return unit_name(str(value))
    if field.widget is Widget.USER:
        return ("、" if language == "zh" else ", ").join(map(person_name, _chosen(value)))
    if field.widget is Widget.BOOLEAN and isinstance(value, bool):
        return {True: "是", False: "否"}[value] if language == "zh" else {True: "yes", False: "no"}[value]
    if field.widget is Widget.ENUM:
        titles = {option.value: option.title for option in _options(field, value, language)}
        return ("、" if language == "zh" else ", ").join(titles.get(each, each) for each in _chosen(value))
    if isinstance(value, datetime):
        return show_instant(value)
    if isinstance(value, date):
        return show_day(value)
    if field.widget in (Widget.MONEY, Widget.PERCENT):
        return show_number(value, 2)
    if field.widget is Widget.INTEGER:
        return plain_number(value)  # years and numbers of issues carry no separators
    return show_number(value)
