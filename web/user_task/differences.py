"""Two versions of one form, field by field: where they differ, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from forms.form import Field, Form, Widget
from web.user_task.form_view import FieldView, Filling, view_form

#: Longer texts are shown side by side without marks: comparing them sign by sign takes too long.
LONGEST_MARKED = 4_000

Side = Literal["kept", "apart"]


@dataclass(frozen=True)
class Piece:
    """Part of a text, and whether the other version lacks it."""

    text: str
    is_other: bool


@dataclass(frozen=True)
class Version:
    """One side of a difference."""

    view: FieldView
    #: Of free text; empty for what is shown as a field shows it.
    pieces: tuple[Piece, ...]
    is_empty: bool


@dataclass(frozen=True)
class Difference:
    """A field or cell that holds one thing here and another there."""

    #: "reason", "issues/0/cause"
    path: str
    title: str
    is_table: bool
    kept: Version
    apart: Version
    #: The side that is offered first: the one with something in it, else what is kept.
    offered: Side


def differences(form: Form, kept: Mapping[str, Any], apart: Mapping[str, Any], language: str) -> list[Difference]:
    """What a person fills in and that differs; what the form works out by itself follows from it.

    Tables with as many rows on both sides are compared cell by cell, others and attached files as a whole.
    """
    here, there = _views(form, kept, "kept", language), _views(form, apart, "apart", language)
    found: list[Difference] = []
    for path, field, one, other in _pairs(form, kept, apart):
        if field.is_given or field.later is not None or _typed(field, one) == _typed(field, other):
            continue
        pieces = _pieces(field, one, other)
        found.append(
            Difference(
                path=path,
                title=_title(form, path, kept, language),
                is_table=bool(field.columns),
                kept=Version(here[path], pieces[0], _typed(field, one) is None),
                apart=Version(there[path], pieces[1], _typed(field, other) is None),
                offered="apart" if _typed(field, one) is None else "kept",
            )
        )
    return found


def decided(
    form: Form, kept: Mapping[str, Any], apart: Mapping[str, Any], chosen: Callable[[str], Side]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What results from a choice for each path that differs, and the rest: together they hold everything."""
    result, rest = deepcopy(dict(kept)), deepcopy(dict(kept))
    for path, _, one, other in _pairs(form, kept, apart):
        taken, left = (other, one) if chosen(path) == "apart" else (one, other)
        _put(result, path, taken)
        _put(rest, path, left)
    return result, rest


def _pairs(form: Form, kept: Mapping[str, Any], apart: Mapping[str, Any]) -> Iterator[tuple[str, Field, Any, Any]]:
    """Path, field and both values, of fields and of the cells of tables that have as many rows here and there."""
    for field in form.fields:
        one, other = kept.get(field.name), apart.get(field.name)
        is_whole = field.widget is not Widget.ROWS or len(_rows(one)) != len(_rows(other))
        if is_whole or not _rows(one):
            yield field.name, field, one, other
            continue
        for number, (row, other_row) in enumerate(zip(_rows(one), _rows(other), strict=True)):
            for column in field.columns:
                path = f"{field.name}/{number}/{column.name}"
                yield path, column, row.get(column.name), other_row.get(column.name)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _put(content: dict[str, Any], path: str, value: Any) -> None:
    name, *cell = path.split("/")
    holder: dict[str, Any] = content
    if cell:
        holder, name = content[name][int(cell[0])], cell[1]
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value


def _title(form: Form, path: str, kept: Mapping[str, Any], language: str) -> str:
    """"整改事项 2 · 原因分析": a row by what identifies it, else by its number."""
    name, *cell = path.split("/")
    field = form.field(name)
    if not cell:
        return field.title(language)
    row = _rows(kept[name])[int(cell[0])]
    which = row.get(field.row_key) if field.row_key is not None else None
    column = next(each for each in field.columns if each.name == cell[1])
    return f"{field.title(language)} {which or int(cell[0]) + 1} · {column.title(language)}"


def typed_alone(form: Form, content: Mapping[str, Any], language: str) -> Filling:
    """A form for reading with nothing shown but what is filled in."""
    shown = {field.name: content.get(field.name) is not None for field in form.fields}
    return Filling(
        values=content, faults={}, visible=shown, required={}, language=language, ids="left", is_locked=True
    )


def _views(form: Form, content: Mapping[str, Any], ids: str, language: str) -> dict[str, FieldView]:
    filling = Filling(
        values=content, faults={}, visible={}, required={}, language=language, ids=ids, is_locked=True
    )
    fields = [view for section in view_form(form, filling).sections for view in section.fields]
    return {view.path: view for field in fields for view in (field, *(cell for row in field.rows for cell in row))}


def _typed(field: Field, value: Any) -> Any:
    """The value without what the form works out by itself; None for nothing."""
    if field.columns and isinstance(value, list):
        given = {column.name for column in field.columns if column.is_given}
        rows = [{name: cell for name, cell in row.items() if name not in given} for row in _rows(value)]
        return rows or None
    return None if value in ("", []) else value


def _pieces(field: Field, kept: Any, apart: Any) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    is_text = field.widget in (Widget.TEXT, Widget.TEXTAREA) and isinstance(kept, str) and isinstance(apart, str)
    if not is_text or max(len(kept), len(apart)) > LONGEST_MARKED:
        return (), ()
    blocks = SequenceMatcher(None, kept, apart, autojunk=False).get_matching_blocks()
    return (
        tuple(_cut(kept, [(block.a, block.size) for block in blocks])),
        tuple(_cut(apart, [(block.b, block.size) for block in blocks])),
    )


def _cut(text: str, same: list[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, size in same:
        if start > at:
            yield Piece(text[at:start], is_other=True)
        if size:
            yield Piece(text[start : start + size], is_other=False)
        at = start + size
