"""Form files: JSON Schema 2020-12 with x- keys, read and checked before anybody fills one in.

    x-form            {key, version, title_zh, title_en, form_no, batch, gist}
    x-groups          [[title, English title]] of the sections
    x-checks          [{code, when | unless, each, path, severity, reason, message_zh, message_en}]
    per property      title, x-title-en, x-unit, x-unit-en, x-widget, x-group, x-enum-titles, x-calculated,
                      x-required-when, x-visible-when, x-readonly, x-prefill, x-default, x-later, x-variable,
                      x-basis, x-row-key, x-roles, x-own-unit (widget user: who may be named), x-unit-in (a column:
                      the one beside it that names the unit, so that "60%" is a number where that is %), x-afresh

Expressions are FEEL over the fields of the form and the process variables; those of columns see the row first.
`x-prefill` sees process variables only. `x-default` is what a field is that was left empty, worked out in its place in
the order of the form: the page shows it, and whoever wants something else fills it in. `x-later` is what has become of
a filed document since, such as the amount that was approved in the end: it sees the document and what the processes
know by now, and is never part of the document. `x-afresh` marks a conclusion: work that comes back begins with what its
author filed before, but a conclusion is drawn anew. `batch` in the head lets a form be filed for several user tasks in
one act (`forms/batch.py`); `gist` names the fields by which a filed document is told in a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from engine.feel import Expression, FeelBudgetExceeded, FeelFunction, FeelSyntaxError, compile_expression
from engine.model.errors import Fault, Invalid
from forms.batch import read_batch, read_gist
from forms.form import DECIMAL_PLACES, Check, Choice, Field, Form, Severity, Text, Widget
from forms.functions import FUNCTIONS

LIBRARY = Path(__file__).with_name("library")

#: What a list of documents is made of; `x-widget: files` stands for it.
FILE_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "name": {"type": "string", "title": "名称", "x-title-en": "Name", "x-widget": "text", "maxLength": 200},
    "document_no": {"type": "string", "title": "文号", "x-title-en": "Number", "x-widget": "text", "maxLength": 100},
    "sha256": {"type": "string", "title": "校验值", "x-title-en": "SHA-256", "x-widget": "text", "maxLength": 64},
    # the file itself, where one was attached: its id
    "upload": {"type": "string", "title": "附件", "x-title-en": "File", "x-widget": "text", "maxLength": 36},
    # 50 MB each (FORMS, common validations)
    "size_bytes": {
        "type": "integer", "title": "大小", "x-title-en": "Size", "x-widget": "integer", "x-unit": "字节",
        "x-unit-en": "bytes",
        "minimum": Decimal(0), "maximum": Decimal(50 * 1024 * 1024),
    },
}  # fmt: skip
_JSON_TYPES: Mapping[Widget, str] = {
    Widget.MONEY: "number",
    Widget.PERCENT: "number",
    Widget.INTEGER: "integer",
    Widget.NUMBER: "number",
    Widget.TEXT: "string",
    Widget.TEXTAREA: "string",
    Widget.DATE: "string",
    Widget.ENUM: "string",
    Widget.BOOLEAN: "boolean",
    Widget.FILES: "array",
    Widget.ROWS: "array",
    Widget.UNIT: "string",
    Widget.USER: "string",
}
_NO_DEFAULT = frozenset({Widget.ROWS, Widget.FILES})
_MAY_BE_LIST = frozenset({Widget.ENUM, Widget.USER})
_HEAD_KEYS = frozenset({"key", "version", "title_zh", "title_en", "form_no", "batch", "gist"})
_PROPERTY_KEYS = frozenset({
    "type", "title", "enum", "items", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "minItems",
    "maxItems", "uniqueItems", "format", "x-title-en", "x-unit", "x-unit-en", "x-widget", "x-group", "x-enum-titles",
    "x-calculated", "x-required-when", "x-visible-when", "x-readonly", "x-prefill", "x-default", "x-later",
    "x-variable", "x-basis", "x-row-key", "x-roles", "x-own-unit", "x-unit-in", "x-afresh",
})  # fmt: skip
_CHECK_KEYS = frozenset({
    "code", "when", "unless", "each", "path", "severity", "reason", "message_zh", "message_en",
})  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HOLE = re.compile(r"\{([^{}]+)\}")


class UnsoundForm(Invalid):
    """A form file cannot be used. Holds every fault of the file."""

    code = "unsound-form"


def read_forms(
    folder: Path = LIBRARY, functions: Mapping[str, FeelFunction] | None = None
) -> tuple[Form, ...]:
    """All forms of a folder, in the order of their file names.

    Raises:
        UnsoundForm: holds the faults of all files.
    """
    forms: list[Form] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.json")):
        try:
            forms.append(read_form(path.read_bytes(), path.name, functions))
        except UnsoundForm as error:
            faults.extend(error.faults)
    if faults:
        raise UnsoundForm(f"Expected sound form files, but found {len(faults)} faults.", faults, count=len(faults))
    return tuple(forms)


def read_form(content: bytes, file_name: str, functions: Mapping[str, FeelFunction] | None = None) -> Form:
    """One form file.

    Raises:
        UnsoundForm: holds every fault, each with the place in the file.
    """
    reader = _Reader(file_name, functions)
    try:
        schema: Any = json.loads(content, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        reader.refuse("", f"Expected JSON, but: {error}")
        schema = {}
    form = reader.form(schema)
    if reader.faults or form is None:
        raise UnsoundForm(
            f"Expected a sound form in {file_name!r}, but found {len(reader.faults)} faults. "
            f"The first: {reader.faults[0]['message']}",
            reader.faults,
            file_name=file_name,
        )
    return form


class _Reader:
    """Reads one file and collects what is wrong with it."""

    def __init__(self, file_name: str, functions: Mapping[str, FeelFunction] | None) -> None:
        self.faults: list[Fault] = []
        self._file_name = file_name
        self._functions = {**FUNCTIONS, **(functions or {})}
        #: Section title -> English title.
        self._groups: dict[str, str] = {}

    def refuse(self, place: str, message: str) -> None:
        self.faults.append(Fault("unsound-form", message, f"{self._file_name}#{place}"))

    def form(self, schema: Any) -> Form | None:
        whole = cast("dict[str, Any]", schema) if isinstance(schema, dict) else {}
        head: dict[str, Any] | None = whole.get("x-form")
        if not isinstance(head, dict):
            self.refuse("x-form", "Expected an object with the head x-form.")
            return None
        for key in ("key", "version", "title_zh", "title_en"):
            if not head.get(key):
                self.refuse("x-form", f"Expected the head to give {key}.")
        if unknown := sorted(head.keys() - _HEAD_KEYS):
            self.refuse("x-form", f"Expected known keys, but found {', '.join(unknown)}.")
        self._read_groups(whole.get("x-groups", []))
        fields = self._fields(whole, "")
        for group in sorted(self._groups.keys() - {field.group for field in fields}):
            self.refuse("x-groups", f"Expected fields in the section {group!r}, but found none.")
        self._refuse_twice([name for name in (field.variable for field in fields) if name], "x-variable")
        checks = tuple(
            self._check(cast("dict[str, Any]", each), f"x-checks/{number}", fields)
            for number, each in enumerate(whole.get("x-checks", []))
        )
        batch = read_batch(head, fields, lambda message: self.refuse("x-form/batch", message))
        gist = read_gist(head, fields, lambda message: self.refuse("x-form/gist", message))
        if self.faults:
            return None
        return Form(
            key=head["key"],
            version=int(head["version"]),
            zh=head["title_zh"],
            en=head["title_en"],
            form_no=head.get("form_no", ""),
            fields=fields,
            checks=checks,
            schema=whole,
            batch=batch,
            gist=gist,
        )

    def _read_groups(self, listed: list[Any]) -> None:
        for each in listed:
            if not isinstance(each, list) or len(cast("list[Any]", each)) != 2 or not all(cast("list[Any]", each)):
                self.refuse("x-groups", f"Expected a title and its English, but found {each!r}.")
            else:
                self._groups[each[0]] = each[1]

    def _fields(self, owner: Mapping[str, Any], place: str) -> tuple[Field, ...]:
        properties: Mapping[str, Any] = owner.get("properties", {})
        required: Iterable[str] = owner.get("required", [])
        for name in required:
            if name not in properties:
                self.refuse(place, f"Expected the required {name!r} among the properties, but it is not.")
        return tuple(
            field
            for name, each in properties.items()
            if (field := self._field(name, each, f"{place}{name}", required=name in required)) is not None
        )

    def _field(self, name: str, schema: dict[str, Any], place: str, *, required: bool) -> Field | None:
        unknown = sorted(schema.keys() - _PROPERTY_KEYS)
        if unknown:
            self.refuse(place, f"Expected known keys, but found {', '.join(unknown)}.")
        if not _NAME.fullmatch(name):
            self.refuse(place, f"Expected a name in lower case, but found {name!r}.")
        for key in ("title", "x-title-en"):
            if not schema.get(key):
                self.refuse(place, f"Expected {key}, but found none.")
        try:
            widget = Widget(schema.get("x-widget", ""))
        except ValueError:
            self.refuse(place, f"Expected a known x-widget, but found {schema.get('x-widget')!r}.")
            return None
        if widget is Widget.FILES:
            schema["items"] = {"type": "object", "properties": dict(FILE_COLUMNS), "required": ["name"]}
        is_list = widget in _MAY_BE_LIST and schema.get("type") == "array"
        if schema.get("type") != ("array" if is_list else _JSON_TYPES[widget]):
            self.refuse(place, f"Expected type {_JSON_TYPES[widget]} for {widget}, but found {schema.get('type')!r}.")
        columns: tuple[Field, ...] = ()
        if widget in (Widget.ROWS, Widget.FILES):
            columns = self._fields(schema.get("items", {}), f"{place}/")
            if not columns:
                self.refuse(place, "Expected rows to have columns.")
        more = schema.keys() & {"x-prefill", "x-calculated", "x-variable", "x-required-when", "x-visible-when"}
        if "x-later" in schema and (more or required or "/" in place):
            self.refuse(place, "Expected x-later at a field of the form that has no value of another kind.")
        self._must_be_typed(schema, widget, place)
        self._must_name_units(schema, columns, widget, place)
        row_key: str | None = schema.get("x-row-key")
        if row_key is not None and ("x-prefill" not in schema or row_key not in [each.name for each in columns]):
            self.refuse(place, f"Expected x-row-key {row_key!r} to be a column of prefilled rows.")
        return Field(
            name=name,
            zh=schema.get("title", ""),
            en=schema.get("x-title-en", ""),
            widget=widget,
            unit=schema.get("x-unit", ""),
            unit_en=self._unit_en(schema, place),
            unit_in=schema.get("x-unit-in", ""),
            group=schema.get("x-group", ""),
            group_en=self._group_en(schema, place),
            is_list=is_list,
            required=required,
            required_when=self._feel(schema, "x-required-when", place),
            visible_when=self._feel(schema, "x-visible-when", place),
            calculated=self._feel(schema, "x-calculated", place),
            prefill=self._feel(schema, "x-prefill", place),
            default=self._feel(schema, "x-default", place),
            later=self._feel(schema, "x-later", place),
            readonly=bool(schema.get("x-readonly", False)) or "x-later" in schema,
            variable=schema.get("x-variable"),
            basis=schema.get("x-basis", ""),
            choices=self._choices(schema, widget, place),
            roles=self._roles(schema, widget, place),
            own_unit=self._own_unit(schema, widget, place),
            columns=columns,
            row_key=row_key,
            is_afresh=bool(schema.get("x-afresh", False)),
        )

    def _must_be_typed(self, schema: Mapping[str, Any], widget: Widget, place: str) -> None:
        """Refuse what only makes sense where somebody fills something in."""
        given = schema.keys() & {"x-calculated", "x-readonly", "x-later"}
        if "x-default" in schema and (given or widget in _NO_DEFAULT):
            self.refuse(place, "Expected x-default at a single field that somebody may fill in.")
        if "x-afresh" in schema and (given or "/" in place):
            self.refuse(place, "Expected x-afresh at a field of the form that somebody may fill in.")

    def _must_name_units(
        self, schema: Mapping[str, Any], columns: Sequence[Field], widget: Widget, place: str
    ) -> None:
        """Refuse a unit that is taken from a column which is not there."""
        units = {column.unit_in for column in columns} - {"", *(column.name for column in columns)}
        if units or ("x-unit-in" in schema and (widget not in DECIMAL_PLACES or "/" not in place)):
            self.refuse(place, f"Expected x-unit-in at a number in a row, naming a column; unknown: {sorted(units)}.")

    def _unit_en(self, schema: Mapping[str, Any], place: str) -> str:
        """A unit that is the same everywhere ("%") needs no English."""
        unit: str = schema.get("x-unit", "")
        english: str = schema.get("x-unit-en", "")
        if unit and not unit.isascii() and not english:
            self.refuse(place, f"Expected x-unit-en for the unit {unit!r}, but found none.")
        return english or unit

    def _group_en(self, schema: Mapping[str, Any], place: str) -> str:
        group: str = schema.get("x-group", "")
        if group and group not in self._groups:
            self.refuse(place, f"Expected the section {group!r} with its English title in x-groups, but found none.")
        return self._groups.get(group, "")

    def _roles(self, schema: Mapping[str, Any], widget: Widget, place: str) -> tuple[str, ...]:
        roles: list[str] = schema.get("x-roles", [])
        if roles and widget is not Widget.USER:
            self.refuse(place, f"Expected x-roles at a field for people only, but found them at {widget}.")
        return tuple(roles)

    def _own_unit(self, schema: Mapping[str, Any], widget: Widget, place: str) -> bool:
        if "x-own-unit" in schema and widget is not Widget.USER:
            self.refuse(place, f"Expected x-own-unit at a field for people only, but found it at {widget}.")
        return schema.get("x-own-unit") is True

    def _choices(self, schema: Mapping[str, Any], widget: Widget, place: str) -> tuple[Choice, ...]:
        """The titles of an enumeration; its values must be the same in the same order.

        A field that is only shown may give titles without values: what has no title is shown as it stands.
        """
        if widget is not Widget.ENUM:
            return ()
        owner: Mapping[str, Any] = schema.get("items", {}) if schema.get("type") == "array" else schema
        values: list[Any] = owner.get("enum", [])
        titles: list[list[Any]] = schema.get("x-enum-titles", [])
        if not values and schema.get("x-readonly"):
            values = [each[0] for each in titles]
        if not values or [each[0] for each in titles] != values or any(len(each) != 3 for each in titles):
            self.refuse(place, "Expected x-enum-titles to give value, Chinese and English title of every enum value.")
            return ()
        return tuple(Choice(value=value, zh=zh, en=en) for value, zh, en in titles)

    def _check(self, check: Mapping[str, Any], place: str, fields: tuple[Field, ...]) -> Check:
        unknown = sorted(check.keys() - _CHECK_KEYS)
        if unknown or ("when" in check) == ("unless" in check):
            self.refuse(place, f"Expected one of when and unless, and known keys only; unknown: {', '.join(unknown)}.")
        for key in ("code", "message_zh", "message_en"):
            if not check.get(key):
                self.refuse(place, f"Expected {key}, but found none.")
        names = {field.name: field for field in fields}
        each, path, reason = check.get("each", ""), check.get("path", ""), check.get("reason", "")
        table = names.get(each)
        if each and (table is None or not table.columns):
            self.refuse(place, f"Expected each = {each!r} to be a field with rows.")
        columns = {column.name for column in table.columns} if table is not None else names.keys()
        if path and path not in columns:
            self.refuse(place, f"Expected path {path!r} to be a field.")
        if reason and reason not in names:
            self.refuse(place, f"Expected reason {reason!r} to be a field.")
        severity = check.get("severity", "error")
        if severity not in list(Severity):
            self.refuse(place, f"Expected severity error or warning, but found {severity!r}.")
            severity = "error"
        return Check(
            code=check.get("code", ""),
            when=self._feel(check, "when", place),
            unless=self._feel(check, "unless", place),
            text=self._text(check, place),
            severity=Severity(severity),
            path=path,
            each=each,
            reason=reason,
        )

    def _text(self, check: Mapping[str, Any], place: str) -> Text:
        zh, en = check.get("message_zh", ""), check.get("message_en", "")
        holes: dict[str, Expression] = {}
        for source in _HOLE.findall(zh) + _HOLE.findall(en):
            expression = self._feel({"message": source}, "message", place)
            if expression is not None:
                holes[source] = expression
        return Text(zh=zh, en=en, holes=holes)

    def _feel(self, holder: Mapping[str, Any], key: str, place: str) -> Expression | None:
        source = holder.get(key)
        if source is None:
            return None
        try:
            return compile_expression(source, functions=self._functions)
        except (FeelSyntaxError, FeelBudgetExceeded) as error:
            self.refuse(f"{place}/{key}", f"Expected FEEL, but: {error}")
            return None

    def _refuse_twice(self, names: list[str], place: str) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.refuse(place, f"Expected {name!r} once, but found it {names.count(name)} times.")
