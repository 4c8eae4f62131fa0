"""Two versions of one form, field by field: where they differ, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    """A field that holds one thing here and another there."""

    name: str
    title: str
    is_table: bool
    kept: Version
    apart: Version
    #: The side that is offered first: the one with something in it, else what is kept.
    offered: Side


def differences(
    form: Form, kept: Mapping[str, Any], apart: Mapping[str, Any], language: str
) -> list[Difference]:
    """Fields that a person fills in and that differ; what the form works out by itself follows from them."""
    here, there = _views(form, kept, "kept", language), _views(form, apart, "apart", language)
    found: list[Difference] = []
    for field in form.fields:
        one, other = _typed(field, kept.get(field.name)), _typed(field, apart.get(field.name))
        if field.is_given or field.later is not None or one == other:
            continue
        pieces = _pieces(field, one, other)
        found.append(
            Difference(
                name=field.name,
                title=field.title(language),
                is_table=bool(field.columns),
                kept=Version(here[field.name], pieces[0], one is None),
                apart=Version(there[field.name], pieces[1], other is None),
                offered="apart" if one is None else "kept",
            )
        )
    return found


def decided(
    form: Form, kept: Mapping[str, Any], apart: Mapping[str, Any], chosen: Mapping[str, Side]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What results from a choice for each field that differs, and the rest: together they hold everything."""
    result, rest = dict(kept), dict(kept)
    for field in form.fields:
        one, other = kept.get(field.name), apart.get(field.name)
        taken, left = (other, one) if chosen.get(field.name) == "apart" else (one, other)
        for content, value in ((result, taken), (rest, left)):
            content.pop(field.name, None)
            if value is not None:
                content[field.name] = value
    return result, rest


def _views(form: Form, content: Mapping[str, Any], ids: str, language: str) -> dict[str, FieldView]:
    filling = Filling(
        values=content, faults={}, visible={}, required={}, language=language, ids=ids, is_locked=True
    )
    return {view.path: view for section in view_form(form, filling).sections for view in section.fields}


def _typed(field: Field, value: Any) -> Any:
    """The value without what the form works out by itself; None for nothing."""
    if field.columns and isinstance(value, list):
        given = {column.name for column in field.columns if column.is_given}
        rows = [
            {name: cell for name, cell in row.items() if name not in given} if isinstance(row, Mapping) else row
            for row in value
        ]
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
