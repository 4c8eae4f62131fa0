"""What there is to do on a form, found once: a submission is then asked only about the fields it concerns.

Most forms have a handful of prefilled or calculated fields among thirty, and none that names people.
"""

from __future__ import annotations

from dataclasses import dataclass

from forms.form import Field, Form, Widget
from forms.soundness import IsSound, soundness_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A form with its fields by what is done with them, each in the order of the form."""

    form: Form
    ref: str
    #: The quick test of a whole document.
    is_sound: IsSound
    #: What cannot be changed, or whose rows are fixed: the process says what they hold.
    given: tuple[Field, ...]
    #: Hidden at times, calculated or never empty, or with columns that are.
    worked_out: tuple[Field, ...]
    #: Tables of attached files.
    files: tuple[Field, ...]
    #: Name people, by hand.
    people: tuple[Field, ...]
    #: (process variable, field it is given by).
    variables: tuple[tuple[str, str], ...]


def plan_of(form: Form) -> Plan:
    """The plan of one version of a form."""
    fields = form.fields
    return Plan(
        form=form,
        ref=form.ref,
        is_sound=soundness_of(form.schema),
        given=tuple(each for each in fields if each.prefill is not None and (each.row_key or each.readonly)),
        worked_out=tuple(each for each in fields if any(map(_is_worked_out, (each, *each.columns)))),
        files=tuple(each for each in fields if each.widget is Widget.FILES),
        people=tuple(each for each in fields if each.widget is Widget.USER and not each.is_given),
        variables=tuple((name, each.name) for name, each in form.variables()),
    )


def _is_worked_out(field: Field) -> bool:
    return field.visible_when is not None or field.calculated is not None or field.default is not None
