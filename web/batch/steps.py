"""Which user tasks go together: those of one step, on a form that says so, for who holds one of its roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from api.house import actor, house
from api.naming import step_name
from engine.queries import InboxItem
from forms.form import Form

#: Items of one act. Their ids stand in an address, and 8 kB of that pass every proxy; each is a transaction of its own,
#: and a hundred of them are answered before anybody takes the page for dead.
MOST = 100


class Offered(Protocol):
    """A user task, of a list or by itself."""

    @property
    def element_id(self) -> str: ...
    @property
    def form_key(self) -> str | None: ...
    @property
    def candidate_groups(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Step:
    """A step of which a list shows several."""

    key: str
    #: What the reader calls it.
    name: str
    count: int


def batch_form(offered: Offered) -> Form | None:
    """The form on which the visitor may answer it together with others; None where it is answered by itself."""
    if offered.form_key is None or offered.form_key not in house().forms:
        return None
    form: Form = house().forms.form(offered.form_key)
    groups = actor().groups.union(*(each.groups for each in actor().stands_in))
    own = groups.intersection(offered.candidate_groups)
    return form if form.batch is not None and form.batch.is_for(own) else None


def step_key(definition_key: str, offered: Offered) -> str:
    """Equal for what goes together, whatever version of the process it runs by."""
    return f"{definition_key}/{offered.element_id}/{offered.form_key}"


def steps_shown(items: Iterable[InboxItem]) -> tuple[Mapping[str, str], list[Step]]:
    """Of a list: the step of each item that may be answered with others there, by the item's id, and these steps."""
    found: dict[str, list[InboxItem]] = {}
    for item in items:
        if batch_form(item) is not None:
            found.setdefault(step_key(item.process_definition_key, item), []).append(item)
    several = {key: listed for key, listed in found.items() if len(listed) > 1}
    steps = [Step(key, step_name(listed[0]), len(listed)) for key, listed in several.items()]
    return {item.id: key for key, listed in several.items() for item in listed}, steps
