"""Choosing people on a form: who is chosen, and who is offered for a search."""

from __future__ import annotations

from dataclasses import dataclass

from api.identity.directory import Person
from api.identity.naming import people_to_choose
from web.parts import directory

#: People shown at once; more are found by typing.
SHOWN = 12


@dataclass(frozen=True)
class Offer:
    """Somebody who can be chosen, as a person recognises them."""

    user_id: str
    title: str
    unit: str


@dataclass(frozen=True)
class Offers:
    """People for one search."""

    people: tuple[Offer, ...]
    #: How many more there are.
    more: int


def chosen_people(user_ids: tuple[str, ...]) -> tuple[Offer, ...]:
    """Those who stand in the field, whoever they are."""
    known = directory().people
    return tuple(as_offer(known[each]) if each in known else Offer(each, each, "") for each in user_ids)


def offered_people(
    roles: tuple[str, ...], chosen: tuple[str, ...], text: str, near: str | None, own_unit: bool
) -> Offers:
    """Those who may be chosen beside the chosen ones, nearest to the object's unit first; of `own_unit` only those of
    that unit and its department."""
    within = near if own_unit else None
    known = people_to_choose(directory(), roles, text, near, within)
    found = [each for each in known if each.user_id not in chosen]
    return Offers(tuple(as_offer(each) for each in found[:SHOWN]), max(0, len(found) - SHOWN))


def as_offer(person: Person) -> Offer:
    """Somebody as he is offered."""
    unit = directory().tree.units.get(person.unit_code)
    return Offer(person.user_id, person.title, unit.name if unit else person.unit_code)
