"""One answer for several pieces of work: what a form says of it in its head, and what such a form may not ask.

    "batch": {"roles": ["unit_head"], "answer": {"decision": "sign"}}

A signature is the same word for every case of a round. What differs from case to case is none: what a form brings along
for somebody to change, rows, files and people of a unit. Whoever wants to answer otherwise opens the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from forms.form import Batch, Field, Widget

#: Fields that hold what belongs to one case: an attached file is kept with its user task, people with their unit.
_OF_ONE_CASE = frozenset({Widget.ROWS, Widget.FILES, Widget.USER, Widget.UNIT})

#: Takes what is wrong.
Refuse = Callable[[str], None]


def read_batch(head: Mapping[str, Any], fields: tuple[Field, ...], refuse: Refuse) -> Batch | None:
    """What the head of a form says; None where each case is answered by itself."""
    said: Any = head.get("batch")
    if said is None:
        return None
    parts = cast("dict[str, Any]", said) if isinstance(said, dict) else {}
    if parts.keys() != {"roles", "answer"}:
        refuse("Expected batch to give roles and answer.")
        return None
    roles, answer = parts["roles"], parts["answer"]
    if not _is_list_of_names(roles) or not isinstance(answer, dict) or not answer:
        refuse("Expected batch to name roles, and to answer at least one field.")
        return None
    given = cast("dict[str, Any]", answer)
    names = {field.name: field for field in fields}
    for name, value in given.items():
        if name not in names or not _is_answer(names[name], value):
            refuse(f"Expected batch to answer {name!r} with one of its choices, but found {value!r}.")
    for field in fields:
        if not field.is_given and _differs(field):
            refuse(f"Expected a batch to ask nothing that differs from case to case, but found {field.name!r}.")
    return Batch(roles=frozenset(cast("list[str]", roles)), answer=given)


def read_gist(head: Mapping[str, Any], fields: tuple[Field, ...], refuse: Refuse) -> tuple[str, ...]:
    """Single fields by which a filed document is told in a line."""
    said: Any = head.get("gist", [])
    single = {field.name for field in fields if not field.columns}
    if not isinstance(said, list) or not single.issuperset(cast("list[Any]", said)):
        refuse(f"Expected gist to list single fields of the form, but found {said!r}.")
        return ()
    return tuple(cast("list[str]", said))


def _is_list_of_names(said: Any) -> bool:
    return isinstance(said, list) and said != [] and all(isinstance(each, str) for each in cast("list[Any]", said))


def _is_answer(field: Field, value: Any) -> bool:
    """Whether it is one choice of a field that somebody fills in."""
    if field.is_given or field.is_list:
        return False
    if field.widget is Widget.BOOLEAN:
        return isinstance(value, bool)
    return field.widget is Widget.ENUM and value in [choice.value for choice in field.choices]


def _differs(field: Field) -> bool:
    return field.widget in _OF_ONE_CASE or field.prefill is not None
