"""What the JSON Schema of a form refuses, said in the form's own words; what is missing, by the form's conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType]

from engine.model.errors import Fault
from forms.form import Field, Form
from forms.texts import Place, fault

#: JSON Schema keyword -> code of the fault.
_CODES: Mapping[str, str] = {
    "enum": "not-a-choice",
    "minimum": "too-small",
    "maximum": "too-large",
    "exclusiveMinimum": "not-above",
    "minLength": "too-short",
    "maxLength": "too-long",
    "minItems": "too-few",
    "maxItems": "too-many",
    "uniqueItems": "repeated",
}


def _is_text(checker: Any, instance: Any) -> bool:
    return isinstance(instance, str | date)


def _is_number(checker: Any, instance: Any) -> bool:
    return isinstance(instance, Decimal)


def _is_whole(checker: Any, instance: Any) -> bool:
    return isinstance(instance, Decimal) and instance == instance.to_integral_value()


_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {"string": _is_text, "number": _is_number, "integer": _is_whole}
)
_OVER_FEEL = cast("type[Validator]", extend(Draft202012Validator, type_checker=_TYPES))


def validator_of(form: Form) -> Validator:
    """The validator of a form over FEEL values: numbers are Decimal, days are dates.

    Raises:
        jsonschema.SchemaError: the form is no JSON Schema.
    """
    Draft202012Validator.check_schema(_plain(form.schema))
    return over_feel(form.schema)


def over_feel(schema: Mapping[str, Any]) -> Validator:
    """A validator for documents whose numbers are Decimal and whose days are dates."""
    return _OVER_FEEL(cast("Any", schema))


def _plain(value: Any) -> Any:
    """The schema with JSON's own numbers, as the meta-schema wants them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [_plain(each) for each in cast("list[Any]", value)]
    return value


def structural_faults(form: Form, validator: Validator, document: Mapping[str, Any]) -> Iterator[Fault]:
    """What the schema refuses, except what is missing: that depends on what is shown (`missing`)."""
    for error in validator.iter_errors(document):
        if error.validator == "required":
            continue
        place = _place(form, list(error.absolute_path))
        if place is not None:
            yield _fault(error, place)


def _fault(error: ValidationError, place: Place) -> Fault:
    keyword = str(error.validator)
    code = _CODES.get(keyword, "not-sound")
    found, limit = cast("Any", error.instance), cast("Any", error.validator_value)
    if code == "not-sound":
        return fault(code, place)
    if keyword == "enum":
        choices = place.field.choices
        return fault(
            code,
            place,
            found=str(found),
            choices="、".join(choice.zh for choice in choices),
            choices_en=", ".join(choice.en for choice in choices),
        )
    if keyword == "uniqueItems":
        return fault(code, place)
    if keyword in ("minLength", "maxLength", "minItems", "maxItems"):
        return fault(code, place, limit=int(limit), found=len(found))
    return fault(code, place, limit=f"{limit:f}", found=f"{found:f}")


def _place(form: Form, path: list[str | int]) -> Place | None:
    """The place of an error: a field, a list entry of it, a row or a column. None for the form as a whole."""
    if not path:
        return None
    field = form.field(str(path[0]))
    if len(path) >= 3 and field.columns:
        column = next(each for each in field.columns if each.name == path[2])
        number = int(path[1])
        return Place(column, f"{field.name}/{number}/{column.name}", field, number + 1)
    return Place(field, "/".join(str(step) for step in path))


def is_blank(value: Any) -> bool:
    """Whether a field counts as not filled in."""
    return value is None or value == "" or value == []


def missing(place: Place, value: Any, *, required: bool) -> Fault | None:
    """The fault of a required field that is blank."""
    return fault("required", place) if required and is_blank(value) else None


def column_place(table: Field, column: Field, number: int) -> Place:
    """The place of a column in the row with this index, counted from 0."""
    return Place(column, f"{table.name}/{number}/{column.name}", table, number + 1)
